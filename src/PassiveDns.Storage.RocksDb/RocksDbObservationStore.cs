using PassiveDns.Storage.Keys;

namespace PassiveDns.Storage.RocksDb;

/// <summary>
/// A durable store in a directory of this machine, kept by RocksDB. A write returns when the batch is on the disk, whole; a reader sees the
/// moment at which it began.
/// </summary>
/// <remarks>RocksDB's calls are synchronous and run on the caller's thread. One process at a time may write; others can use <see cref="OpenReadOnly"/>.</remarks>
public sealed partial class RocksDbObservationStore : IObservationStore, IKeyedReader
{
    /// <summary>What <see cref="StoreMarker"/> calls such a store.</summary>
    public const string MarkerKind = "RocksDB";

    private const long CountedRows = 100_000;

    private readonly Lock _writing = new();
    private readonly RocksDbDatabase _database;
    private readonly BatchLedger _ledger;
    private readonly SortedBatch _sorted = new();
    private readonly HashSet<UInt128> _knownSets = [];
    private readonly byte[] _secret;
    private bool _isDisposed;

    private RocksDbObservationStore(RocksDbDatabase database, TimeSpan intervalGap, bool isReadOnly)
    {
        _database = database;
        IntervalGap = intervalGap;
        IsReadOnly = isReadOnly;
        _secret = StoreMeta.ReadSecret(database, isReadOnly);
        DnssecFamily.Ensure(database, isReadOnly);
        _ledger = StoreMeta.ReadLedger(database);
        (_deletions, int applied) = StoreMeta.ReadDeletions(database);
        if (!isReadOnly && applied < _deletions.Count) Apply(applied, null); // a deletion was cut off
    }

    /// <summary>The silence that separates two intervals of a row.</summary>
    public TimeSpan IntervalGap { get; }

    /// <summary>Whether the store was opened for reading only.</summary>
    public bool IsReadOnly { get; }

    /// <summary>Opens a store, or makes one in a new or empty directory.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="options">The options, or <c>null</c> for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">The interval gap is under 24 hours or has a fraction of a second.</exception>
    /// <exception cref="ObservationStoreException">
    /// The directory is in use, foreign, damaged, of a newer format, or has another interval gap than asked for.
    /// </exception>
    public static RocksDbObservationStore Open(string path, RocksDbStoreOptions? options = null) => Open(path, options ?? new(), isReadOnly: false);

    /// <summary>
    /// Opens a store for reading only, as it is now; what is written later is not seen. Works while another process writes into it.
    /// </summary>
    /// <param name="path">The directory.</param>
    /// <param name="options">The options, or <c>null</c> for the defaults.</param>
    /// <exception cref="ObservationStoreException">The directory holds no store, or is foreign, damaged or of a newer format.</exception>
    public static RocksDbObservationStore OpenReadOnly(string path, RocksDbStoreOptions? options = null) => Open(path, options ?? new(), isReadOnly: true);

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">The store was opened for reading only.</exception>
    public ValueTask<WriteResult> WriteAsync(ObservationBatch batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (IsReadOnly) throw new NotSupportedException($"{_database.Path} was opened for reading only: use Open to write.");
        cancellationToken.ThrowIfCancellationRequested();
        lock (_writing)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_ledger.Contains(batch.Id)) return new(WriteResult.AlreadyApplied);
            try
            {
                ObservationBatch left = _deletions.Filter.Sift(batch, IntervalGap, out long refused);
                SightingInterval? bounds = ObservationKeys.WriteBatch(left, IntervalGap, _sorted);
                using RocksDbWrite write = new(_database, _knownSets);
                _sorted.MoveTo(write, IntervalGap);
                if (bounds is { } b) StoreMeta.PutBounds(write.Batch, _database, b);
                StoreMeta.PutBatch(write.Batch, _database, _ledger, batch.Id);
                write.Commit();
                Interlocked.Add(ref _refusedRows, refused);
            }
            finally
            {
                _sorted.Clear();
            }

            _ledger.Add(batch.Id);
        }

        return new(WriteResult.Applied);
    }

    /// <inheritdoc/>
    public IKeyedSnapshot OpenSnapshot() => new RocksDbSnapshot(_database);

    /// <inheritdoc/>
    public IAsyncEnumerable<RecordPage> ReadAsync(ObservationQuery query, CancellationToken cancellationToken = default) =>
        RowWalk.ReadAsync(query, _secret, OpenSnapshot, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<BatchId?> GetLastBatchAsync(SensorId sensor, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return new(_ledger.Highest(sensor));
    }

    /// <inheritdoc/>
    public ValueTask<StoreStatus> GetStatusAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        using RocksDbSnapshot snapshot = new(_database);
        (long rows, bool isEstimated) = CountRows(snapshot, cancellationToken);
        (long? first, long? last) = StoreMeta.ReadBounds(_database);
        return new(new StoreStatus
        {
            Kind = "rocksdb",
            Rows = rows,
            RowsAreEstimated = isEstimated,
            IntervalGap = IntervalGap,
            Bytes = CountBytes(),
            FirstSeen = first,
            LastSeen = last,
            RefusedRows = Interlocked.Read(ref _refusedRows),
            BatchesBySensor = _ledger.Counts,
        });
    }

    /// <summary>Closes the store. Reads that have begun go on; the directory is free when the last of them has ended.</summary>
    public ValueTask DisposeAsync()
    {
        lock (_writing)
        {
            if (_isDisposed) return default;
            _isDisposed = true;
        }

        _database.Release();
        return default;
    }

    private static RocksDbObservationStore Open(string path, RocksDbStoreOptions options, bool isReadOnly)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (options.IntervalGap is { } wanted && (wanted < SightingHistory.MinIntervalGap || wanted.Ticks % TimeSpan.TicksPerSecond != 0))
        {
            throw new ArgumentOutOfRangeException(nameof(options), wanted, "IntervalGap must be whole seconds, 24 hours or more.");
        }

        path = Path.GetFullPath(path);
        RocksDbDatabase? database = null;
        try
        {
            TimeSpan gap = StoreMarker.Claim(path, MarkerKind, options.IntervalGap, isReadOnly);
            // Without CURRENT RocksDB would start anew and clear away the tables of the old store
            if (!File.Exists(Path.Combine(path, "CURRENT")) && Directory.EnumerateFiles(path, "*.sst").Any())
            {
                throw new ObservationStoreException($"{path} is damaged: its CURRENT file is missing. Restore it from a backup.");
            }

            database = RocksDbDatabase.Open(path, options, gap, isReadOnly);
            return new(database, gap, isReadOnly);
        }
        catch (Exception failure)
        {
            database?.Release();
            if (failure is UnauthorizedAccessException or IOException and not ObservationStoreException)
            {
                throw new ObservationStoreException($"{path} cannot be opened: {failure.Message}", false, failure);
            }

            throw;
        }
    }

    private (long Rows, bool IsEstimated) CountRows(RocksDbSnapshot snapshot, CancellationToken cancellationToken)
    {
        if (_database.EstimateRows() is > CountedRows and long estimate) return (estimate, true);
        long rows = 0;
        foreach (Keyspace space in KeyedSweep.RrsetSpaces)
        {
            using IKeyedCursor cursor = snapshot.Open(KeyRange.OfPrefix(space, default));
            while (cursor.MoveNext())
            {
                if (++rows % 1024 == 0) cancellationToken.ThrowIfCancellationRequested();
            }
        }

        return (rows, false);
    }

    private long CountBytes()
    {
        long bytes = 0;
        foreach (FileInfo file in new DirectoryInfo(_database.Path).EnumerateFiles())
        {
            try
            {
                bytes += file.Length;
            }
            catch (FileNotFoundException)
            {
                // a compaction has just cleared it away
            }
        }

        return bytes;
    }
}
