using PassiveDns.Storage.Embedded.Files;
using PassiveDns.Storage.Keys;

namespace PassiveDns.Storage.Embedded;

/// <summary>
/// The durable default: a store in a directory of this machine, in managed code alone. A write returns when the batch is on the disk, whole; a
/// reader sees the moment at which it began, and neither side waits for the other.
/// </summary>
/// <remarks>
/// Batches go into a write-ahead log and into tables in memory; those are written out in order and merged with each other in the background.
/// One process at a time may write; others can use <see cref="OpenReadOnly"/>. The files are described in docs/file-format.md.
/// </remarks>
public sealed partial class EmbeddedObservationStore : IObservationStore, IKeyedReader
{
    /// <summary>What <see cref="StoreMarker"/> calls such a store.</summary>
    public const string MarkerKind = "embedded";

    private const long CountedRows = 100_000;

    private readonly EmbeddedDatabase _database;
    private int _isDisposed;

    private EmbeddedObservationStore(EmbeddedDatabase database) => _database = database;

    /// <summary>The silence that separates two intervals of a row.</summary>
    public TimeSpan IntervalGap => _database.IntervalGap;

    /// <summary>Whether the store was opened for reading only.</summary>
    public bool IsReadOnly => _database.IsReadOnly;

    /// <summary>
    /// The damage that was met since the store was opened and behind which it went on, in lines: tables that the background could not merge, and what
    /// <see cref="EmbeddedStoreOptions.Salvage"/> passed over.
    /// </summary>
    public IReadOnlyList<string> Damages => _database.Damages.Lines;

    /// <summary>Opens a store, or makes one in a new or empty directory.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="options">The options, or <c>null</c> for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">The interval gap is under 24 hours or has a fraction of a second, or the memory is under 16 MiB.</exception>
    /// <exception cref="ObservationStoreException">
    /// The directory is in use, foreign, damaged, of a newer format, or has another interval gap than asked for.
    /// </exception>
    public static EmbeddedObservationStore Open(string path, EmbeddedStoreOptions? options = null) => Open(path, options ?? new(), isReadOnly: false);

    /// <summary>
    /// Opens a store for reading only, as it is now; what is written later is not seen. Works while another process writes into it.
    /// </summary>
    /// <param name="path">The directory.</param>
    /// <param name="options">The options, or <c>null</c> for the defaults.</param>
    /// <exception cref="ObservationStoreException">The directory holds no store, or is foreign, damaged or of a newer format.</exception>
    public static EmbeddedObservationStore OpenReadOnly(string path, EmbeddedStoreOptions? options = null) => Open(path, options ?? new(), isReadOnly: true);

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">The store was opened for reading only.</exception>
    public ValueTask<WriteResult> WriteAsync(ObservationBatch batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (IsReadOnly) throw new NotSupportedException($"{_database.Files.Directory} was opened for reading only: use Open to write.");
        ThrowIfDisposed();
        cancellationToken.ThrowIfCancellationRequested();
        return _database.WriteAsync(batch, cancellationToken);
    }

    /// <inheritdoc/>
    public IKeyedSnapshot OpenSnapshot()
    {
        ThrowIfDisposed();
        return _database.OpenSnapshot();
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<RecordPage> ReadAsync(ObservationQuery query, CancellationToken cancellationToken = default) =>
        RowWalk.ReadAsync(query, _database.Secret, OpenSnapshot, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<BatchId?> GetLastBatchAsync(SensorId sensor, CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        return new(_database.Ledger.Highest(sensor));
    }

    /// <inheritdoc/>
    public ValueTask<StoreStatus> GetStatusAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        return new(_database.GetStatus(CountedRows, cancellationToken));
    }

    /// <summary>Writes everything out and closes the store. Reads that have begun go on.</summary>
    public ValueTask DisposeAsync() => Interlocked.Exchange(ref _isDisposed, 1) == 0 ? _database.DisposeAsync() : default;

    private static EmbeddedObservationStore Open(string path, EmbeddedStoreOptions options, bool isReadOnly)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (options.IntervalGap is { } wanted && (wanted < SightingHistory.MinIntervalGap || wanted.Ticks % TimeSpan.TicksPerSecond != 0))
        {
            throw new ArgumentOutOfRangeException(nameof(options), wanted, "IntervalGap must be whole seconds, 24 hours or more.");
        }

        if (options.Salvage && !isReadOnly) throw new ArgumentException("Salvage only reads: use OpenReadOnly, and copy what is left into a new store.", nameof(options));
        if (options.MemoryBytes < EmbeddedStoreOptions.MinMemoryBytes)
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.MemoryBytes, "MemoryBytes must be 16 MiB or more.");
        }

        path = Path.GetFullPath(path);
        try
        {
            TimeSpan gap = StoreMarker.Claim(path, MarkerKind, options.IntervalGap, isReadOnly);
            StoreFiles files = new(path);
            return new(isReadOnly ? EmbeddedDatabase.OpenReadOnly(files, options) : EmbeddedDatabase.Open(files, options, gap));
        }
        catch (Exception failure) when (failure is UnauthorizedAccessException or IOException and not ObservationStoreException)
        {
            throw new ObservationStoreException($"{path} cannot be opened: {failure.Message}", false, failure);
        }
    }

    /// <summary>Octets that the store takes, with all that it may take for unpacked blocks.</summary>
    internal long MemoryInUse => _database.MemoryInUse;

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed) != 0, this);
}
