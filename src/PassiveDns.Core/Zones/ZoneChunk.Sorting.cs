using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace PassiveDns;

internal sealed partial class ZoneChunk
{
    private readonly byte[] _lastKey = new byte[NameKey.MaxLength];
    private readonly byte[] _lastText = new byte[DomainName.MaxWireLength];
    private int _lastKeyLength;
    private int _lastTextLength;
    private bool _isCanonical = true;
    private bool _isTextual = true;
    private SortKey[] _order = [];
    private byte[] _keys = [];
    private (int Offset, int Length)[] _records = new (int, int)[16];
    private byte[] _packed = new byte[4096];
    private int _taken;

    /// <summary>Whether the owners came in canonical order, or in the order of their text, so that none can come again later.</summary>
    public bool IsOrdered => _isCanonical || _isTextual;

    /// <summary>Judges the order of owners across the border between two chunks.</summary>
    public void ContinueOrder(ZoneChunk before)
    {
        _isCanonical = before._isCanonical;
        _isTextual = before._isTextual;
        before._lastKey.CopyTo(_lastKey, 0);
        before._lastText.CopyTo(_lastText, 0);
        (_lastKeyLength, _lastTextLength) = (before._lastKeyLength, before._lastTextLength);
    }

    /// <summary>Sorts the groups by owner (RFC 4034 section 6.1), then type.</summary>
    public void Sort()
    {
        _taken = 0;
        if (_order.Length < _count) _order = new SortKey[_groups.Length];
        int used = 0;
        int start = 0;
        bool isSorted = true;
        for (int i = 0; i < _count; i++)
        {
            if (i == 0 || _groups[i].Run != _groups[i - 1].Run)
            {
                if (_keys.Length - used < NameKey.MaxLength + sizeof(ulong)) Array.Resize(ref _keys, Math.Max(2 * _keys.Length, 64 * 1024));
                start = used;
                used += NameKey.Write(OwnerOf(_groups[i]), _keys.AsSpan(used));
                _keys.AsSpan(used, sizeof(ulong)).Clear();
            }

            _order[i] = new(BinaryPrimitives.ReadUInt64BigEndian(_keys.AsSpan(start)), start, used - start, i);
            if (isSorted && i > 0) isSorted = Compare(_order[i - 1], _order[i]) < 0;
        }

        if (!isSorted) _order.AsSpan(0, _count).Sort(Compare);
    }

    /// <summary>Takes the next RRset in order; valid until the next call.</summary>
    public bool TryTake(out Rrset set)
    {
        set = default;
        if (_taken == _count) return false;
        ref readonly Group first = ref _groups[_order[_taken].Group];
        uint min = uint.MaxValue;
        uint max = 0;
        long records = 0;
        int kept = 0;
        int octets = 0;
        SortKey key = _order[_taken];
        for (; _taken < _count && IsSameSet(key, _order[_taken]); _taken++)
        {
            ref readonly Group group = ref _groups[_order[_taken].Group];
            min = Math.Min(min, group.MinTtl);
            max = Math.Max(max, group.MaxTtl);
            records += group.Records;
            if (records > maxRrsetRecords) continue;
            for (int item = group.LastItem; item >= 0; item = _items[item].Previous)
            {
                if (kept == _records.Length) Array.Resize(ref _records, 2 * kept);
                _records[kept++] = (_items[item].Offset, _items[item].Length);
                octets += _items[item].Length + 2;
            }
        }

        set = new() { Owner = OwnerOf(first), Type = first.Type, MinTimeToLive = min, MaxTimeToLive = max, Records = records, IsTooLarge = records > maxRrsetRecords };
        if (set.IsTooLarge) return true;
        if (_packed.Length < octets) _packed = new byte[Math.Max(2 * _packed.Length, octets)];
        set.Packed = _packed.AsSpan(0, RdataSet.Pack(_octets, _records.AsSpan(0, kept), _packed));
        return true;
    }

    /// <summary>An owner is noted when its first record comes. Order is judged in octets of the text too, in which dumps are often sorted.</summary>
    private void NoteOrder(ReadOnlySpan<byte> owner)
    {
        if (_isCanonical)
        {
            Span<byte> key = stackalloc byte[NameKey.MaxLength];
            key = key[..NameKey.Write(owner, key)];
            _isCanonical = _lastKeyLength == 0 || _lastKey.AsSpan(0, _lastKeyLength).SequenceCompareTo(key) < 0;
            key.CopyTo(_lastKey);
            _lastKeyLength = key.Length;
        }

        if (!_isTextual) return;
        Span<byte> text = stackalloc byte[DomainName.MaxWireLength];
        text = text[..owner.Length];
        owner.CopyTo(text);
        for (int at = 0; at < text.Length; at += owner[at] + 1) text[at] = (byte)'.';
        _isTextual = _lastTextLength == 0 || _lastText.AsSpan(0, _lastTextLength).SequenceCompareTo(text) < 0;
        text.CopyTo(_lastText);
        _lastTextLength = text.Length;
    }

    private bool IsSameSet(in SortKey x, in SortKey y) =>
        _groups[x.Group].Type == _groups[y.Group].Type && (x.Offset == y.Offset || KeyOf(x).SequenceEqual(KeyOf(y)));

    private ReadOnlySpan<byte> KeyOf(in SortKey key) => _keys.AsSpan(key.Offset, key.Length);

    private int Compare(SortKey x, SortKey y)
    {
        int order = x.Prefix.CompareTo(y.Prefix);
        if (order == 0 && x.Offset != y.Offset) order = KeyOf(x).SequenceCompareTo(KeyOf(y));
        if (order == 0) order = ((ushort)_groups[x.Group].Type).CompareTo((ushort)_groups[y.Group].Type);
        return order != 0 ? order : x.Group.CompareTo(y.Group);
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct SortKey(ulong Prefix, int Offset, int Length, int Group);

    /// <summary>An RRset in canonical form; it borrows the chunk.</summary>
    public ref struct Rrset
    {
        public ReadOnlySpan<byte> Owner;
        public RecordType Type;
        public uint MinTimeToLive;
        public uint MaxTimeToLive;
        public long Records;
        public bool IsTooLarge;
        public ReadOnlySpan<byte> Packed;
    }
}
