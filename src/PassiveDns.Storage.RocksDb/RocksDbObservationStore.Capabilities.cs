using PassiveDns.Storage.Keys;

namespace PassiveDns.Storage.RocksDb;

public sealed partial class RocksDbObservationStore : IStoreMaintenance, IStoreDeletion, IStoreRetention, IStoreSummaries, IStoreBackup
{
    private DeletionLedger _deletions = DeletionLedger.Empty;
    private long _refusedRows;

    /// <inheritdoc/>
    /// <remarks>RocksDB's own compaction, which cannot be given up half-way, throttled, or watched.</remarks>
    public async ValueTask CompactAsync(CompactionOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (options?.BytesPerSecond < 1) throw new ArgumentOutOfRangeException(nameof(options), options.BytesPerSecond, "BytesPerSecond must be 1 or more, or null.");
        if (options?.BytesPerSecond is not null) throw new NotSupportedException("RocksDB's compaction cannot be throttled from here: leave BytesPerSecond out.");
        ThrowIfNotWriting("compact it");
        ObjectDisposedException.ThrowIf(!_database.TryHold(), this);
        try
        {
            await Task.Run(_database.Compact, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _database.Release();
        }
    }

    /// <inheritdoc/>
    public ValueTask<StoreStatistics> GetStatisticsAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(!_database.TryHold(), this);
        try
        {
            return new(new StoreStatistics
            {
                Keyspaces = [.. Enum.GetValues<Keyspace>().Select(space => new KeyspaceStatistics(
                    space.ToString().ToLowerInvariant(), _database.NumberOf("rocksdb.estimate-num-keys", space) ?? 0,
                    _database.NumberOf("rocksdb.live-sst-files-size", space), EntriesAreEstimated: true))],
                MemoryBytes = Enum.GetValues<Keyspace>().Sum(space => _database.NumberOf("rocksdb.cur-size-all-mem-tables", space) ?? 0),
                LogBytes = new DirectoryInfo(_database.Path).EnumerateFiles("*.log").Sum(file => file.Length),
                Deletions = Volatile.Read(ref _deletions).Count,
            });
        }
        finally
        {
            _database.Release();
        }
    }

    /// <inheritdoc/>
    /// <remarks>Batches wait while the rows are removed; a reader that begins meanwhile may still see some of them.</remarks>
    public async ValueTask<RemovalReport> DeleteAsync(
        DeletionScope scope, DateTimeOffset at, RemovalOptions? options = null, CancellationToken cancellationToken = default)
    {
        Deletion deletion = Deletion.Of(scope, at, options?.Note ?? "");
        DeletionFilter filter = new([deletion]);
        RowJudge judge = (scoped in ObservationRow row, out byte[]? history) => filter.Judge(row, IntervalGap, out history);
        if (options?.DryRun == true) return await Task.Run(() => Count(judge, options, cancellationToken), cancellationToken).ConfigureAwait(false);
        ThrowIfNotWriting("delete from it");
        RemovalReport report = await Task.Run(() => Unite([deletion], options?.Progress, cancellationToken).Report, cancellationToken).ConfigureAwait(false);
        return report with { Deletion = deletion };
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Deletion>> GetDeletionsAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return new(Volatile.Read(ref _deletions).Deletions);
    }

    /// <inheritdoc/>
    public async ValueTask<int> UniteDeletionsAsync(IEnumerable<Deletion> deletions, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(deletions);
        ThrowIfNotWriting("delete from it");
        return await Task.Run(() => Unite(deletions, null, cancellationToken).Added, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    /// <remarks>Batches wait while the rows are removed; a reader that begins meanwhile may still see some of them.</remarks>
    public async ValueTask<RemovalReport> RetainAsync(
        RetentionPolicy policy, DateTimeOffset at, RemovalOptions? options = null, CancellationToken cancellationToken = default)
    {
        RetentionFilter filter = new(policy, at);
        if (options?.DryRun == true) return await Task.Run(() => Count(filter.Judge, options, cancellationToken), cancellationToken).ConfigureAwait(false);
        ThrowIfNotWriting("take rows away");
        return await Task.Run(
            () =>
            {
                lock (_writing) return Sweep(filter.Judge, options?.Progress, cancellationToken);
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<AnswerSummary> SummarizeAsync(ObservationQuery query, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        return RowWalk.Summarize(query, _secret, OpenSnapshot, cancellationToken);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<NamePage> ReadNamesAsync(ObservationQuery query, CancellationToken cancellationToken = default) =>
        RowWalk.ReadNamesAsync(query, _secret, OpenSnapshot, cancellationToken);

    /// <inheritdoc/>
    /// <remarks>A checkpoint of RocksDB. It links its tables where it can whatever the options say, and only a store that is open for writing can make one.</remarks>
    public async ValueTask<BackupReport> BackupAsync(string directory, BackupOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(directory);
        ThrowIfNotWriting("back it up");
        string path = Path.GetFullPath(directory);
        RequireEmpty(path);
        ObjectDisposedException.ThrowIf(!_database.TryHold(), this);
        try
        {
            await Task.Run(() => _database.Checkpoint(path, options?.AllowLinks == true), cancellationToken).ConfigureAwait(false);
            StoreMarker.Write(Path.Combine(path, StoreMarker.FileName), MarkerKind, IntervalGap); // last: without it nobody takes the copy for whole
        }
        finally
        {
            _database.Release();
        }

        FileInfo[] files = new DirectoryInfo(path).GetFiles();
        int linked = options?.AllowLinks == true ? files.Count(file => file.Extension == ".sst") : 0;
        return new(files.Length, linked, files.Sum(file => file.Length));
    }

    /// <summary>Makes a new store of a backup, which stays as it is.</summary>
    /// <param name="backup">The backup's directory.</param>
    /// <param name="path">A new or empty directory.</param>
    /// <param name="deletions">Deletions that must be in force in the new store: those of the store that it replaces.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ObservationStoreException">The backup is no store of this kind, or the directory is not empty or cannot be written.</exception>
    public static async ValueTask<BackupReport> RestoreAsync(
        string backup, string path, IEnumerable<Deletion>? deletions = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(backup);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        (backup, path) = (Path.GetFullPath(backup), Path.GetFullPath(path));
        StoreMarker.Claim(backup, MarkerKind, null, isReadOnly: true);
        RequireEmpty(path);
        Directory.CreateDirectory(path);
        await Task.Run(() => CopyFiles(backup, path, cancellationToken), cancellationToken).ConfigureAwait(false);
        int added = 0;
        RocksDbObservationStore store = Open(path);
        await using (store.ConfigureAwait(false))
        {
            if (deletions is not null) added = await store.UniteDeletionsAsync(deletions, cancellationToken).ConfigureAwait(false);
        }

        FileInfo[] files = new DirectoryInfo(path).GetFiles();
        return new(files.Length, 0, files.Sum(file => file.Length)) { AddedDeletions = added };
    }

    private static void CopyFiles(string from, string to, CancellationToken cancellationToken)
    {
        foreach (string file in Directory.GetFiles(from).Where(file => Path.GetFileName(file) is not ("LOCK" or StoreMarker.FileName)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }

        File.Copy(Path.Combine(from, StoreMarker.FileName), Path.Combine(to, StoreMarker.FileName));
    }

    private static void RequireEmpty(string path)
    {
        if (Path.Exists(path) && (File.Exists(path) || Directory.EnumerateFileSystemEntries(path).Any()))
        {
            throw new ObservationStoreException($"{path} is not empty; nothing in it was touched: name a new or empty directory.");
        }
    }

    /// <summary>Puts deletions in force: in the ledger first, so that a sweep that is cut off is finished by the next opening.</summary>
    private (int Added, RemovalReport Report) Unite(IEnumerable<Deletion> deletions, IProgress<StoreProgress>? progress, CancellationToken cancellationToken)
    {
        lock (_writing)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            DeletionLedger next = _deletions.With(deletions);
            int added = next.Count - _deletions.Count;
            if (added == 0) return (0, new(0, 0, 0));
            int applied = _deletions.Count;
            cancellationToken.ThrowIfCancellationRequested();
            StoreMeta.PutDeletions(_database, next, applied);
            Volatile.Write(ref _deletions, next);
            return (added, Apply(applied, progress));
        }
    }

    /// <summary>Removes what deletions cover that entries were not judged by yet.</summary>
    private RemovalReport Apply(int applied, IProgress<StoreProgress>? progress)
    {
        DeletionFilter filter = _deletions.FilterFrom(applied);
        RemovalReport report = Sweep((scoped in ObservationRow row, out byte[]? history) => filter.Judge(row, IntervalGap, out history), progress, CancellationToken.None);
        StoreMeta.PutApplied(_database, _deletions.Count);
        return report;
    }

    private RemovalReport Count(RowJudge judge, RemovalOptions options, CancellationToken cancellationToken)
    {
        using IKeyedSnapshot snapshot = OpenSnapshot();
        return KeyedSweep.Count(snapshot, judge, _database.EstimateRows() ?? 0, options.Progress, cancellationToken);
    }

    private RemovalReport Sweep(RowJudge judge, IProgress<StoreProgress>? progress, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        using IKeyedSnapshot snapshot = OpenSnapshot();
        using RocksDbRemoval removal = new(_database);
        RemovalReport report = KeyedSweep.Run(snapshot, judge, removal, _database.EstimateRows() ?? 0, progress, cancellationToken);
        removal.Commit();
        _knownSets.Clear(); // bodies of long sets may be gone
        return report;
    }

    private void ThrowIfNotWriting(string what)
    {
        if (IsReadOnly) throw new NotSupportedException($"{_database.Path} was opened for reading only: use Open to {what}.");
        ObjectDisposedException.ThrowIf(_isDisposed, this);
    }
}
