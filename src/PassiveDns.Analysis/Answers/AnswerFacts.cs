namespace PassiveDns.Analysis;

/// <summary>What every answer says about itself.</summary>
public sealed record AnswerFacts
{
    /// <summary>Whether the answer is all that the store knows.</summary>
    public required Completeness Completeness { get; init; }

    /// <summary>The time up to which the answer speaks: the latest sighting in the store when the question began, in Unix seconds; <c>null</c> if the store is empty.</summary>
    public long? AsOf { get; init; }

    /// <summary>What the answer can know about.</summary>
    public required Coverage Coverage { get; init; }

    /// <summary>Rows read from the store for this answer.</summary>
    public long RowsRead { get; init; }
}
