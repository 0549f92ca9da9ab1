namespace PassiveDns.Storage;

/// <summary>What some stores offer beside reading and writing: putting their files in the best order.</summary>
public interface IStoreMaintenance
{
    /// <summary>Writes out what is in memory and merges all files, so that the store is smallest and answers fastest. Reads and writes go on meanwhile.</summary>
    /// <param name="cancellationToken">Gives up; the store stays as it is.</param>
    /// <exception cref="NotSupportedException">The store was opened for reading only.</exception>
    /// <exception cref="ObservationStoreException">The store failed.</exception>
    ValueTask CompactAsync(CancellationToken cancellationToken = default);
}
