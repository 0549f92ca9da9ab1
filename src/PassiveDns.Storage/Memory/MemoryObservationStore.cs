using System.Security.Cryptography;
using PassiveDns.Storage.Keys;

namespace PassiveDns.Storage.Memory;

/// <summary>
/// A store in memory: the reference that other stores are held against, and enough for tests, tools and short analyses. What it holds ends
/// with the process.
/// </summary>
/// <remarks>A write makes new versions of ordered maps and publishes them at once; readers keep the version they started with and never wait.</remarks>
public sealed partial class MemoryObservationStore : IObservationStore, IKeyedReader
{
    private readonly Lock _writing = new();
    private readonly BatchLedger _ledger = new();
    private readonly SortedBatch _sorted = new();
    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(32);
    private MemorySnapshot? _current = MemorySnapshot.Empty;
    private long _refusedRows;

    /// <summary>Makes an empty store.</summary>
    /// <param name="options">The options, or <c>null</c> for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">The interval gap is under 24 hours.</exception>
    public MemoryObservationStore(MemoryStoreOptions? options = null)
    {
        IntervalGap = options?.IntervalGap ?? SightingHistory.DefaultIntervalGap;
        if (IntervalGap < SightingHistory.MinIntervalGap)
        {
            throw new ArgumentOutOfRangeException(nameof(options), IntervalGap, "IntervalGap is under 24 hours: give 24 hours or more.");
        }
    }

    /// <summary>The silence that separates two intervals of a row.</summary>
    public TimeSpan IntervalGap { get; }

    private MemorySnapshot Current => Volatile.Read(ref _current) ?? throw new ObjectDisposedException(nameof(MemoryObservationStore));

    /// <inheritdoc/>
    public ValueTask<WriteResult> WriteAsync(ObservationBatch batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_writing)
        {
            MemorySnapshot before = Current;
            if (_ledger.Contains(batch.Id)) return new(WriteResult.AlreadyApplied);
            try
            {
                ObservationBatch sifted = _deletions.Filter.Sift(batch, IntervalGap, out long refused);
                SightingInterval? bounds = ObservationKeys.WriteBatch(sifted, IntervalGap, _sorted);
                MemoryWrite write = new(before, IntervalGap);
                _sorted.MoveTo(write, IntervalGap);
                Volatile.Write(ref _current, write.ToSnapshot(bounds));
                _refusedRows += refused;
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
    public IKeyedSnapshot OpenSnapshot() => Current;

    /// <inheritdoc/>
    public IAsyncEnumerable<RecordPage> ReadAsync(ObservationQuery query, CancellationToken cancellationToken = default) =>
        RowWalk.ReadAsync(query, _secret, OpenSnapshot, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<BatchId?> GetLastBatchAsync(SensorId sensor, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _current) is null, this);
        return new(_ledger.Highest(sensor));
    }

    /// <inheritdoc/>
    public ValueTask<StoreStatus> GetStatusAsync(CancellationToken cancellationToken = default)
    {
        MemorySnapshot current = Current;
        return new(new StoreStatus
        {
            Kind = "memory",
            Rows = current.Rows,
            IntervalGap = IntervalGap,
            Bytes = current.Octets,
            FirstSeen = current.FirstSeen,
            LastSeen = current.AsOf,
            RefusedRows = Volatile.Read(ref _refusedRows),
            BatchesBySensor = _ledger.Counts,
        });
    }

    /// <summary>Forgets everything. Walks that have begun go on.</summary>
    public ValueTask DisposeAsync()
    {
        Volatile.Write(ref _current, null);
        return default;
    }
}
