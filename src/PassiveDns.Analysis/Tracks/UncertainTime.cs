namespace PassiveDns.Analysis;

/// <summary>
/// When something happened, as far as sightings tell: passive DNS never sees a change, only the old before it and the new behind it.
/// </summary>
/// <param name="After">The last moment known at which it had not happened, in Unix seconds, or <c>null</c> if there is none.</param>
/// <param name="By">The first moment known at which it had happened, in Unix seconds, or <c>null</c> if it is not known to have.</param>
public readonly record struct UncertainTime(long? After, long? By)
{
    /// <summary>How long the time is in which it may have happened, in seconds, or <c>null</c> if an end is open.</summary>
    public long? Seconds => By - After;

    /// <summary>Whether it may have happened at a moment.</summary>
    public bool MayBe(long unixSeconds) => !(After > unixSeconds) && !(By < unixSeconds);

    /// <summary>Whether it may have happened within a window. With an open end the known end alone decides: what was seen last long ago was not removed now.</summary>
    public bool MayBe(TimeWindow window)
    {
        if (After is { } after && By is { } by) return by >= window.From && after <= window.To;
        return (By ?? After) is { } known && known >= window.From && known <= window.To;
    }

    /// <summary>
    /// The share of the uncertain time that lies within a window, 0 to 1: how likely the change fell into it if it was equally likely at every moment. With an
    /// open end the known end alone decides.
    /// </summary>
    public double ShareWithin(TimeWindow window)
    {
        if (After is not { } after || By is not { } by) return (By ?? After) is { } known && known >= window.From && known <= window.To ? 1 : 0;
        if (after == by) return after >= window.From && after <= window.To ? 1 : 0;
        long first = Math.Max(after, window.From), last = Math.Min(by, window.To);
        return last <= first ? 0 : (double)(last - first) / (by - after);
    }
}
