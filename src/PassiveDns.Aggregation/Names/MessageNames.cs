using System.Runtime.InteropServices;

namespace PassiveDns.Aggregation;

/// <summary>The distinct names of one message, each held once in canonical form under a small number. Reused from message to message.</summary>
internal sealed class MessageNames(KeyedHash hash)
{
    private const int MemoSize = 256;

    private readonly (int Message, int Offset, int Id)[] _memo = new (int, int, int)[MemoSize];
    private byte[] _octets = new byte[8192];
    private Entry[] _entries = new Entry[64];
    private ulong[] _hashes = new ulong[64];
    private ulong[] _suffixHashes = new ulong[1024];
    private byte[] _suffixOffsets = new byte[1024];
    private int _octetsUsed;
    private int _suffixesUsed;
    private int _message;

    public int Count { get; private set; }

    public void Clear()
    {
        Count = 0;
        _octetsUsed = 0;
        _suffixesUsed = 0;
        if (++_message == int.MaxValue)
        {
            _message = 1;
            Array.Clear(_memo);
        }
    }

    public NameView this[int id]
    {
        get
        {
            ref readonly Entry entry = ref _entries[id];
            return new(
                _octets.AsSpan(entry.Offset, entry.Length),
                _suffixHashes.AsSpan(entry.Suffixes, entry.Labels + 1),
                _suffixOffsets.AsSpan(entry.Suffixes, entry.Labels + 1));
        }
    }

    public ReadOnlySpan<byte> Wire(int id) => _octets.AsSpan(_entries[id].Offset, _entries[id].Length);

    public int Labels(int id) => _entries[id].Labels;

    public ref NameMarks Marks(int id) => ref _entries[id].Marks;

    /// <summary>
    /// The number of a name in the message. Most names are nothing but a pointer, and a pointer to the same place means the same name: that is remembered.
    /// </summary>
    public int Intern(WireName name, ReadOnlySpan<byte> message)
    {
        int place = name.Offset;
        if (message[place] >= 0xC0) place = (message[place] & 0x3F) << 8 | message[place + 1];
        ref (int Message, int Offset, int Id) memo = ref _memo[place & (MemoSize - 1)];
        if (memo.Message == _message && memo.Offset == place) return memo.Id;
        Reserve();
        int length = name.CopyCanonicalTo(_octets.AsSpan(_octetsUsed));
        int id = InternTail(length);
        memo = (_message, place, id);
        return id;
    }

    /// <summary>The number of a canonical name, which is added if it is new.</summary>
    public int Intern(ReadOnlySpan<byte> canonical)
    {
        Reserve();
        canonical.CopyTo(_octets.AsSpan(_octetsUsed));
        return InternTail(canonical.Length);
    }

    /// <summary>The number of a canonical name, or -1.</summary>
    public int Find(ReadOnlySpan<byte> canonical)
    {
        Reserve();
        canonical.CopyTo(_octets.AsSpan(_octetsUsed));
        NameView view = NameView.Index(
            _octets.AsSpan(_octetsUsed, canonical.Length), hash, _suffixHashes.AsSpan(_suffixesUsed), _suffixOffsets.AsSpan(_suffixesUsed));
        return Find(view);
    }

    private int InternTail(int length)
    {
        NameView view = NameView.Index(
            _octets.AsSpan(_octetsUsed, length), hash, _suffixHashes.AsSpan(_suffixesUsed), _suffixOffsets.AsSpan(_suffixesUsed));
        int id = Find(view);
        if (id >= 0) return id;
        id = Count++;
        _hashes[id] = view.Hash;
        _entries[id] = new() { Offset = _octetsUsed, Length = (byte)length, Labels = (byte)view.Labels, Suffixes = _suffixesUsed };
        _octetsUsed += length;
        _suffixesUsed += view.Labels + 1;
        return id;
    }

    private int Find(NameView view)
    {
        int from = 0;
        while (true)
        {
            int found = _hashes.AsSpan(from, Count - from).IndexOf(view.Hash);
            if (found < 0) return -1;
            if (Wire(from + found).SequenceEqual(view.Wire)) return from + found;
            from += found + 1;
        }
    }

    private void Reserve()
    {
        if (_octets.Length - _octetsUsed < DomainName.MaxWireLength) Array.Resize(ref _octets, 2 * _octets.Length);
        if (_suffixHashes.Length - _suffixesUsed < DomainName.MaxLabels + 1)
        {
            Array.Resize(ref _suffixHashes, 2 * _suffixHashes.Length);
            Array.Resize(ref _suffixOffsets, 2 * _suffixOffsets.Length);
        }

        if (Count == _entries.Length)
        {
            Array.Resize(ref _entries, 2 * Count);
            Array.Resize(ref _hashes, 2 * Count);
        }
    }

    [StructLayout(LayoutKind.Auto)]
    private struct Entry
    {
        public int Offset;
        public int Suffixes;
        public byte Length;
        public byte Labels;
        public NameMarks Marks;
    }
}
