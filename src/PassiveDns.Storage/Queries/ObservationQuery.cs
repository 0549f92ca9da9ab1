namespace PassiveDns.Storage;

/// <summary>A question to a store: one anchor that says where to look, and filters.</summary>
/// <param name="Anchor">Where to look.</param>
public sealed record ObservationQuery(QueryAnchor Anchor)
{
    /// <summary>The types wanted. Default: all but the DNSSEC types.</summary>
    public TypeSelection Types { get; init; } = TypeSelection.Any;

    /// <summary>Only rows of exactly this bailiwick, or <c>null</c> for all.</summary>
    public DomainName? Bailiwick { get; init; }

    /// <summary>The kinds of provenance wanted. Default: what is verified, stated by a resolver, or read from a zone file.</summary>
    public ProvenanceSelection Provenance { get; init; } = ProvenanceSelection.Trusted;

    /// <summary>When rows must have been seen.</summary>
    public TimeFilter Time { get; init; } = TimeFilter.None;

    /// <summary>Only rows that at least so many sensors saw, 0 (all) to <see cref="SightingHistory.MaxWitnesses"/>.</summary>
    public int MinWitnesses { get; init; }

    /// <summary>The most rows of the answer, or <c>null</c> for all.</summary>
    public long? Limit { get; init; }

    /// <summary>The most rows that the store may look at for this answer, or <c>null</c> for no bound; then the answer ends as truncated.</summary>
    public long? ScanBudget { get; init; }

    /// <summary>
    /// About how long the store may work on this answer, or <c>null</c> for no bound; then the answer ends as truncated. Some hundred rows are looked at
    /// however short it is, so that continuing leads to an end.
    /// </summary>
    public TimeSpan? TimeBudget { get; init; }

    /// <summary>Goes on behind an earlier, truncated answer to the same question: its last page's <see cref="RecordPage.Continuation"/>.</summary>
    public string? Continuation { get; init; }
}
