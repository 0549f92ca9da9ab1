namespace PassiveDns.Storage;

/// <summary>What a store keeps for how long: the first rule that is about a row decides. Rows that no rule is about are kept.</summary>
/// <param name="Rules">The rules, the special ones before the general ones.</param>
public sealed record RetentionPolicy(IReadOnlyList<RetentionRule> Rules)
{
    /// <summary>A policy of one rule for all rows.</summary>
    /// <param name="maxAge">How long after its last sighting a row is kept.</param>
    public static RetentionPolicy OfAge(TimeSpan maxAge) => new([new RetentionRule(maxAge)]);
}
