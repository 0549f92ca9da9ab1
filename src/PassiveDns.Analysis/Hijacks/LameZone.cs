namespace PassiveDns.Analysis;

/// <summary>A zone while its rows pass by: its delegation, and whether anything was ever seen of it from its own servers.</summary>
internal sealed class LameZone(DomainName name)
{
    private const int MaxEvidence = 4;

    public DomainName Name { get; } = name;

    /// <summary>Responses with its delegation, as far as they lie in the window.</summary>
    public long Referrals { get; private set; }

    /// <summary>When it was delegated.</summary>
    public Presence Delegated { get; private set; } = Presence.Never;

    public List<Observation> Delegation { get; } = [];

    /// <summary>Whether its servers answered for it.</summary>
    public bool HasAnswered { get; private set; }

    /// <summary>Takes a row of the zone's subtree.</summary>
    public void Add(Observation row, TimeWindow window)
    {
        // Where one server holds parent and child, the parent's word for more than delegation and glue is the zone's answer.
        bool isReferral = row.Type is RecordType.A or RecordType.AAAA || (row.RrName == Name && row.Type is RecordType.NS or RecordType.DS);
        if (!isReferral || row.Bailiwick.IsAtOrUnder(Name)) HasAnswered = true;
        if (row.RrName != Name || row.Type != RecordType.NS || row.Bailiwick == Name) return;
        foreach (SightingInterval interval in row.History.Intervals)
        {
            if (interval.First > window.To || interval.Last < window.From) continue;
            Referrals = SightingMerge.AddCounts(Referrals, interval.Count);
            Delegated = Delegated.Unite(Presence.Of(interval.First, interval.Last));
        }

        if (Delegation.Count < MaxEvidence) Delegation.Add(row);
    }
}
