namespace PassiveDns.Aggregation;

/// <summary>Canonical names, each held once under a rising number, in one array of octets and one table: no object per name.</summary>
internal sealed class NameArena
{
    private byte[] _octets;
    private Entry[] _entries;
    private ulong[] _table; // the upper half of the hash, then the number plus one; 0 is empty
    private int _used;

    public NameArena(int capacity)
    {
        capacity = Math.Max(capacity, 16);
        _octets = new byte[capacity * 24];
        _entries = new Entry[capacity];
        _table = new ulong[System.Numerics.BitOperations.RoundUpToPowerOf2((uint)capacity * 2)];
    }

    public int Count { get; private set; }

    public ReadOnlySpan<byte> this[int id]
    {
        get
        {
            ref readonly Entry entry = ref _entries[id];
            return _octets.AsSpan(entry.Offset, entry.Length);
        }
    }

    public ulong Hash(int id) => _entries[id].Hash;

    /// <summary>Sends for what <see cref="Find"/> will read first.</summary>
    public void FetchSlot(ulong hash) => Prefetch.Line(in _table[(uint)hash & (uint)(_table.Length - 1)]);

    /// <summary>Sends for the entry of a name, if the first slot tells which it is.</summary>
    /// <returns>Its number, or -1.</returns>
    public int FetchFound(ulong hash)
    {
        ulong slot = _table[(uint)hash & (uint)(_table.Length - 1)];
        if (slot == 0 || (slot ^ hash) >> 32 != 0) return -1;
        int id = (int)(uint)slot - 1;
        Prefetch.Line(in _entries[id]);
        return id;
    }

    /// <summary>Sends for the octets of a name.</summary>
    public void FetchOctets(int id)
    {
        if ((uint)id < (uint)Count) Prefetch.Line(in _octets[_entries[id].Offset]); // the number may be one of before the cache was rebuilt
    }

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
        if (id == _entries.Length) Grow();
        if (_octets.Length - _used < wire.Length) Array.Resize(ref _octets, checked(2 * _octets.Length + wire.Length));
        wire.CopyTo(_octets.AsSpan(_used));
        _entries[id] = new() { Hash = hash, Offset = _used, Length = (byte)wire.Length };
        _used += wire.Length;
        Place(_table, hash, id);
        return id;
    }

    private void Grow()
    {
        Array.Resize(ref _entries, 2 * _entries.Length);
        ulong[] table = new ulong[_table.Length * 2];
        for (int i = 0; i < Count - 1; i++) Place(table, _entries[i].Hash, i);
        _table = table;
    }

    private static void Place(ulong[] table, ulong hash, int id)
    {
        uint mask = (uint)table.Length - 1;
        uint at = (uint)hash & mask;
        while (table[at] != 0) at = (at + 1) & mask;
        table[at] = hash & 0xFFFF_FFFF_0000_0000 | (uint)(id + 1);
    }

    private struct Entry
    {
        public ulong Hash;
        public int Offset;
        public byte Length;
    }
}
