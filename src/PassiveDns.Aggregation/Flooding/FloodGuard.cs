using System.Numerics;

namespace PassiveDns.Aggregation;

/// <summary>
/// Finds parents below which names are made up, and folds these names into a wildcard with a sketch of how many there were.
/// </summary>
/// <remarks>
/// Only keys that are new in the window come here. Each is counted roughly for each ancestor, and only what is frequent there gets a sketch of distinct names,
/// least recently used first out. So nothing grows with the number of parents either. All decisions depend on the data and the epoch alone: an import that is
/// repeated folds the same names. The hash is keyed with the epoch, so that nobody can choose names that count as one.
/// </remarks>
internal sealed class FloodGuard
{
    private const int LeastThreshold = 64;
    private const int LeastParentLabels = 2; // below a top-level domain names are registered
    private const int MaxDepth = 8;
    private const int GateShare = 4;
    private const int RoughFactor = 4;
    private const ulong DataSalt = 0x9E37_79B9_7F4A_7C15;

    private readonly FloodGuardOptions _options;
    private readonly ulong _seed;
    private readonly int _capacity;
    private readonly long _maxDataOctets;
    private readonly RoughCounts _names;
    private readonly RoughCounts _sameData;
    private readonly HashSet<ulong> _exempt = [];
    private readonly Dictionary<ulong, LinkedListNode<FloodGroup>> _groups = [];
    private readonly LinkedList<FloodGroup> _candidates = [];
    private readonly LinkedList<FloodGroup> _folded = [];
    private long _dataOctets;
    private int _pressure;

    /// <summary>Makes a guard.</summary>
    /// <param name="options">The thresholds.</param>
    /// <param name="seed">The key of its hash.</param>
    /// <param name="octets">What it may use.</param>
    public FloodGuard(FloodGuardOptions options, ulong seed, long octets)
    {
        _options = options;
        _seed = seed;
        int counters = (int)Math.Clamp(BitOperations.RoundUpToPowerOf2((ulong)octets >> 7), 512, 1 << 17);
        _names = new(counters);
        _sameData = new(counters);
        _capacity = (int)Math.Clamp(octets / 2 / FloodGroup.Octets, 16, 8192);
        _maxDataOctets = octets / 4;
        foreach (DomainName name in options.Exempt) _exempt.Add(HashOf(name.Wire));
    }

    /// <summary>Octets in use.</summary>
    public long Octets => _names.Octets + _sameData.Octets + (long)_groups.Count * FloodGroup.Octets + _dataOctets;

    /// <summary>Parents whose names are folded at the moment.</summary>
    public int Floods => _folded.Count;

    private int SameDataThreshold => Lowered(_options.NamesWithSameData);

    private int Threshold => Lowered(_options.Names);

    /// <summary>Takes in a key that is new in this window, and the sighting if its name is folded.</summary>
    /// <param name="owner">The owner name.</param>
    /// <param name="head">Type, bailiwick and provenance (see <see cref="SightingRow.MakeHead"/>).</param>
    /// <param name="zoneLabels">The label count of the bailiwick.</param>
    /// <param name="rdata">The packed set.</param>
    /// <param name="time">When, in Unix seconds.</param>
    /// <param name="timeToLive">The TTL.</param>
    /// <returns>The group into which the sighting was folded, or <c>null</c>: it is to be kept as it is.</returns>
    public FloodGroup? Fold(NameView owner, uint head, int zoneLabels, ReadOnlySpan<byte> rdata, long time, uint timeToLive)
    {
        int lowest = Math.Max(zoneLabels, LeastParentLabels);
        int deepest = Math.Min(owner.Labels - 1, lowest + MaxDepth - 1);
        if (deepest < lowest) return null;
        Span<ulong> hashes = stackalloc ulong[DomainName.MaxWireLength / 2 + 1];
        HashAncestors(owner, hashes);
        if (IsExempt(hashes[..(owner.Labels + 1)])) return null;
        ulong data = 0;
        if (_folded.Count > 0)
        {
            data = NameSketch.Hash(rdata, _seed);
            for (int labels = deepest; labels >= lowest; labels--)
            {
                FloodGroup? group = FindFolded(SameDataKey(hashes[labels], head, data), owner.Suffix(labels), head, rdata)
                    ?? FindFolded(Key(hashes[labels], head), owner.Suffix(labels), head, rdata);
                if (group is null) continue;
                group.Count(owner.Wire, time, timeToLive);
                return group;
            }
        }

        for (int labels = deepest; labels >= lowest; labels--)
        {
            int gate = SameDataThreshold / GateShare;
            int names = _names.Add(Key(hashes[labels], head));
            if (names < gate) continue;
            if (data == 0) data = NameSketch.Hash(rdata, _seed);
            ulong sameData = SameDataKey(hashes[labels], head, data);
            int namesWithData = _sameData.Add(sameData);
            FloodGroup? group = namesWithData < gate ? null : Watch(sameData, hasAnyData: false, owner, namesWithData, 2 * gate, SameDataThreshold);
            if (names >= Threshold / GateShare) group ??= Watch(Key(hashes[labels], head), hasAnyData: true, owner, names, Threshold / GateShare, Threshold);
            if (group is null || !BeginToFold(group, owner.Suffix(labels), head, rdata)) continue;
            ForgetAncestors(hashes, lowest, labels, head, data);
            group.Count(owner.Wire, time, timeToLive);
            return group;
        }

        return null;
    }

    /// <summary>Rows had to leave before the window was over: from now on fewer names are a flood.</summary>
    public void NotePressure() => _pressure++;

    /// <summary>The groups into which something was folded in this window, in an order that depends on them alone.</summary>
    public List<FloodGroup> Summaries()
    {
        List<FloodGroup> summaries = [.. _folded.Where(group => group.Sighting.Count > 0)];
        summaries.Sort(static (a, b) =>
        {
            int order = a.Owner.AsSpan().SequenceCompareTo(b.Owner);
            if (order == 0) order = a.Head.CompareTo(b.Head);
            if (order == 0) order = a.HasAnyData.CompareTo(b.HasAnyData);
            return order != 0 ? order : a.Rdata.AsSpan().SequenceCompareTo(b.Rdata);
        });
        return summaries;
    }

    /// <summary>The window is over and <see cref="Summaries"/> are taken. Floods that go on stay folded; those that ebbed are forgotten.</summary>
    public void BeginWindow()
    {
        _names.Clear();
        _sameData.Clear();
        _pressure = 0;
        foreach (FloodGroup group in _candidates) _groups.Remove(group.Key);
        _candidates.Clear();
        for (LinkedListNode<FloodGroup>? node = _folded.First, next; node is not null; node = next)
        {
            next = node.Next;
            FloodGroup group = node.Value;
            bool goesOn = group.Names.Estimate >= (group.HasAnyData ? _options.Names : _options.NamesWithSameData) / GateShare;
            group.BeginWindow();
            if (goesOn) continue;
            _folded.Remove(node);
            _groups.Remove(group.Key);
            _dataOctets -= group.Owner.Length + group.Rdata.Length;
        }
    }

    private int Lowered(int threshold) => Math.Max(threshold >> Math.Min(_pressure, 30), Math.Min(threshold, LeastThreshold));

    private FloodGroup? FindFolded(ulong key, ReadOnlySpan<byte> parent, uint head, ReadOnlySpan<byte> rdata) =>
        _groups.TryGetValue(key, out LinkedListNode<FloodGroup>? node) && node.Value.Holds(parent, head, rdata) ? node.Value : null;

    /// <summary>Looks at what is frequent.</summary>
    /// <param name="key">The key of the group.</param>
    /// <param name="hasAnyData">Whether names with any data belong to it.</param>
    /// <param name="owner">The name.</param>
    /// <param name="rough">The rough count.</param>
    /// <param name="before">How many were counted before anybody looked: some of them may be repeated, so that the threshold is not exact.</param>
    /// <param name="threshold">How many names are a flood.</param>
    /// <returns>The group if its names are a flood by now.</returns>
    private FloodGroup? Watch(ulong key, bool hasAnyData, NameView owner, int rough, int before, int threshold)
    {
        if (!_groups.TryGetValue(key, out LinkedListNode<FloodGroup>? node))
        {
            if (_groups.Count == _capacity && !ForgetOldest()) return null;
            node = _candidates.AddFirst(new FloodGroup(key) { HasAnyData = hasAnyData });
            _groups.Add(key, node);
        }
        else if (node.Value.IsFolded)
        {
            return null; // another name or other data with this hash
        }
        else if (node.Previous is not null)
        {
            _candidates.Remove(node);
            _candidates.AddFirst(node);
        }

        FloodGroup group = node.Value;
        bool isFlood = group.Names.Add(owner.Wire) && group.Names.Estimate + before >= threshold;

        // Somebody may flood so many parents in turn that each group is forgotten before it has grown.
        return isFlood || rough >= RoughFactor * threshold ? group : null;
    }

    /// <returns><c>false</c> if all groups are floods.</returns>
    private bool ForgetOldest()
    {
        if (_candidates.Last is not { } oldest) return false;
        _candidates.RemoveLast();
        _groups.Remove(oldest.Value.Key);
        return true;
    }

    private bool BeginToFold(FloodGroup group, ReadOnlySpan<byte> parent, uint head, ReadOnlySpan<byte> rdata)
    {
        if (_dataOctets + parent.Length + 2 + rdata.Length > _maxDataOctets) return false;
        LinkedListNode<FloodGroup> node = _groups[group.Key];
        _candidates.Remove(node);
        _folded.AddLast(node);
        group.Fold(parent, head, rdata);
        _dataOctets += group.Owner.Length + group.Rdata.Length;
        return true;
    }

    /// <summary>The names of this flood have been counted for the ancestors of its parent, too, which are not flooded otherwise.</summary>
    private void ForgetAncestors(ReadOnlySpan<ulong> hashes, int lowest, int labels, uint head, ulong data)
    {
        while (--labels >= lowest)
        {
            Forget(SameDataKey(hashes[labels], head, data));
            Forget(Key(hashes[labels], head));
        }
    }

    private void Forget(ulong key)
    {
        if (_groups.TryGetValue(key, out LinkedListNode<FloodGroup>? node) && !node.Value.IsFolded) node.Value.Names.Clear();
    }

    private static ulong Key(ulong parent, uint head) => (parent ^ head) * DataSalt ^ parent >> 29;

    private static ulong SameDataKey(ulong parent, uint head, ulong data)
    {
        ulong high = Math.BigMul(Key(parent, head) ^ data, DataSalt, out ulong low);
        return high ^ low;
    }

    private bool IsExempt(ReadOnlySpan<ulong> names)
    {
        if (_exempt.Count == 0) return false;
        foreach (ulong name in names)
        {
            if (_exempt.Contains(name)) return true;
        }

        return false;
    }

    private ulong HashOf(ReadOnlySpan<byte> wire)
    {
        NameView name = NameView.Of(wire);
        Span<ulong> hashes = stackalloc ulong[DomainName.MaxWireLength / 2 + 1];
        HashAncestors(name, hashes);
        return hashes[name.Labels];
    }

    /// <summary>The hash of each ancestor and of the name itself, by its number of labels: one walk from the root outwards.</summary>
    private void HashAncestors(NameView owner, Span<ulong> hashes)
    {
        ReadOnlySpan<byte> wire = owner.Wire;
        Span<int> starts = stackalloc int[DomainName.MaxWireLength / 2 + 1];
        for (int labels = owner.Labels, at = 0; labels > 0; labels--)
        {
            starts[labels] = at;
            at += wire[at] + 1;
        }

        int end = wire.Length - 1;
        hashes[0] = NameSketch.Hash([], _seed);
        for (int labels = 1; labels <= owner.Labels; labels++)
        {
            hashes[labels] = NameSketch.Hash(wire[starts[labels]..end], hashes[labels - 1]);
            end = starts[labels];
        }
    }
}
