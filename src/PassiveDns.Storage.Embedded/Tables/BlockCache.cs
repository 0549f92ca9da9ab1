namespace PassiveDns.Storage.Embedded.Tables;

/// <summary>
/// Bounds the memory of unpacked blocks. Each table keeps its own blocks in an array by number, so that finding one costs a single read; here
/// is only who must go when there are too many: a hand goes round and takes what was not used since it came by last (the clock algorithm).
/// </summary>
internal sealed class BlockCache(long capacity)
{
    private const int Slack = 64 << 10; // room for some blocks, since it is never full to the last octet

    private readonly Lock _lock = new();
    private readonly List<Entry> _ring = [];
    private long _octets;
    private int _hand;

    public long Octets
    {
        get
        {
            lock (_lock) return _octets;
        }
    }

    /// <summary>Whether the next block pushes another one out, as good as.</summary>
    public bool IsFull => Volatile.Read(ref _octets) >= capacity - Slack;

    /// <summary>Takes note of a block that a table has put into its array.</summary>
    public void Add(Entry entry)
    {
        lock (_lock)
        {
            _octets += entry.Octets.Length;
            while (_octets > capacity && _ring.Count > 0) EvictOne();
            _ring.Add(entry);
        }
    }

    /// <summary>Lets go of all blocks of a table that is gone: nobody would use them until the hand came by twice.</summary>
    public void Forget(Entry?[] table)
    {
        lock (_lock)
        {
            _ring.RemoveAll(entry =>
            {
                if (!entry.IsOf(table)) return false;
                _octets -= entry.Octets.Length;
                return true;
            });
        }
    }

    private void EvictOne()
    {
        while (true)
        {
            if (_hand >= _ring.Count) _hand = 0;
            Entry entry = _ring[_hand];
            if (!entry.WasUsed) break;
            entry.WasUsed = false;
            _hand++;
        }

        Entry evicted = _ring[_hand];
        _octets -= evicted.Octets.Length;
        evicted.Evict();
        _ring[_hand++] = _ring[^1]; // the newest, behind the hand: it has a whole round to be used in
        _ring.RemoveAt(_ring.Count - 1);
    }

    /// <summary>An unpacked block and its place.</summary>
    internal sealed class Entry(Entry?[] places, int place, byte[] octets, Block block)
    {
        public byte[] Octets { get; } = octets;

        public Block Block { get; } = block;

        /// <summary>Whether it was asked for since the hand came by; a lost update only costs a block its second chance.</summary>
        public bool WasUsed { get; set; }

        public bool IsOf(Entry?[] table) => ReferenceEquals(places, table);

        public void Evict() => Volatile.Write(ref places[place], null);
    }
}
