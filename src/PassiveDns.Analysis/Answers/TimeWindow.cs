namespace PassiveDns.Analysis;

/// <summary>The time that a question is about, both ends included.</summary>
/// <param name="From">The first moment, in Unix seconds.</param>
/// <param name="To">The last moment, in Unix seconds.</param>
public readonly record struct TimeWindow(long From, long To)
{
    /// <summary>All times.</summary>
    public static TimeWindow Always { get; } = new(long.MinValue, long.MaxValue);

    /// <summary>One moment.</summary>
    public static TimeWindow At(long unixSeconds) => new(unixSeconds, unixSeconds);

    /// <summary>The same as a presence.</summary>
    internal Presence Presence => Presence.Of(From, To);

    /// <summary>The rows that were there at some moment of it.</summary>
    internal TimeFilter Filter => this == Always ? TimeFilter.None : new() { Present = (From, To) };

    /// <exception cref="ArgumentException">It ends before it begins.</exception>
    internal void Validate()
    {
        if (From > To) throw new ArgumentException($"The window ends ({To}) before it begins ({From}): give the earlier time first.");
    }
}
