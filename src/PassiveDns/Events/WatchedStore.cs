using PassiveDns.Storage;

namespace PassiveDns.Events;

/// <summary>A store whose batches are judged before they are written, and told after.</summary>
internal sealed class WatchedStore(IObservationStore store, ObservationFeed feed) : IObservationStore
{
    private readonly NoveltyJudge _judge = new(store, feed.Options);

    // What is new is what the store does not know: no other batch may come between the question and the write.
    private readonly SemaphoreSlim _turn = new(1);
    private Judgement? _pending;

    public async ValueTask<WriteResult> WriteAsync(ObservationBatch batch, CancellationToken cancellationToken = default)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await JudgeAndWriteAsync(batch, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    public ValueTask<BatchId?> GetLastBatchAsync(SensorId sensor, CancellationToken cancellationToken = default) => store.GetLastBatchAsync(sensor, cancellationToken);

    public IAsyncEnumerable<RecordPage> ReadAsync(ObservationQuery query, CancellationToken cancellationToken = default) => store.ReadAsync(query, cancellationToken);

    public ValueTask<StoreStatus> GetStatusAsync(CancellationToken cancellationToken = default) => store.GetStatusAsync(cancellationToken);

    /// <summary>Leaves the store alone, which is not ours.</summary>
    public ValueTask DisposeAsync()
    {
        _turn.Dispose();
        return default;
    }

    private async ValueTask<WriteResult> JudgeAndWriteAsync(ObservationBatch batch, CancellationToken cancellationToken)
    {
        if (!feed.HasSubscribers) return await store.WriteAsync(batch, cancellationToken).ConfigureAwait(false);

        // An attempt that failed may have written all the same. Then the store knows the rows by now, and only the first judgement tells what was new.
        bool isRetry = _pending?.Batch == batch.Id;
        if (!isRetry)
        {
            NoveltyJudge.Verdicts verdicts = await _judge.JudgeAsync(batch, cancellationToken).ConfigureAwait(false);
            _pending = new(batch.Id, verdicts.Events);
            feed.Count(verdicts.Judged, verdicts.Undecided);
        }

        WriteResult result = await store.WriteAsync(batch, cancellationToken).ConfigureAwait(false);
        Judgement judgement = _pending!;
        _pending = null;
        if (result == WriteResult.Applied || isRetry) await feed.PublishAsync(judgement.Events).ConfigureAwait(false);
        return result;
    }

    private sealed record Judgement(BatchId Batch, IReadOnlyList<ObservationEvent> Events);
}
