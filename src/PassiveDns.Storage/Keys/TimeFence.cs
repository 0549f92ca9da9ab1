namespace PassiveDns.Storage.Keys;

/// <summary>
/// What a question's fences (see <see cref="TimeFilter"/>) and windows ask of the life of each row at least: that it does not end before one time and does not begin
/// behind another. All of them do, loose or strict, and a row that passes them has a version that does not end too early, and one that does not begin too
/// late: merging takes the earliest first sighting and the latest last one.
/// </summary>
/// <param name="LastFrom">The row was last seen at this time or after, in Unix seconds; <see cref="long.MinValue"/> for any time.</param>
/// <param name="FirstTo">The row was first seen at this time or before, in Unix seconds; <see cref="long.MaxValue"/> for any time.</param>
public readonly record struct TimeFence(long LastFrom, long FirstTo)
{
    /// <summary>The fence of a question.</summary>
    /// <param name="query">The question.</param>
    /// <returns><c>null</c> if any time will do.</returns>
    public static TimeFence? Of(ObservationQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        TimeFilter time = query.Time;
        (long from, long to) = query.Anchor switch
        {
            QueryAnchor.FirstSeen seen => (seen.From, seen.To),
            QueryAnchor.Changed changed => (changed.From, changed.To),
            _ => (long.MinValue, long.MaxValue),
        };
        foreach (long? least in new[] { time.LastAfter, time.FirstAfter, time.Present?.From }) from = Math.Max(from, least ?? from);
        foreach (long? most in new[] { time.FirstBefore, time.LastBefore, time.Present?.To }) to = Math.Min(to, most ?? to);
        return from == long.MinValue && to == long.MaxValue ? null : new(from, to);
    }
}
