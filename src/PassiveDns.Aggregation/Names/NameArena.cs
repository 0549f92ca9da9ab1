namespace PassiveDns.Aggregation;

/// <summary>Canonical names, each held once under a rising number, in one array of octets and one table: no object per name.</summary>
internal sealed class NameArena
{
    private byte[] _octets;
    private int[] _ends;
    private ulong[] _hashes;
    private ulong[] _table; // the upper half of the hash, then the number plus one; 0 is empty
    private int _used;

    public NameArena(int capacity)
    {
        capacity = Math.Max(capacity, 16);
        _octets = new byte[capacity * 24];
        _ends = new int[capacity];
        _hashes = new ulong[capacity];
        _table = new ulong[System.Numerics.BitOperations.RoundUpToPowerOf2((uint)capacity * 2)];
    }

    public int Count { get; private set; }

    public ReadOnlySpan<byte> this[int id]
    {
        get
        {
            int start = id == 0 ? 0 : _ends[id - 1];
            return _octets.AsSpan(start, _ends[id] - start);
        }
    }

    public ulong Hash(int id) => _hashes[id];

    /// <summary>The number of a name, or -1.</summary>
    public int Find(ulong hash, ReadOnlySpan<byte> wire)
    {
        ulong[] table = _table;
        uint mask = (uint)table.Length - 1;
        for (uint at = (uint)hash & mask; ; at = (at + 1) & mask)
        {
            ulong slot = table[at];
            if (slot == 0) return -1;
            if ((slot ^ hash) >> 32 == 0 && this[(int)(uint)slot - 1].SequenceEqual(wire)) return (int)(uint)slot - 1;
        }
    }

    /// <summary>Adds a name that is not there yet.</summary>
    public int Add(ulong hash, ReadOnlySpan<byte> wire)
    {
        int id = Count++;
        if (id == _ends.Length) Grow();
        if (_octets.Length - _used < wire.Length) Array.Resize(ref _octets, checked(2 * _octets.Length + wire.Length));
        wire.CopyTo(_octets.AsSpan(_used));
        _used += wire.Length;
        _ends[id] = _used;
        _hashes[id] = hash;
        Place(_table, hash, id);
        return id;
    }

    private void Grow()
    {
        Array.Resize(ref _ends, 2 * _ends.Length);
        Array.Resize(ref _hashes, 2 * _hashes.Length);
        ulong[] table = new ulong[_table.Length * 2];
        for (int i = 0; i < Count - 1; i++) Place(table, _hashes[i], i);
        _table = table;
    }

    private static void Place(ulong[] table, ulong hash, int id)
    {
        uint mask = (uint)table.Length - 1;
        uint at = (uint)hash & mask;
        while (table[at] != 0) at = (at + 1) & mask;
        table[at] = hash & 0xFFFF_FFFF_0000_0000 | (uint)(id + 1);
    }
}
