using System.Collections.Immutable;
using System.Security.Cryptography;
using PassiveDns.Storage.Keys;

namespace PassiveDns.Storage.Merging;

/// <summary>
/// Reads several stores as if they were one: rows of the same key become one row by <see cref="SightingMerge"/>, before any filter looks at
/// them, so that fences hold for the merged row. A merging reader can be merged again.
/// </summary>
/// <remarks>
/// Its continuations are bound to this object: they are refused by another one, even over the same stores. Its stores stay the caller's to close.
/// A batch that was delivered to two of the stores counts twice: each store knows its own batches only.
/// </remarks>
public sealed class MergingReader : IKeyedReader
{
    private readonly ImmutableArray<IKeyedReader> _readers;
    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(32);

    /// <summary>Merges readers.</summary>
    /// <param name="readers">One or more, all with the same interval gap.</param>
    /// <exception cref="ArgumentException">There is none, or their interval gaps differ.</exception>
    public MergingReader(params ReadOnlySpan<IKeyedReader> readers)
    {
        if (readers.IsEmpty) throw new ArgumentException("Give at least one reader.", nameof(readers));
        _readers = [.. readers];
        IntervalGap = _readers[0].IntervalGap;
        if (_readers.Any(reader => reader.IntervalGap != IntervalGap))
        {
            string gaps = string.Join(", ", _readers.Select(reader => reader.IntervalGap).Distinct());
            throw new ArgumentException($"The readers have different interval gaps ({gaps}): import one into a store with the gap of the other.", nameof(readers));
        }
    }

    /// <inheritdoc/>
    public TimeSpan IntervalGap { get; }

    /// <inheritdoc/>
    public IKeyedSnapshot OpenSnapshot()
    {
        List<IKeyedSnapshot> snapshots = new(_readers.Length);
        try
        {
            foreach (IKeyedReader reader in _readers) snapshots.Add(reader.OpenSnapshot());
        }
        catch
        {
            foreach (IKeyedSnapshot snapshot in snapshots) snapshot.Dispose();
            throw;
        }

        return new MergedSnapshot(snapshots, IntervalGap);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<RecordPage> ReadAsync(ObservationQuery query, CancellationToken cancellationToken = default) =>
        RowWalk.ReadAsync(query, _secret, OpenSnapshot, cancellationToken);

    /// <summary>The sums over all readers. The number of rows is an estimate if there are several: rows that two of them hold count twice.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask<StoreStatus> GetStatusAsync(CancellationToken cancellationToken = default)
    {
        List<StoreStatus> all = new(_readers.Length);
        foreach (IKeyedReader reader in _readers) all.Add(await reader.GetStatusAsync(cancellationToken).ConfigureAwait(false));
        return new()
        {
            Kind = string.Join('+', all.Select(status => status.Kind)),
            Rows = all.Sum(status => status.Rows),
            RowsAreEstimated = all.Count > 1 || all[0].RowsAreEstimated,
            IntervalGap = IntervalGap,
            Bytes = all.Sum(status => status.Bytes),
            FirstSeen = all.Min(status => status.FirstSeen),
            LastSeen = all.Max(status => status.LastSeen),
            BatchesBySensor = all.SelectMany(status => status.BatchesBySensor)
                .GroupBy(pair => pair.Key, pair => pair.Value).ToDictionary(group => group.Key, group => group.Sum()),
        };
    }
}
