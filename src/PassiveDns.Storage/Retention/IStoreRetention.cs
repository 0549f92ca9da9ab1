namespace PassiveDns.Storage;

/// <summary>What some stores offer: forgetting rows that have not been seen for long.</summary>
/// <remarks>
/// Retention looks at merged rows and takes whole rows. It leaves no tombstone: a row that is seen again, or delivered late, is a new row, and the next
/// run decides about it. Single records that are found by address, target or rdata have a history of their own and go by that.
/// </remarks>
public interface IStoreRetention
{
    /// <summary>Takes away what a policy does not keep, or counts it. Reads and writes go on meanwhile; readers see all of it or nothing.</summary>
    /// <param name="policy">What is kept for how long.</param>
    /// <param name="at">Now, from which ages are counted.</param>
    /// <param name="options">Dry run and progress in rows, or <c>null</c> for neither.</param>
    /// <param name="cancellationToken">Gives up; nothing is taken away then.</param>
    /// <exception cref="ArgumentException">The policy has no rule, or an age is negative.</exception>
    /// <exception cref="NotSupportedException">The store was opened for reading only and this is no dry run.</exception>
    /// <exception cref="ObservationStoreException">The store failed.</exception>
    ValueTask<RemovalReport> RetainAsync(RetentionPolicy policy, DateTimeOffset at, RemovalOptions? options = null, CancellationToken cancellationToken = default);
}
