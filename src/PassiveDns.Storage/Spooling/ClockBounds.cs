namespace PassiveDns.Storage.Spooling;

/// <summary>
/// Between which times a batch is believed. A sensor whose clock is wrong would stretch histories over years, and sums cannot be taken back.
/// </summary>
public sealed record ClockBounds
{
    /// <summary>How much later than now a sighting may be: zero or more. Default one hour.</summary>
    public TimeSpan MaxAhead { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long ago a sighting may be, more than zero; or <c>null</c>, the default, for files, which may be of any age. For live sensors 30 days is a good choice.</summary>
    public TimeSpan? MaxAge { get; init; }

    /// <summary>The earliest time that is believed in any case. Default: November 1987, the month of RFC 1035; a clock that was never set says 1970.</summary>
    public DateTimeOffset Earliest { get; init; } = new(1987, 11, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Looks at the times of a batch.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="now">The time of whoever looks.</param>
    public ClockFault FindFault(ObservationBatch batch, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(batch);
        long latest = now.ToUnixTimeSeconds() + MaxAhead.Ticks / TimeSpan.TicksPerSecond;
        long earliest = Earliest.ToUnixTimeSeconds();
        if (MaxAge is { } age) earliest = Math.Max(earliest, now.ToUnixTimeSeconds() - age.Ticks / TimeSpan.TicksPerSecond);
        ClockFault fault = ClockFault.None;
        foreach (ObservationRow row in batch.Rows)
        {
            if (!SightingCodec.TryReadBounds(row.History, out SightingInterval bounds)) continue;
            if (bounds.Last > latest) return ClockFault.Future;
            if (bounds.First < earliest) fault = ClockFault.TooOld;
        }

        return fault;
    }

    /// <summary>Checks the options.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A bound is out of its range; the message names it.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxAhead, TimeSpan.Zero);
        if (MaxAge is { } age) ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(age, TimeSpan.Zero, nameof(MaxAge));
    }
}
