namespace PassiveDns.Storage;

/// <summary>What some stores offer beside reading and writing: putting their files in the best order, and telling what is in them.</summary>
public interface IStoreMaintenance
{
    /// <summary>
    /// Writes out what is in memory and merges all files, so that the store is smallest and answers fastest. Reads and writes go on meanwhile.
    /// What was deleted before the call is in none of the store's files when it returns.
    /// </summary>
    /// <param name="options">Throttle and progress, or <c>null</c> for neither.</param>
    /// <param name="cancellationToken">Gives up; the store stays as it is.</param>
    /// <exception cref="ArgumentOutOfRangeException">The throttle is under one octet a second.</exception>
    /// <exception cref="NotSupportedException">The store was opened for reading only, or cannot throttle.</exception>
    /// <exception cref="ObservationStoreException">The store failed.</exception>
    ValueTask CompactAsync(CompactionOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Tells how the store is laid out: keyspace by keyspace and tier by tier.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ObservationStoreException">The store failed.</exception>
    ValueTask<StoreStatistics> GetStatisticsAsync(CancellationToken cancellationToken = default);
}
