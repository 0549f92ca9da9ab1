namespace PassiveDns.Analysis;

/// <summary>A look-alike while a walk gathers what is known of it.</summary>
internal sealed class LookalikeCandidate(DomainName subject, LookalikeMatch match, Observation first)
{
    /// <summary>The name that is given: see <see cref="Lookalike.Name"/>.</summary>
    public DomainName Subject => subject;

    /// <summary>The best match of its names.</summary>
    public LookalikeMatch Match { get; private set; } = match;

    /// <summary>The row with the first sighting.</summary>
    public Observation First { get; private set; } = first;

    /// <summary>The last sighting, in Unix seconds.</summary>
    public long LastSeen { get; private set; } = first.History.LastSeen;

    /// <summary>How many responses held its records.</summary>
    public long Count { get; private set; }

    /// <summary>What it runs on; <c>null</c> while nobody asked.</summary>
    public DomainInfrastructure? Infrastructure { get; set; }

    /// <summary>What changed the odds.</summary>
    public List<LookalikeFactor> Factors { get; } = [];

    /// <summary>Takes a row of it.</summary>
    public void Add(LookalikeMatch another, Observation row)
    {
        if (another.Score > Match.Score) Match = another;
        if (row.History.FirstSeen < First.History.FirstSeen) First = row;
        LastSeen = Math.Max(LastSeen, row.History.LastSeen);
        Count = SightingMerge.AddCounts(Count, row.History.Count);
    }

    /// <summary>What is known of it now.</summary>
    public Lookalike ToLookalike() => new()
    {
        Name = Subject,
        RegistrableDomain = Match.RegistrableDomain,
        Brand = Match.Brand,
        Signs = Match.Signs,
        NameScore = Match.Score,
        Factors = [.. Factors],
        FirstSeen = First.History.FirstSeen,
        LastSeen = LastSeen,
        Evidence = Infrastructure is null ? [First] : [First, .. Infrastructure.Rows.Where(row => !row.Equals(First))],
    };
}
