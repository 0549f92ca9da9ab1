namespace PassiveDns.Storage;

/// <summary>How a backup is made.</summary>
public sealed record BackupOptions
{
    /// <summary>
    /// Whether files that never change are linked where the file system allows it instead of copied: at once and without room, but damage to the
    /// disk then hits store and backup together, and nothing is on another disk.
    /// </summary>
    /// <value>Default <c>false</c>: everything is copied.</value>
    public bool AllowLinks { get; init; }

    /// <summary>Is told how many octets are done, or <c>null</c>.</summary>
    public IProgress<StoreProgress>? Progress { get; init; }
}
