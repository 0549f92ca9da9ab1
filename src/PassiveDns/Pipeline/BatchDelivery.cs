using System.Diagnostics;
using PassiveDns.Storage;
using PassiveDns.Storage.Spooling;

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
    private volatile bool _isStoreFailing;
    private readonly Tally<QuarantineFate> _quarantinedBatches = new();
    private readonly Tally<QuarantineFate> _quarantinedRows = new();

    /// <summary>Delivers a batch: when the call returns, it is stored, spooled, in quarantine or counted as dropped.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="hurry">Ends waiting for room in the spool, which then takes the batch all the same.</param>
    public async ValueTask DeliverAsync(ObservationBatch batch, CancellationToken hurry)
    {
        if (options.Redaction is { } redaction) batch = redaction.Apply(batch); // first, so that no disk ever holds what is cut away
        if (IsQuarantined(batch)) return;
        if (options.Spool is { } spool) await spool.AppendAsync(batch, hurry).ConfigureAwait(false);
        else await WriteAsync(batch, options.MaxWriteAttempts, CancellationToken.None).ConfigureAwait(false); // no token: a finished batch is written also after a stop
    }

    /// <summary>Writes a batch into the store for chaff; it is no part of the account of what was written.</summary>
    public async ValueTask DeliverChaffAsync(ObservationBatch batch)
    {
        if (options.Redaction is { } redaction) batch = redaction.Apply(batch); // what is rejected may hold secrets as well
        await OfferAsync(batch, options.ChaffStore!, options.MaxWriteAttempts, activity: null, CancellationToken.None).ConfigureAwait(false);
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
    /// <param name="isOver">Ends when nobody waits any longer after a stop, however much of the time is left.</param>
    /// <param name="stop">Whether and when a stop is asked for.</param>
    public async Task FinishAsync(Task draining, CancellationTokenSource giveUp, Task isOver, CancellationToken stop)
    {
        await draining.WaitAsync(stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            Task first = await Task.WhenAny(draining, isOver).WaitAsync(options.DrainTime, options.TimeProvider, CancellationToken.None).ConfigureAwait(false);
            if (first == isOver && !draining.IsCompleted) throw new TimeoutException();
            await draining.ConfigureAwait(false);
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
        IsStoreFailing = _isStoreFailing,
        Spool = options.Spool?.GetReport(),
        Redaction = options.Redaction?.GetReport(),
        Quarantine =
        [
            .. _quarantinedBatches.ToAccount(PipelineAccount.Batches, fate => fate == QuarantineFate.QuarantineFull),
            .. _quarantinedRows.ToAccount(PipelineAccount.WrittenRows, fate => fate == QuarantineFate.QuarantineFull),
        ],
    };

    /// <summary>A sensor's clock is wrong: the batch goes where people look at it.</summary>
    private bool IsQuarantined(ObservationBatch batch)
    {
        if (options.Quarantine is not { } quarantine) return false;
        ClockFault fault = options.ClockBounds.FindFault(batch, options.TimeProvider.GetUtcNow());
        if (fault == ClockFault.None) return false;
        QuarantineFate fate = !quarantine.TryAdd(batch, fault == ClockFault.Future ? "future" : "too-old") ? QuarantineFate.QuarantineFull
            : fault == ClockFault.Future ? QuarantineFate.QuarantinedFuture : QuarantineFate.QuarantinedTooOld;
        _quarantinedBatches.Count(fate);
        _quarantinedRows.Count(fate, batch.Rows.Count);
        return true;
    }

    private async ValueTask WriteAsync(ObservationBatch batch, int attempts, CancellationToken giveUp)
    {
        using Activity? activity = PipelineActivities.StartWrite(batch);
        WriteResult result = await OfferAsync(batch, store, attempts, activity, giveUp).ConfigureAwait(false);
        activity.Written(result);
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

    private bool Fails(Exception exception, Activity? activity)
    {
        if (exception is OperationCanceledException) return false;
        _isStoreFailing = true;
        activity.Failed(exception);
        return false;
    }

    private async ValueTask<WriteResult> OfferAsync(ObservationBatch batch, IObservationStore target, int attempts, Activity? activity, CancellationToken giveUp)
    {
        TimeSpan delay = options.RetryDelay;
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                WriteResult result = await target.WriteAsync(batch, giveUp).ConfigureAwait(false);
                _isStoreFailing = false;
                return result;
            }
            catch (ObservationStoreException e) when (e.IsTransient && attempt < attempts)
            {
                // Safe even if the failed call did write: the batch's id makes it count once.
                Interlocked.Increment(ref _writeRetries);
                _isStoreFailing = true;
                activity.Retried();
            }
            catch (Exception e) when (Fails(e, activity))
            {
                throw; // unreachable: the filter only takes note
            }

            await Task.Delay(delay, options.TimeProvider, giveUp).ConfigureAwait(false);
            delay = TimeSpan.FromTicks(Math.Min(delay.Ticks * 2, options.MaxRetryDelay.Ticks));
        }
    }
}
