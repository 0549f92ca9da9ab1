using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PassiveDns;

/// <summary>Records that are held in memory until they are sorted into RRsets. Neighbours of one owner and type are brought together at once.</summary>
internal sealed partial class ZoneChunk(int maxRrsetRecords)
{
    private byte[] _octets = new byte[64 * 1024];
    private int _used;
    private Group[] _groups = new Group[256];
    private int _count;
    private Item[] _items = new Item[256];
    private int _itemCount;
    private int _runs;

    private long _keyOctets;

    /// <summary>How much memory the records take at most, with what sorting them needs.</summary>
    public long Octets => _used + _keyOctets + (long)_count * (Unsafe.SizeOf<Group>() + Unsafe.SizeOf<SortKey>()) + (long)_itemCount * Unsafe.SizeOf<Item>();

    /// <summary>Adds a record; its octets are copied.</summary>
    public void Add(ReadOnlySpan<byte> owner, RecordType type, uint minTtl, uint maxTtl, ReadOnlySpan<byte> rdata)
    {
        bool sameOwner = _count > 0 && OwnerOf(_groups[_count - 1]).SequenceEqual(owner);
        if (!sameOwner || _groups[_count - 1].Type != type) AddGroup(owner, type, sameOwner);
        ref Group group = ref _groups[_count - 1];
        group.MinTtl = Math.Min(group.MinTtl, minTtl);
        group.MaxTtl = Math.Max(group.MaxTtl, maxTtl);
        group.Records++;
        if (group.Records > maxRrsetRecords) return; // it will be rejected whole, so only the number matters from here
        if (_itemCount == _items.Length) Array.Resize(ref _items, 2 * _itemCount);
        _items[_itemCount] = new(Store(rdata), rdata.Length, group.LastItem);
        group.LastItem = _itemCount++;
    }

    /// <summary>Moves the groups of the last owner to another, empty chunk.</summary>
    /// <returns><c>false</c> if there is only one owner: nothing was moved.</returns>
    public bool TryMoveLastOwner(ZoneChunk other)
    {
        int from = _count - 1;
        while (from > 0 && _groups[from - 1].Run == _groups[_count - 1].Run) from--;
        if (from <= 0) return false;
        Move(from, other);
        return true;
    }

    /// <summary>Moves the groups from an index on.</summary>
    public void Move(int from, ZoneChunk other)
    {
        for (int i = from; i < _count; i++)
        {
            Group group = _groups[i];
            int moved = 0;
            for (int item = group.LastItem; item >= 0; item = _items[item].Previous, moved++)
            {
                other.Add(OwnerOf(group), group.Type, group.MinTtl, group.MaxTtl, _octets.AsSpan(_items[item].Offset, _items[item].Length));
            }

            other._groups[other._count - 1].Records += group.Records - moved;
        }

        _count = from;
    }

    public void Clear() => (_used, _keyOctets, _count, _itemCount, _runs, _taken) = (0, 0, 0, 0, 0, 0);

    private void AddGroup(ReadOnlySpan<byte> owner, RecordType type, bool sameOwner)
    {
        if (_count == _groups.Length) Array.Resize(ref _groups, 2 * _count);
        if (!sameOwner)
        {
            _runs++;
            _keyOctets += 2 * owner.Length + sizeof(ulong); // the longest key; escapes double an octet
            NoteOrder(owner);
        }

        int at = sameOwner ? _groups[_count - 1].Owner : Store(owner);
        _groups[_count++] = new()
        {
            Owner = at, OwnerLength = (byte)owner.Length, Type = type, Run = _runs, MinTtl = uint.MaxValue, LastItem = -1,
        };
    }

    private ReadOnlySpan<byte> OwnerOf(in Group group) => _octets.AsSpan(group.Owner, group.OwnerLength);

    private int Store(ReadOnlySpan<byte> octets)
    {
        if (_octets.Length - _used < octets.Length) Array.Resize(ref _octets, Math.Max(2 * _octets.Length, _used + octets.Length));
        octets.CopyTo(_octets.AsSpan(_used));
        _used += octets.Length;
        return _used - octets.Length;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Group
    {
        public int Owner;
        public int LastItem;
        public int Records;
        public int Run; // groups of one owner that follow each other have the same
        public uint MinTtl;
        public uint MaxTtl;
        public RecordType Type;
        public byte OwnerLength;
    }

    private readonly record struct Item(int Offset, int Length, int Previous);
}
