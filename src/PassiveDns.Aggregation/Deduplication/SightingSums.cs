namespace PassiveDns.Aggregation;

/// <summary>Sums of sightings outside the table.</summary>
internal static class SightingSums
{
    /// <summary>One sighting more.</summary>
    public static Sighting With(this Sighting sum, long time, uint timeToLive) => new(
        Math.Min(sum.FirstSeen, time), Math.Max(sum.LastSeen, time), sum.Count + 1, Math.Min(sum.MinTimeToLive, timeToLive), Math.Max(sum.MaxTimeToLive, timeToLive));
}
