namespace PassiveDns.Storage.Keys;

/// <summary>What a question about a window of time asks of the intervals of a row: see <see cref="QueryAnchor.FirstSeen"/> and <see cref="QueryAnchor.Changed"/>.</summary>
/// <param name="From">The start of the window, in Unix seconds, inclusive.</param>
/// <param name="To">The end of the window, in Unix seconds, inclusive.</param>
/// <param name="BeginsOnly">Whether only the beginnings of intervals count, not their ends.</param>
public readonly record struct ChangeWindow(long From, long To, bool BeginsOnly)
{
    /// <summary>Whether a time lies in the window.</summary>
    /// <param name="time">The time, in Unix seconds.</param>
    public bool Contains(long time) => time >= From && time <= To;
}
