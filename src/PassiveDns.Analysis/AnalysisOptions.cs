namespace PassiveDns.Analysis;

/// <summary>What all analyses share: which rows count, how far a question may go, and what is known besides.</summary>
public sealed record AnalysisOptions
{
    private readonly PublicSuffixList? _publicSuffixes;

    /// <summary>The kinds of provenance that answers rest on. Default: verified traffic, what a resolver stated, and zone files.</summary>
    public ProvenanceSelection Provenance { get; init; } = ProvenanceSelection.Trusted;

    /// <summary>How far one question may go. Default: no bound.</summary>
    public AnalysisBudget Budget { get; init; } = AnalysisBudget.None;

    /// <summary>Tells the registrable domain of a name. Default: <see cref="PublicSuffixSnapshot"/>; with <see cref="PublicSuffixList.Empty"/> it is the last two labels.</summary>
    public PublicSuffixList PublicSuffixes
    {
        get => _publicSuffixes ?? PublicSuffixSnapshot.List;
        init => _publicSuffixes = value;
    }

    /// <summary>From how many registrable domains on a piece of infrastructure counts as shared, or as mass hosting.</summary>
    public DegreeOptions Degree { get; init; } = new();

    /// <summary>
    /// What servers said is not there, or <c>null</c> if nothing is known of that: no store holds it. It bounds when names and sets came and went, and makes removals sure.
    /// </summary>
    public NegativeTable? Negatives { get; init; }

    /// <summary>The weights and bounds by which the instability of hosting is measured.</summary>
    public InstabilityOptions Instability { get; init; } = new();

    /// <summary>Tells prefix, AS and country of addresses, or <c>null</c> if nobody does; then answers leave them out.</summary>
    public IAddressEnrichment? Enrichment { get; init; }

    /// <summary>The clock for time budgets; what answers say about time comes from the data.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The registrable domain of a name by ICANN's and the private section, or the name itself if it is a public suffix.</summary>
    internal DomainName RegistrableDomain(DomainName name)
    {
        int labels = PublicSuffixes.RegistrableLabels(name, includePrivate: true);
        return labels == 0 ? name : name.Ancestor(labels);
    }
}
