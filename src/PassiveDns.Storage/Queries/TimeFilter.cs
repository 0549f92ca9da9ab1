namespace PassiveDns.Storage;

/// <summary>
/// When rows must have been seen: DNSDB's four fences over the merged row, all inclusive, and a test for presence. All times are Unix seconds;
/// <c>null</c> leaves a fence out.
/// </summary>
public sealed record TimeFilter
{
    /// <summary>No bound.</summary>
    public static TimeFilter None { get; } = new();

    /// <summary>First seen at this time or before.</summary>
    public long? FirstBefore { get; init; }

    /// <summary>First seen at this time or after.</summary>
    public long? FirstAfter { get; init; }

    /// <summary>Last seen at this time or before.</summary>
    public long? LastBefore { get; init; }

    /// <summary>Last seen at this time or after.</summary>
    public long? LastAfter { get; init; }

    /// <summary>
    /// Present at some time in [from, to]: one of the row's intervals overlaps it. Stricter than comparing first and last, because a silence
    /// in between does not count.
    /// </summary>
    public (long From, long To)? Present { get; init; }

    /// <summary>Rows whose life overlaps a window (DNSDB's loose fences).</summary>
    /// <param name="from">The start of the window.</param>
    /// <param name="to">The end of the window.</param>
    public static TimeFilter Overlapping(long from, long to) => new() { LastAfter = from, FirstBefore = to };

    /// <summary>Rows whose whole life lies in a window (DNSDB's strict fences).</summary>
    /// <param name="from">The start of the window.</param>
    /// <param name="to">The end of the window.</param>
    public static TimeFilter Within(long from, long to) => new() { FirstAfter = from, LastBefore = to };
}
