namespace PassiveDns.Storage;

/// <summary>What a backup or a restore did.</summary>
/// <param name="Files">Files of the copy.</param>
/// <param name="LinkedFiles">How many of them are links to the store's own files.</param>
/// <param name="Bytes">Octets of all of them.</param>
public sealed record BackupReport(int Files, int LinkedFiles, long Bytes)
{
    /// <summary>Deletions that a restore took over from elsewhere and that the backup did not have.</summary>
    public int AddedDeletions { get; init; }
}
