namespace PassiveDns.Storage.Embedded.Tables;

/// <summary>
/// Bounds the memory of unpacked blocks and of pages of indexes and filters. Each table keeps its own on shelves by number (see <see cref="CacheShelf"/>); here
/// is only who must go when there are too many: a hand goes round and takes what was not used since it came by last (the clock algorithm).
/// </summary>
internal sealed class BlockCache(long capacity)
{
    private const int Slack = 64 << 10; // room for some blocks, since it is never full to the last octet

    /// <summary>What an entry takes beside its content: itself, its places in the ring and on the shelf, and the head of its array.</summary>
    private const int EntryOverhead = 120;

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

    /// <summary>Takes note of something that a table has put on a shelf.</summary>
    public void Add(Entry entry)
    {
        lock (_lock)
        {
            _octets += entry.Octets;
            while (_octets > capacity && _ring.Count > 0) EvictOne();
            _ring.Add(entry);
        }
    }

    /// <summary>Lets go of all that a table keeps which is gone: nobody would use it until the hand came by twice.</summary>
    public void Forget(object table)
    {
        lock (_lock)
        {
            _ring.RemoveAll(entry =>
            {
                if (!entry.IsOf(table)) return false;
                _octets -= entry.Octets;
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
        _octets -= evicted.Octets;
        evicted.Evict();
        _ring[_hand++] = _ring[^1]; // the newest, behind the hand: it has a whole round to be used in
        _ring.RemoveAt(_ring.Count - 1);
    }

    /// <summary>A block or a page, and its place.</summary>
    internal sealed class Entry(CacheShelf shelf, int place, object content, long octets, Block block)
    {
        public object Content { get; } = content;

        /// <summary>What it takes in memory.</summary>
        public long Octets { get; } = octets + EntryOverhead;

        public Block Block { get; } = block;

        /// <summary>Whether it was asked for since the hand came by; a lost update only costs a block its second chance.</summary>
        public bool WasUsed { get; set; }

        public bool IsOf(object table) => shelf.IsOf(table);

        public void Evict() => shelf.Clear(place);
    }
}
