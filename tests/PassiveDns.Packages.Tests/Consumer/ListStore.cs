using System.Runtime.CompilerServices;
using PassiveDns;
using PassiveDns.Storage;

/// <summary>The smallest store that answers one kind of question: rows in a list, found by their owner name.</summary>
internal sealed class ListStore : IObservationStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<BatchId, ObservationBatch> _batches = [];

    public ValueTask<WriteResult> WriteAsync(ObservationBatch batch, CancellationToken cancellationToken = default)
    {
        lock (_lock) return new(_batches.TryAdd(batch.Id, Copy(batch)) ? WriteResult.Applied : WriteResult.AlreadyApplied);
    }

    public ValueTask<BatchId?> GetLastBatchAsync(SensorId sensor, CancellationToken cancellationToken = default)
    {
        lock (_lock) return new(_batches.Keys.Where(id => id.Sensor == sensor).Select(id => (BatchId?)id).LastOrDefault());
    }

    public async IAsyncEnumerable<RecordPage> ReadAsync(ObservationQuery query, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        yield return new() { Rows = Select(((QueryAnchor.OwnerName)query.Anchor).Name), Completeness = Completeness.Exact };
    }

    public ValueTask<StoreStatus> GetStatusAsync(CancellationToken cancellationToken = default)
    {
        lock (_lock) return new(new StoreStatus { Kind = "list", Rows = _batches.Values.Sum(batch => (long)batch.Rows.Count), IntervalGap = TimeSpan.FromDays(2) });
    }

    public ValueTask DisposeAsync() => default;

    private static ObservationBatch Copy(ObservationBatch batch)
    {
        ObservationRows rows = new(batch.Rows.Packed.Length);
        foreach (ObservationRow row in batch.Rows) rows.Add(row);
        return new(batch.Id, rows);
    }

    private ObservationRows Select(DomainName name)
    {
        ObservationRows found = new();
        lock (_lock)
        {
            foreach (ObservationBatch batch in _batches.Values)
            {
                foreach (ObservationRow row in batch.Rows)
                {
                    if (row.RrName.SequenceEqual(name.Wire)) found.Add(row);
                }
            }
        }

        return found;
    }
}
