namespace PassiveDns;

/// <summary>
/// What an aggregator hands to a store: rows of one sensor and one window, no two with the same key, under an id that makes them count once.
/// </summary>
/// <param name="id">The id.</param>
/// <param name="rows">The rows. They must not be changed any more, and the store must not keep them after it has acknowledged the batch.</param>
public sealed class ObservationBatch(BatchId id, ObservationRows rows)
{
    /// <summary>The id.</summary>
    public BatchId Id { get; } = id;

    /// <summary>The rows.</summary>
    public ObservationRows Rows { get; } = rows;
}
