namespace PassiveDns.Storage;

/// <summary>What a store holds.</summary>
public sealed record StoreStatus
{
    /// <summary>The kind of store, such as <c>memory</c> or <c>rocksdb</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>How many RRset rows there are.</summary>
    public required long Rows { get; init; }

    /// <summary>Whether <see cref="Rows"/> is exact or the engine's estimate.</summary>
    public bool RowsAreEstimated { get; init; }

    /// <summary>The silence that separates two intervals of a row.</summary>
    public required TimeSpan IntervalGap { get; init; }

    /// <summary>Octets on the disk, or in memory for a store without one.</summary>
    public long Bytes { get; init; }

    /// <summary>The earliest sighting in Unix seconds, or <c>null</c> if the store is empty.</summary>
    public long? FirstSeen { get; init; }

    /// <summary>The latest sighting in Unix seconds, or <c>null</c> if the store is empty.</summary>
    public long? LastSeen { get; init; }

    /// <summary>Rows of batches that deletions kept out since the store was opened (see <see cref="IStoreDeletion"/>).</summary>
    public long RefusedRows { get; init; }

    /// <summary>How many batches each sensor delivered.</summary>
    public IReadOnlyDictionary<SensorId, long> BatchesBySensor { get; init; } = new Dictionary<SensorId, long>();
}
