namespace PassiveDns.Storage.RocksDb;

/// <summary>How a <see cref="RocksDbObservationStore"/> works.</summary>
public sealed class RocksDbStoreOptions
{
    /// <summary>
    /// The silence that separates two intervals of a row, in whole seconds: 24 hours or more, fixed when the store is made. <c>null</c> takes what
    /// an existing store has, and 48 hours for a new one.
    /// </summary>
    /// <value>Default <c>null</c>.</value>
    public TimeSpan? IntervalGap { get; set; }

    /// <summary>The most octets of blocks, indexes and filters that are kept in memory for reading.</summary>
    /// <value>Default 128 MiB.</value>
    public long BlockCacheBytes { get; set; } = 128L << 20;

    /// <summary>The most octets of new entries that are kept in memory until they are written out in order.</summary>
    /// <value>Default 128 MiB.</value>
    public long WriteBufferBytes { get; set; } = 128L << 20;

    /// <summary>How many files may be open at once. More make reading of large stores faster.</summary>
    /// <value>Default 512.</value>
    public int MaxOpenFiles { get; set; } = 512;
}
