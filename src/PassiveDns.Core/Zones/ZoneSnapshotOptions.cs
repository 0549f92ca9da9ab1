namespace PassiveDns;

/// <summary>How a zone file becomes observations.</summary>
public sealed record ZoneSnapshotOptions
{
    /// <summary>Who vouches for the file: the name under which it is counted as a witness.</summary>
    public required SensorId Sensor { get; init; }

    /// <summary>When the zone was like this, in Unix seconds: the first and last time of all rows.</summary>
    public required long Time { get; init; }

    /// <summary>The epoch of the batches' ids. A digest of the file, the zone, the time and the sensor makes the same import count once.</summary>
    public required ulong Epoch { get; init; }

    /// <summary>The most rows of one batch, 1 or more. Default 50,000.</summary>
    public int MaxRowsPerBatch { get; init; } = 50_000;

    /// <summary>
    /// Octets of records that are held for sorting, 1 MiB to 512 MiB. Default 256 MiB, some two million records. A zone that fits may be in any order.
    /// </summary>
    public long MemoryBudget { get; init; } = 256L << 20;

    /// <summary>The most records an RRset may have; a larger one is rejected whole and counted, never clipped. Default 4,096, which is all that a message can hold.</summary>
    public int MaxRrsetRecords { get; init; } = DnsReader.MaxRecords;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxRowsPerBatch, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MemoryBudget, 1L << 20);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MemoryBudget, 512L << 20);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxRrsetRecords, 1);
    }
}
