namespace PassiveDns.Storage;

/// <summary>How long some rows are kept.</summary>
/// <param name="MaxAge">How long after its last sighting a row is kept.</param>
public sealed record RetentionRule(TimeSpan MaxAge)
{
    /// <summary>The types that the rule is about. Default: all, those of DNSSEC included.</summary>
    public TypeSelection Types { get; init; } = TypeSelection.All;

    /// <summary>The provenances that the rule is about. Default: all.</summary>
    public ProvenanceSelection Provenance { get; init; } = ProvenanceSelection.All;

    /// <summary>Only rows whose owner name is this name or lies under it, or <c>null</c> for all.</summary>
    public DomainName? Subtree { get; init; }
}
