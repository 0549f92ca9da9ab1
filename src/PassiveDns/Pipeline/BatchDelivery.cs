using PassiveDns.Storage;

namespace PassiveDns;

/// <summary>
/// The way of finished batches to the store: straight, with a bounded number of attempts; or through a spool, from which a second task writes for as
/// long as it takes. Batches keep their order on either way.
/// </summary>
internal sealed class BatchDelivery(IObservationStore store, PipelineOptions options)
{
    private long _batchesApplied;
    private long _batchesAlreadyApplied;
    private long _rowsApplied;
    private long _rowsAlreadyApplied;
    private long _writeRetries;

    /// <summary>Delivers a batch: when the call returns, it is stored, spooled or counted as dropped.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="hurry">Ends waiting for room in the spool, which then takes the batch all the same.</param>
    public async ValueTask DeliverAsync(ObservationBatch batch, CancellationToken hurry)
    {
        if (options.Spool is { } spool) await spool.AppendAsync(batch, hurry).ConfigureAwait(false);
        else await WriteAsync(batch, options.MaxWriteAttempts, CancellationToken.None).ConfigureAwait(false); // no token: a finished batch is written also after a stop
    }

    /// <summary>Writes what is in the spool into the store.</summary>
    /// <param name="noMore">Says that no batch will be delivered any more: the draining ends when the spool is empty.</param>
    /// <param name="giveUp">Ends the draining at once; what is left stays in the spool.</param>
    public async Task DrainAsync(CancellationToken noMore, CancellationToken giveUp)
    {
        if (options.Spool is not { } spool) return;
        while (!giveUp.IsCancellationRequested)
        {
            bool isLast = noMore.IsCancellationRequested;
            if (spool.TryRead(out ObservationBatch? batch))
            {
                try
                {
                    await WriteAsync(batch, int.MaxValue, giveUp).ConfigureAwait(false);
                }
                catch (OperationCanceledException) when (giveUp.IsCancellationRequested)
                {
                    return;
                }

                spool.Acknowledge();
            }
            else if (isLast)
            {
                return;
            }
            else
            {
                await spool.WaitToReadAsync(noMore).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Waits until the spool is empty; after a stop only for so long as <see cref="PipelineOptions.DrainTime"/> says.</summary>
    /// <param name="draining">The task of <see cref="DrainAsync"/>, which was told that nothing more comes.</param>
    /// <param name="giveUp">Ends that task.</param>
    /// <param name="stop">Whether and when a stop is asked for.</param>
    public async Task FinishAsync(Task draining, CancellationTokenSource giveUp, CancellationToken stop)
    {
        await draining.WaitAsync(stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            await draining.WaitAsync(options.DrainTime, options.TimeProvider, CancellationToken.None).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!draining.IsCompleted)
        {
            await giveUp.CancelAsync().ConfigureAwait(false);
            await draining.ConfigureAwait(false);
        }
    }

    /// <summary>Puts what was delivered into a report.</summary>
    public PipelineReport AddTo(PipelineReport report) => report with
    {
        BatchesApplied = Interlocked.Read(ref _batchesApplied),
        BatchesAlreadyApplied = Interlocked.Read(ref _batchesAlreadyApplied),
        RowsApplied = Interlocked.Read(ref _rowsApplied),
        RowsAlreadyApplied = Interlocked.Read(ref _rowsAlreadyApplied),
        WriteRetries = Interlocked.Read(ref _writeRetries),
        Spool = options.Spool?.GetReport(),
    };

    private async ValueTask WriteAsync(ObservationBatch batch, int attempts, CancellationToken giveUp)
    {
        WriteResult result = await OfferAsync(batch, attempts, giveUp).ConfigureAwait(false);
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

    private async ValueTask<WriteResult> OfferAsync(ObservationBatch batch, int attempts, CancellationToken giveUp)
    {
        TimeSpan delay = options.RetryDelay;
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await store.WriteAsync(batch, giveUp).ConfigureAwait(false);
            }
            catch (ObservationStoreException e) when (e.IsTransient && attempt < attempts)
            {
                // Safe even if the failed call did write: the batch's id makes it count once.
                Interlocked.Increment(ref _writeRetries);
            }

            await Task.Delay(delay, options.TimeProvider, giveUp).ConfigureAwait(false);
            delay = TimeSpan.FromTicks(Math.Min(delay.Ticks * 2, options.MaxRetryDelay.Ticks));
        }
    }
}
