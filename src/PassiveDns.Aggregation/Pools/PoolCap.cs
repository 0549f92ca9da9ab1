using System.Numerics;

namespace PassiveDns.Aggregation;

/// <summary>
/// Bounds the sets of rotating pools: of one owner, type, bailiwick and provenance so many sets a day are kept one by one, and the others are folded into
/// their union, while each of their records is still counted exactly.
/// </summary>
/// <remarks>
/// Only keys that are new in the window come here. They are counted roughly, and only owners with many get a list of their sets, the least recently used first
/// out; whoever is forgotten so may have as many sets again. Days are those of the data's clock (UTC).
/// </remarks>
internal sealed class PoolCap
{
    private const long Day = 86_400;
    private const int GateShare = 4;

    private readonly int _maxSets;
    private readonly ulong _seed;
    private readonly int _capacity;
    private readonly long _maxRecordOctets;
    private readonly RoughCounts _rough;
    private readonly Dictionary<ulong, LinkedListNode<Pool>> _pools = [];
    private readonly LinkedList<Pool> _byUse = [];
    private long _day = long.MinValue;

    /// <summary>Makes a cap.</summary>
    /// <param name="maxSets">Sets of one owner and day that are kept.</param>
    /// <param name="seed">The key of its hash.</param>
    /// <param name="octets">What it may use.</param>
    public PoolCap(int maxSets, ulong seed, long octets)
    {
        _maxSets = maxSets;
        _seed = seed;
        _capacity = (int)Math.Clamp(octets * 3 / 4 / Pool.Octets, 1, 1024);
        _maxRecordOctets = octets / 4;
        _rough = new((int)Math.Clamp(BitOperations.RoundUpToPowerOf2((ulong)octets >> 7), 512, 1 << 17));
    }

    /// <summary>Records of folded sets: rows of one record each.</summary>
    public SightingTable Records { get; } = new();

    /// <summary>Octets in use, at most.</summary>
    public long Octets => _rough.Octets + (long)_pools.Count * Pool.Octets + Records.Octets;

    /// <summary>Whether the records should be handed on before the window is over.</summary>
    public bool IsFull => Records.Octets > _maxRecordOctets;

    /// <summary>Takes in a set that is new in this window, and the sighting if it is folded.</summary>
    /// <param name="owner">The owner name.</param>
    /// <param name="head">Type, bailiwick and provenance (see <see cref="SightingRow.MakeHead"/>).</param>
    /// <param name="type">The type.</param>
    /// <param name="set">The set.</param>
    /// <param name="time">When, in Unix seconds.</param>
    /// <param name="timeToLive">The TTL.</param>
    /// <param name="forgotten">A pool that had to make room, with what was folded into it; else <c>null</c>.</param>
    public bool TryFold(NameView owner, uint head, RecordType type, RdataSet set, long time, uint timeToLive, out Pool? forgotten)
    {
        forgotten = null;
        ulong key = NameSketch.Hash(owner.Wire, _seed ^ head);
        int gate = _maxSets / GateShare;
        if (_rough.Add(key) <= gate) return false;
        Pool pool = Find(key, out forgotten);
        if (pool.Owner.Length > 0 && (pool.Head != head || !pool.Owner.AsSpan().SequenceEqual(owner.Wire))) return false; // another owner with this hash
        ulong hash = NameSketch.Hash(set.Packed, _seed);
        if (pool.Sets.Contains(hash)) return false;
        if (pool.Sets.Count < _maxSets - gate) // those that came before it was looked at were kept, too
        {
            pool.Sets.Add(hash);
            return false;
        }

        pool.Count(owner.Wire, head, set, time, timeToLive);
        CountRecords(owner, head, type, set, time, timeToLive);
        return true;
    }

    /// <summary>Counts each record of a set by itself.</summary>
    public void CountRecords(NameView owner, uint head, RecordType type, RdataSet set, long time, uint timeToLive)
    {
        for (ReadOnlySpan<byte> rest = set.Packed; !rest.IsEmpty;)
        {
            ReadOnlySpan<byte> record = rest[..(2 + (rest[0] << 8 | rest[1]))];
            rest = rest[record.Length..];
            Records.CountOne(owner.Wire, SightingTable.KeyHash(owner.Hash, type, OctetHash.Compute(record)), head, record, time, timeToLive);
        }
    }

    /// <summary>The pools into which something was folded in this window, in an order that depends on them alone.</summary>
    public List<Pool> Unions()
    {
        List<Pool> unions = [.. _byUse.Where(pool => pool.Sighting.Count > 0)];
        unions.Sort(static (a, b) =>
        {
            int order = a.Owner.AsSpan().SequenceCompareTo(b.Owner);
            return order != 0 ? order : a.Head.CompareTo(b.Head);
        });
        return unions;
    }

    /// <summary>The window is over and <see cref="Unions"/> are taken.</summary>
    public void BeginWindow()
    {
        foreach (Pool pool in _byUse) pool.BeginWindow();
    }

    /// <summary>Whether the clock has come to another day, so that the window ends for pools and they begin anew.</summary>
    public bool IsAnotherDay(long now) => now / Day != _day;

    /// <summary>Forgets the pools of the day before.</summary>
    public void BeginDay(long now)
    {
        _day = now / Day;
        _rough.Clear();
        _pools.Clear();
        _byUse.Clear();
    }

    private Pool Find(ulong key, out Pool? forgotten)
    {
        forgotten = null;
        if (_pools.TryGetValue(key, out LinkedListNode<Pool>? node))
        {
            if (node.Previous is null) return node.Value;
            _byUse.Remove(node);
            _byUse.AddFirst(node);
            return node.Value;
        }

        if (_pools.Count == _capacity)
        {
            Pool oldest = _byUse.Last!.Value;
            _byUse.RemoveLast();
            _pools.Remove(oldest.Key);
            if (oldest.Sighting.Count > 0) forgotten = oldest;
        }

        Pool pool = new(key);
        _pools.Add(key, _byUse.AddFirst(pool));
        return pool;
    }
}
