using PassiveDns.Storage.Embedded.Operations;
using PassiveDns.Storage.Keys;

namespace PassiveDns.Storage.Embedded;

public sealed partial class EmbeddedObservationStore : IStoreMaintenance, IStoreDeletion, IStoreRetention, IStoreSummaries, IStoreBackup, IStoreVerification
{
    /// <inheritdoc/>
    public async ValueTask CompactAsync(CompactionOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (options?.BytesPerSecond < 1) throw new ArgumentOutOfRangeException(nameof(options), options.BytesPerSecond, "BytesPerSecond must be 1 or more, or null.");
        ThrowIfNotWriting("compact it");
        await Task.Yield();
        await _database.CompactAsync(options, null, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask<StoreStatistics> GetStatisticsAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        return new(_database.GetStatistics());
    }

    /// <inheritdoc/>
    public async ValueTask<RemovalReport> DeleteAsync(
        DeletionScope scope, DateTimeOffset at, RemovalOptions? options = null, CancellationToken cancellationToken = default)
    {
        Deletion deletion = Deletion.Of(scope, at, options?.Note ?? "");
        bool isDryRun = options?.DryRun == true;
        if (!isDryRun) ThrowIfNotWriting("delete from it");
        ThrowIfDisposed();
        await Task.Yield();
        RemovalReport report = _database.CountDeletion(deletion, scope, options?.Progress, cancellationToken);
        if (isDryRun) return report;
        _database.Unite([deletion]);
        return report with { Deletion = deletion };
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Deletion>> GetDeletionsAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        return new(_database.Deletions.Deletions);
    }

    /// <inheritdoc/>
    public ValueTask<int> UniteDeletionsAsync(IEnumerable<Deletion> deletions, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(deletions);
        ThrowIfNotWriting("delete from it");
        return new(_database.Unite(deletions));
    }

    /// <inheritdoc/>
    public async ValueTask<RemovalReport> RetainAsync(
        RetentionPolicy policy, DateTimeOffset at, RemovalOptions? options = null, CancellationToken cancellationToken = default)
    {
        RetentionFilter filter = new(policy, at);
        bool isDryRun = options?.DryRun == true;
        if (!isDryRun) ThrowIfNotWriting("take rows away");
        ThrowIfDisposed();
        await Task.Yield();
        RemovalReport would;
        using (IKeyedSnapshot snapshot = OpenSnapshot())
        {
            would = KeyedSweep.Count(snapshot, filter.Judge, _database.CountVersions(), options?.Progress, cancellationToken);
        }

        if (isDryRun || would.Removed == 0) return would; // no record is older than the youngest set that holds it
        (long rows, long removed) = await _database.CompactAsync(null, filter.Judge, cancellationToken).ConfigureAwait(false);
        return new(rows, removed, 0);
    }

    /// <inheritdoc/>
    public async ValueTask<AnswerSummary> SummarizeAsync(ObservationQuery query, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        return RowWalk.Summarize(query, _database.Secret, OpenSnapshot, cancellationToken);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<NamePage> ReadNamesAsync(ObservationQuery query, CancellationToken cancellationToken = default) =>
        RowWalk.ReadNamesAsync(query, _database.Secret, OpenSnapshot, cancellationToken);

    /// <inheritdoc/>
    /// <remarks>Tables are linked or copied; batches that are in no table yet become one of the copy. Works on a store that was opened for reading, too, while another process writes.</remarks>
    public async ValueTask<BackupReport> BackupAsync(string directory, BackupOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(directory);
        ThrowIfDisposed();
        await Task.Yield();
        return await _database.CopyToAsync(Path.GetFullPath(directory), options ?? new(), [], cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask<VerificationReport> VerifyAsync(IProgress<StoreProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        return VerifyAsync(_database.Files.Directory, progress, cancellationToken);
    }

    /// <summary>Checks every file of a store, also of one that is too damaged to be opened or that another process writes.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="progress">Is told how many octets were read, or <c>null</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ObservationStoreException">The directory holds no store of this kind, or cannot be read at all.</exception>
    public static async ValueTask<VerificationReport> VerifyAsync(string path, IProgress<StoreProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        path = Path.GetFullPath(path);
        bool hasManifest = File.Exists(new Files.StoreFiles(path).Manifest); // then only the marker is damaged, if it says something else
        if (!hasManifest && StoreMarker.KindOf(path) is { } kind && kind != MarkerKind) throw new ObservationStoreException($"{path} holds a {kind} store: verify it with what made it.");
        await Task.Yield();
        return Guarded(path, () => new StoreVerification(new(path), progress).Run(cancellationToken));
    }

    /// <summary>Makes a new store of a backup. The backup is verified first and stays as it is.</summary>
    /// <param name="backup">The backup's directory.</param>
    /// <param name="path">A new or empty directory.</param>
    /// <param name="deletions">
    /// Deletions that must be in force in the new store: those of the store that it replaces (<see cref="ReadDeletions"/>), since the backup does not know
    /// what was deleted after it was made.
    /// </param>
    /// <param name="progress">Is told how many octets were copied, or <c>null</c>.</param>
    /// <param name="cancellationToken">Gives up; what was copied so far is taken away again.</param>
    /// <exception cref="ObservationStoreException">The backup is damaged, or the directory is not empty or cannot be written.</exception>
    public static async ValueTask<BackupReport> RestoreAsync(
        string backup, string path, IEnumerable<Deletion>? deletions = null, IProgress<StoreProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(backup);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        VerificationReport found = await VerifyAsync(backup, null, cancellationToken).ConfigureAwait(false);
        if (found.Files.FirstOrDefault(file => file.Damages.Count > 0) is { } damaged)
        {
            throw new ObservationStoreException($"{backup} is damaged, nothing was restored: {damaged.Name}: {damaged.Damages[0]}. Use another backup.");
        }

        EmbeddedObservationStore source = OpenReadOnly(backup);
        await using (source.ConfigureAwait(false))
        {
            return await source._database.CopyToAsync(Path.GetFullPath(path), new() { Progress = progress }, [.. deletions ?? []], cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Reads the ledger of deletions of a store that need not be whole: only this one file must be.</summary>
    /// <param name="path">The directory of the store.</param>
    /// <exception cref="ObservationStoreException">The directory holds no store of this kind, or its ledger is damaged.</exception>
    public static IReadOnlyList<Deletion> ReadDeletions(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        path = Path.GetFullPath(path);
        if (!Directory.Exists(path)) throw new ObservationStoreException($"{path}: there is no such directory: name the store whose deletions are to stay in force.");
        return Guarded(path, () => Files.DeletionsFile.Read(new(path)).Deletions);
    }

    private static T Guarded<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception failure) when (failure is UnauthorizedAccessException or IOException and not ObservationStoreException)
        {
            throw new ObservationStoreException($"{path} cannot be read: {failure.Message}", false, failure);
        }
    }

    private void ThrowIfNotWriting(string what)
    {
        if (IsReadOnly) throw new NotSupportedException($"{_database.Files.Directory} was opened for reading only: use Open to {what}.");
        ThrowIfDisposed();
    }
}
