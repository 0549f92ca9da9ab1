using PassiveDns.Storage;

namespace PassiveDns.Tool.Input;

/// <summary>
/// A store that ends an import at once if its first batch turns out to be in there already. It would not count twice, but it would all be read
/// for nothing, and the person should know. Batches are made in the order of their sequence, so that the first one decides.
/// </summary>
/// <param name="store">The store; it is not owned.</param>
/// <param name="refusal">What to say.</param>
internal sealed class FirstImportStore(IObservationStore store, string refusal) : IObservationStore
{
    /// <inheritdoc/>
    public async ValueTask<WriteResult> WriteAsync(ObservationBatch batch, CancellationToken cancellationToken = default)
    {
        WriteResult result = await store.WriteAsync(batch, cancellationToken);
        return result == WriteResult.AlreadyApplied ? throw ToolException.Failed(refusal) : result;
    }

    /// <inheritdoc/>
    public ValueTask<BatchId?> GetLastBatchAsync(SensorId sensor, CancellationToken cancellationToken = default) =>
        store.GetLastBatchAsync(sensor, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<RecordPage> ReadAsync(ObservationQuery query, CancellationToken cancellationToken = default) =>
        store.ReadAsync(query, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<StoreStatus> GetStatusAsync(CancellationToken cancellationToken = default) => store.GetStatusAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
