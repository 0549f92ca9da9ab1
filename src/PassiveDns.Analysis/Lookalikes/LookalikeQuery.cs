namespace PassiveDns.Analysis;

/// <summary>A question for the names that imitate brands.</summary>
/// <param name="Brands">Names of the brands; their registrable domains count. One walk answers for all of them.</param>
public sealed record LookalikeQuery(IReadOnlyCollection<DomainName> Brands)
{
    /// <summary>Only look-alikes that the store knew nothing of before this time, in Unix seconds; <c>null</c> for all. It reads the index of first sightings, not the whole store.</summary>
    public long? NewSince { get; init; }

    /// <summary>The time that is meant: what was there in it. What is new is judged at its end, or at the latest sighting of the store if that is earlier. Default: always.</summary>
    public TimeWindow Window { get; init; } = TimeWindow.Always;
}
