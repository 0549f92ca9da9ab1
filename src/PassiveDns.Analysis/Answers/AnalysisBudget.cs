namespace PassiveDns.Analysis;

/// <summary>How far one question may go. When a bound is reached the answer ends as <see cref="Completeness.Truncated"/> with what it has; nothing is thrown.</summary>
public sealed record AnalysisBudget
{
    /// <summary>No bound.</summary>
    public static AnalysisBudget None { get; } = new();

    /// <summary>The most rows read from the store for one question, or <c>null</c> for no bound.</summary>
    public long? MaxRows { get; init; }

    /// <summary>The longest time for one question, or <c>null</c> for no bound.</summary>
    public TimeSpan? MaxTime { get; init; }
}
