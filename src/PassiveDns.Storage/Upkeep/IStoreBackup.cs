namespace PassiveDns.Storage;

/// <summary>What some stores offer: a copy of themselves while they are in use.</summary>
/// <remarks>
/// A backup is a store of the same kind: it can be opened for reading, verified, and deleted from. It holds whole batches, all that were
/// acknowledged before the call; which ones, its own <see cref="IObservationStore.GetLastBatchAsync"/> tells, so that sensors can deliver the rest again.
/// </remarks>
public interface IStoreBackup
{
    /// <summary>Copies the store into a new or empty directory. Reads and writes go on meanwhile.</summary>
    /// <param name="directory">The directory; made if there is none.</param>
    /// <param name="options">Links or copies, and progress in octets, or <c>null</c> for the defaults.</param>
    /// <param name="cancellationToken">Gives up; what was copied so far is taken away again.</param>
    /// <exception cref="ObservationStoreException">The directory is not empty, or a file cannot be read or written.</exception>
    ValueTask<BackupReport> BackupAsync(string directory, BackupOptions? options = null, CancellationToken cancellationToken = default);
}
