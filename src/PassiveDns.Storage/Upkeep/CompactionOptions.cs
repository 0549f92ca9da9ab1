namespace PassiveDns.Storage;

/// <summary>How a store is put in order.</summary>
public sealed record CompactionOptions
{
    /// <summary>The most octets a second that are read and written, so that others can use the disk meanwhile, or <c>null</c> for no bound. 1 or more.</summary>
    public long? BytesPerSecond { get; init; }

    /// <summary>Is told now and then how many octets of the old files were read, or <c>null</c>.</summary>
    public IProgress<StoreProgress>? Progress { get; init; }
}
