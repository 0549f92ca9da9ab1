namespace PassiveDns.Storage.Memory;

/// <summary>How a <see cref="MemoryObservationStore"/> works.</summary>
public sealed class MemoryStoreOptions
{
    /// <summary>The silence that separates two intervals of a row: 24 hours or more.</summary>
    /// <value>Default 48 hours.</value>
    public TimeSpan IntervalGap { get; set; } = SightingHistory.DefaultIntervalGap;
}
