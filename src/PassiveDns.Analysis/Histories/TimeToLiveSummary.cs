namespace PassiveDns.Analysis;

/// <summary>The TTLs of address records and aliases, in seconds. Each value stands with the highest TTL that was seen of it, which is what its servers give, and weighs as often as it was seen.</summary>
/// <param name="Min">The lowest TTL seen.</param>
/// <param name="Median">The median.</param>
/// <param name="Max">The highest.</param>
/// <param name="StandardDeviation">The standard deviation.</param>
public readonly record struct TimeToLiveSummary(uint Min, uint Median, uint Max, double StandardDeviation);
