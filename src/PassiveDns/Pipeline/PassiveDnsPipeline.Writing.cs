using PassiveDns.Aggregation;
using PassiveDns.Storage;

namespace PassiveDns;

public sealed partial class PassiveDnsPipeline
{
    private long _batchesApplied;
    private long _batchesAlreadyApplied;
    private long _rowsApplied;
    private long _rowsAlreadyApplied;
    private long _writeRetries;

    private async ValueTask WriteFinishedAsync()
    {
        while (_finished.TryDequeue(out ObservationBatch? batch))
        {
            // The store gets no token: a finished batch is written also after a stop, so that it is never made in vain.
            WriteResult result = await WriteAsync(batch, _store).ConfigureAwait(false);
            if (result == WriteResult.Applied)
            {
                Interlocked.Increment(ref _batchesApplied);
                Interlocked.Add(ref _rowsApplied, batch.Rows.Count);
            }
            else
            {
                Interlocked.Increment(ref _batchesAlreadyApplied);
                Interlocked.Add(ref _rowsAlreadyApplied, batch.Rows.Count);
            }
        }

        while (_aggregator.TryTakeChaff(out ObservationBatch? chaff)) await WriteAsync(chaff, _options.ChaffStore!).ConfigureAwait(false);
        while (_aggregator.TryTakeNegativeEvidence(out NegativeEvidenceBatch? negatives)) await _options.NegativeEvidence!(negatives).ConfigureAwait(false);
    }

    private async ValueTask<WriteResult> WriteAsync(ObservationBatch batch, IObservationStore store)
    {
        TimeSpan delay = _options.RetryDelay;
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await store.WriteAsync(batch, CancellationToken.None).ConfigureAwait(false);
            }
            catch (ObservationStoreException e) when (e.IsTransient && attempt < _options.MaxWriteAttempts)
            {
                // Safe even if the failed call did write: the batch's id makes it count once.
                Interlocked.Increment(ref _writeRetries);
            }

            await Task.Delay(delay, _options.TimeProvider, CancellationToken.None).ConfigureAwait(false);
            delay = TimeSpan.FromTicks(Math.Min(delay.Ticks * 2, _options.MaxRetryDelay.Ticks));
        }
    }
}
