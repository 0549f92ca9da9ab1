using PassiveDns.Storage;

namespace PassiveDns.Benchmarks.Pipeline;

/// <summary>Takes every batch and keeps none, so that only the way to the store is measured.</summary>
internal sealed class ForgetfulStore : IObservationStore
{
    public ValueTask<WriteResult> WriteAsync(ObservationBatch batch, CancellationToken cancellationToken = default) => new(WriteResult.Applied);

    public ValueTask<BatchId?> GetLastBatchAsync(SensorId sensor, CancellationToken cancellationToken = default) => new((BatchId?)null);

    public IAsyncEnumerable<RecordPage> ReadAsync(ObservationQuery query, CancellationToken cancellationToken = default) => throw new NotSupportedException("This store keeps nothing.");

    public ValueTask<StoreStatus> GetStatusAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException("This store keeps nothing.");

    public ValueTask DisposeAsync() => default;
}
