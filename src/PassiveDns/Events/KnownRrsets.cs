using System.Collections.Immutable;

namespace PassiveDns.Events;

/// <summary>What is known of one name and type: the sets, their records, and the delegation that was seen last.</summary>
internal sealed class KnownRrsets
{
    private readonly HashSet<ImmutableArray<Rdata>> _sets = new(new SetComparer());
    private readonly HashSet<Rdata> _records = [];

    /// <summary>Whether nothing is known.</summary>
    public bool IsEmpty => _sets.Count == 0;

    /// <summary>Whether there was more than could be read.</summary>
    public bool IsPartial { get; set; }

    /// <summary>The NS set of the parent's side that was seen last.</summary>
    public Observation? Delegation { get; private set; }

    public bool Knows(ImmutableArray<Rdata> set) => _sets.Contains(set);

    public bool Knows(Rdata record) => _records.Contains(record);

    public void Add(Observation row)
    {
        _sets.Add(row.Rdata);
        foreach (Rdata record in row.Rdata) _records.Add(record);
        if (IsDelegation(row) && (Delegation is null || row.History.LastSeen >= Delegation.History.LastSeen)) Delegation = row;
    }

    /// <summary>An NS set that a parent zone gives for a name below its apex (RFC 1034 section 4.2.1).</summary>
    public static bool IsDelegation(Observation row) => row.Type == RecordType.NS && row.Bailiwick != row.RrName;

    private sealed class SetComparer : IEqualityComparer<ImmutableArray<Rdata>>
    {
        public bool Equals(ImmutableArray<Rdata> x, ImmutableArray<Rdata> y) => x.AsSpan().SequenceEqual(y.AsSpan());

        public int GetHashCode(ImmutableArray<Rdata> set)
        {
            HashCode hash = new();
            foreach (Rdata record in set) hash.Add(record);
            return hash.ToHashCode();
        }
    }
}
