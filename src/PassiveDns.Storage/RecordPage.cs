namespace PassiveDns.Storage;

/// <summary>Some rows of an answer, packed, and how far the answer has come.</summary>
public sealed class RecordPage
{
    /// <summary>The rows, in canonical key order. They may be kept.</summary>
    public required ObservationRows Rows { get; init; }

    /// <summary>
    /// <c>null</c> while more pages follow. On the last page: whether the answer is everything that the store knows.
    /// </summary>
    public Completeness? Completeness { get; init; }

    /// <summary>On a last page that is <see cref="Storage.Completeness.Truncated"/>: what to put into <see cref="ObservationQuery.Continuation"/> to go on.</summary>
    public string? Continuation { get; init; }

    /// <summary>The latest sighting that the store held when the walk began, in Unix seconds: the answer speaks for the time up to here. <c>null</c> if the store is empty.</summary>
    public long? AsOf { get; init; }
}
