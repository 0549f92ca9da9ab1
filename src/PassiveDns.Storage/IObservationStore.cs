namespace PassiveDns.Storage;

/// <summary>Keeps observations. The second extension point beside capture sources.</summary>
public interface IObservationStore : IObservationReader, IAsyncDisposable
{
    /// <summary>Merges a batch into the store by <see cref="SightingMerge"/>: all of it or nothing, and durable when the call returns.</summary>
    /// <param name="batch">The batch; the store must not keep it after the call.</param>
    /// <param name="cancellationToken">Ends the wait before the batch is applied; never leaves a part of it behind.</param>
    /// <returns>Whether the batch was applied now or had been applied before: a <see cref="BatchId"/> counts once, whatever the order of arrival.</returns>
    /// <exception cref="ObservationStoreException">The store failed; <see cref="ObservationStoreException.IsTransient"/> tells whether to try again. Only the pipeline retries.</exception>
    ValueTask<WriteResult> WriteAsync(ObservationBatch batch, CancellationToken cancellationToken = default);

    /// <summary>The highest batch of a sensor that the store holds, by epoch and then sequence: where a restarted sensor resumes.</summary>
    /// <param name="sensor">The sensor.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns><c>null</c> if the store has no batch of the sensor.</returns>
    ValueTask<BatchId?> GetLastBatchAsync(SensorId sensor, CancellationToken cancellationToken = default);
}
