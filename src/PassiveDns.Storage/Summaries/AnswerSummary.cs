namespace PassiveDns.Storage;

/// <summary>What an answer amounts to, without its rows.</summary>
public sealed record AnswerSummary
{
    /// <summary>How many rows the answer has.</summary>
    public required long Rows { get; init; }

    /// <summary>The sum of the rows' counts; saturates at 2^63 - 1.</summary>
    public required long Count { get; init; }

    /// <summary>How many owner names the rows have, or <c>null</c> if there are too many to tell apart in an answer that is not in the order of names.</summary>
    public required long? Names { get; init; }

    /// <summary>The earliest sighting of the rows in Unix seconds, or <c>null</c> if there is none.</summary>
    public long? FirstSeen { get; init; }

    /// <summary>The latest sighting of the rows in Unix seconds, or <c>null</c> if there is none.</summary>
    public long? LastSeen { get; init; }

    /// <summary>Whether these numbers are those of everything that the store knows.</summary>
    public required Completeness Completeness { get; init; }

    /// <summary>If they are <see cref="Storage.Completeness.Truncated"/>: what to put into <see cref="ObservationQuery.Continuation"/> to summarise the rest.</summary>
    public string? Continuation { get; init; }

    /// <summary>The latest sighting that the store held when the summary began, in Unix seconds; <c>null</c> if it is empty.</summary>
    public long? AsOf { get; init; }
}
