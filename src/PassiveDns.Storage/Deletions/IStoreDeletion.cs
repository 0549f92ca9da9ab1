namespace PassiveDns.Storage;

/// <summary>
/// What some stores offer: taking away what was stored, for good. Each deletion stays in the store's ledger, as a tombstone: batches that are delivered
/// later and backups that are restored cannot bring back what it covers.
/// </summary>
/// <remarks>
/// <para>
/// When a call returns, no query finds what was deleted, and the deletion is durable. The octets may still be in files until they are merged;
/// <see cref="IStoreMaintenance.CompactAsync"/> rewrites those. Rows of a later batch that a deletion covers are left out and counted in
/// <see cref="StoreStatus.RefusedRows"/>; the batch counts as applied.
/// </para>
/// <para>
/// A backup made before a deletion still has the rows. A restore therefore takes the ledger of the store that is replaced and unites it with the
/// backup's own (<see cref="UniteDeletionsAsync"/>); a ledger is a set of deletions by their ids, so it can be united in any order and any number of times.
/// </para>
/// </remarks>
public interface IStoreDeletion
{
    /// <summary>Deletes, or counts what would go.</summary>
    /// <param name="scope">What goes.</param>
    /// <param name="at">Now: the bound of a scope without <see cref="DeletionScope.To"/>, and what the ledger says.</param>
    /// <param name="options">Dry run and progress in rows, or <c>null</c> for a deletion without progress.</param>
    /// <param name="cancellationToken">Gives up; nothing is deleted then.</param>
    /// <exception cref="ArgumentException">The scope is malformed, see <see cref="DeletionScope.FindProblem"/>.</exception>
    /// <exception cref="NotSupportedException">The store was opened for reading only and this is no dry run.</exception>
    /// <exception cref="ObservationStoreException">The store failed.</exception>
    ValueTask<RemovalReport> DeleteAsync(DeletionScope scope, DateTimeOffset at, RemovalOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>The deletions in force, in the order in which this store learnt of them.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<IReadOnlyList<Deletion>> GetDeletionsAsync(CancellationToken cancellationToken = default);

    /// <summary>Puts deletions of another store or of a backup in force here.</summary>
    /// <param name="deletions">The deletions; those that are known change nothing.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How many were new.</returns>
    /// <exception cref="NotSupportedException">The store was opened for reading only.</exception>
    ValueTask<int> UniteDeletionsAsync(IEnumerable<Deletion> deletions, CancellationToken cancellationToken = default);
}
