namespace PassiveDns.Storage.Spooling;

/// <summary>Where a <see cref="BatchSpool"/> lies, how large it may grow and what happens when it is full.</summary>
public sealed record BatchSpoolOptions
{
    /// <summary>The directory; it is made if there is none. One pipeline at a time may use it.</summary>
    public required string Directory { get; init; }

    /// <summary>
    /// The most octets of all segment files together, 1 MiB or more. Default 1 GiB. One batch always finds room in an empty spool, and what a process
    /// has left when it ends is kept in any case.
    /// </summary>
    public long MaxBytes { get; init; } = 1L << 30;

    /// <summary>The size at which a segment file ends and the next begins, 4 KiB or more. A file is deleted when all of its batches are stored. Default 16 MiB.</summary>
    public long SegmentBytes { get; init; } = 16L << 20;

    /// <summary>What becomes of a batch that finds the spool full. Default: it waits.</summary>
    public SpoolFullMode WhenFull { get; init; } = SpoolFullMode.Wait;

    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(Directory);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxBytes, 1L << 20);
        ArgumentOutOfRangeException.ThrowIfLessThan(SegmentBytes, 4L << 10);
    }
}
