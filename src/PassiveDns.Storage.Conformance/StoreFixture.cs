namespace PassiveDns.Storage.Conformance;

/// <summary>Tells the kit how to open the store under test. The one thing that a store's author writes.</summary>
/// <remarks>Each case gets a fixture of its own; cases may run side by side.</remarks>
public abstract class StoreFixture : IAsyncDisposable
{
    /// <summary>Whether <see cref="StoreStatus.Rows"/> is exact for a store of a few rows. Default <c>true</c>.</summary>
    public virtual bool CountsRowsExactly => true;

    /// <summary>Whether the store outlives its process: then <see cref="ReopenAsync"/> works. Default <c>false</c>.</summary>
    public virtual bool IsDurable => false;

    /// <summary>Opens a new and empty store. The kit closes it.</summary>
    /// <param name="intervalGap">The silence that separates two intervals of a row; see <see cref="SightingHistory.DefaultIntervalGap"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public abstract ValueTask<IObservationStore> OpenAsync(TimeSpan intervalGap, CancellationToken cancellationToken);

    /// <summary>Ends a store's life and opens again what is on its medium.</summary>
    /// <param name="store">A store that <see cref="OpenAsync"/> or this method gave; it is not used any more.</param>
    /// <param name="how">Whether the store is closed in order first or loses what only its process knew.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="NotSupportedException">The store is not durable, and <see cref="IsDurable"/> says so.</exception>
    public virtual ValueTask<IObservationStore> ReopenAsync(IObservationStore store, StoreEnd how, CancellationToken cancellationToken) =>
        throw new NotSupportedException("This fixture says that its store is not durable: override IsDurable and ReopenAsync together.");

    /// <summary>Names a directory that does not exist yet, for a backup of a store that offers <see cref="IStoreBackup"/>. <see cref="DisposeAsync"/> removes it.</summary>
    /// <exception cref="NotSupportedException">The store offers no backups.</exception>
    public virtual string NewDirectory() => throw new NotSupportedException("This store offers IStoreBackup: override NewDirectory and RestoreAsync.");

    /// <summary>Makes a new store of a backup and opens it. The kit closes it.</summary>
    /// <param name="backup">A directory that <see cref="NewDirectory"/> named and a backup filled.</param>
    /// <param name="deletions">Deletions that were made elsewhere and must be in force in the store.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="NotSupportedException">The store offers no backups.</exception>
    public virtual ValueTask<IObservationStore> RestoreAsync(string backup, IReadOnlyList<Deletion> deletions, CancellationToken cancellationToken) =>
        throw new NotSupportedException("This store offers IStoreBackup: override NewDirectory and RestoreAsync.");

    /// <summary>Removes what the stores left behind. Every store is closed by then.</summary>
    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
