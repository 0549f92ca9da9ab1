using System.Threading.Channels;
using PassiveDns.Aggregation;
using PassiveDns.Capture;
using PassiveDns.Storage;

namespace PassiveDns;

/// <summary>
/// Runs responses from sources through an aggregator into a store, once: read, aggregate, write, with nothing lost on the way.
/// </summary>
/// <remarks>
/// One task reads and decodes, and takes responses apart for the aggregator when that is behind; the caller's aggregates, a third packs rows into batches and writes these; whole <see cref="MessageBatch"/> buffers hop between the
/// first two and are used again, the rows of windows between the last two. A slow store holds back the aggregator, and that holds back the sources: nothing is dropped here. With a
/// <see cref="PipelineOptions.Spool"/> batches wait on the disk instead, and a fourth task writes them from there. All orders are kept, so that the result of
/// an import does not depend on timing. The pipeline owns none of its parts; dispose them afterwards.
/// </remarks>
public sealed partial class PassiveDnsPipeline
{
    // One buffer is read into, one is aggregated; the others wait, so that the aggregator goes on while the rows of a window are packed in the place of reading.
    private const int BufferCount = 6;

    private readonly ICaptureSource[] _sources;
    private readonly ResponseAggregator _aggregator;
    private readonly BatchDelivery _delivery;
    private readonly PipelineOptions _options;
    private readonly Channel<ResponseBuffer> _empty = Channel.CreateUnbounded<ResponseBuffer>();
    private readonly Channel<ResponseBuffer> _filled = Channel.CreateUnbounded<ResponseBuffer>();
    private readonly TaskCompletionSource _drainingIsOver = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private int _started;
    private volatile bool _hasEnded;
    private volatile bool _isComplete;

    /// <summary>Makes a pipeline of one source.</summary>
    /// <param name="source">Where responses come from.</param>
    /// <param name="aggregator">An aggregator that has not been used yet.</param>
    /// <param name="store">Where batches go.</param>
    /// <param name="options">How to read, stop and retry; <c>null</c> for the defaults.</param>
    public PassiveDnsPipeline(ICaptureSource source, ResponseAggregator aggregator, IObservationStore store, PipelineOptions? options = null)
        : this([source], aggregator, store, options)
    {
    }

    /// <summary>Makes a pipeline of any number of sources.</summary>
    /// <param name="sources">Where responses come from; see <see cref="PipelineOptions.ReadConcurrently"/>.</param>
    /// <param name="aggregator">An aggregator that has not been used yet.</param>
    /// <param name="store">Where batches go.</param>
    /// <param name="options">How to read, stop and retry; <c>null</c> for the defaults.</param>
    public PassiveDnsPipeline(IReadOnlyList<ICaptureSource> sources, ResponseAggregator aggregator, IObservationStore store, PipelineOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(sources);
        ArgumentNullException.ThrowIfNull(aggregator);
        ArgumentNullException.ThrowIfNull(store);
        _sources = [.. sources];
        foreach (ICaptureSource source in _sources) ArgumentNullException.ThrowIfNull(source, nameof(sources));
        _aggregator = aggregator;
        _options = options ?? new();
        _options.Validate(aggregator.Options);
        _delivery = new(store, _options);
    }

    /// <summary>Reads the sources to their ends, or until it is told to stop, and writes what they gave.</summary>
    /// <param name="progress">Hears from time to time how far the run is; the last report is the return value's.</param>
    /// <param name="stop">
    /// Asks for an orderly end, which is no error: what was read is aggregated, and the rest is decided by <see cref="PipelineOptions.DrainOnStop"/>.
    /// </param>
    /// <returns>The final account; see <see cref="PipelineReport.IsComplete"/>.</returns>
    /// <exception cref="InvalidOperationException">The pipeline has been run before.</exception>
    /// <exception cref="IOException">A source's medium failed; what it gave before was dealt with as after a stop.</exception>
    /// <exception cref="ObservationStoreException">The store failed for good, or transiently too often.</exception>
    public async Task<PipelineReport> RunAsync(IProgress<PipelineReport>? progress = null, CancellationToken stop = default)
    {
        if (Interlocked.Exchange(ref _started, 1) != 0)
        {
            throw new InvalidOperationException("This pipeline has been run: make a new one, with a new aggregator, for each run.");
        }

        using CancellationTokenSource halt = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using CancellationTokenSource noMore = new();
        using CancellationTokenSource giveUp = new();
        Task<bool> reading = Task.Run(() => ReadAllAsync(halt.Token), CancellationToken.None);
        Task delivering = Task.Run(() => DeliverOrHaltAsync(halt), CancellationToken.None);
        Task draining = Task.Run(() => DrainOrHaltAsync(halt, noMore.Token, giveUp.Token), CancellationToken.None);
        try
        {
            await ConsumeAsync(progress, delivering).ConfigureAwait(false);
            await ((Task)reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            bool ended = reading.IsCompletedSuccessfully && await reading.ConfigureAwait(false);
            if (ended || _options.DrainOnStop)
            {
                _aggregator.Complete();
                await TellHandedOnAsync(delivering).ConfigureAwait(false);
            }

            _handedOn.Writer.TryComplete();
            await delivering.ConfigureAwait(false);
            if (_options.SaveDelegations is { } save) await save(_aggregator.GetDelegations()).ConfigureAwait(false);

            // A source that failed ends the run as a stop does: its failure is told, however long the store stays down.
            await noMore.CancelAsync().ConfigureAwait(false);
            await _delivery.FinishAsync(draining, giveUp, _drainingIsOver.Task, ended ? halt.Token : new(canceled: true)).ConfigureAwait(false);
            _isComplete = ended && _options.Spool?.GetReport() is null or { PendingBatches: 0 };
            await reading.ConfigureAwait(false);
        }
        finally
        {
            // After a failure of the store: nobody empties the buffers any more, so that reading must not wait for one.
            _empty.Writer.TryComplete();
            _handedOn.Writer.TryComplete();
            await halt.CancelAsync().ConfigureAwait(false);
            await ((Task)reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await delivering.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await giveUp.CancelAsync().ConfigureAwait(false);
            await noMore.CancelAsync().ConfigureAwait(false);
            await draining.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _hasEnded = true;
        PipelineReport report = GetReport();
        progress?.Report(report);
        return report;
    }

    /// <summary>How far the run is. May be called from any thread, at any time.</summary>
    public PipelineReport GetReport() => _delivery.AddTo(new()
    {
        Sources = [.. _sources.Select(source => new SourceReport(source.Name, source.GetReport()))],
        Aggregation = _aggregator.GetReport(),
        HasEnded = _hasEnded,
        IsComplete = _isComplete,
    });

    /// <summary>
    /// Ends, after a stop, the wait for a store that takes what is in the spool: the rest stays there for the next run. For hosts whose patience is shorter
    /// than <see cref="PipelineOptions.DrainTime"/>.
    /// </summary>
    public void EndDraining() => _drainingIsOver.TrySetResult();

    private async Task DrainOrHaltAsync(CancellationTokenSource halt, CancellationToken noMore, CancellationToken giveUp)
    {
        try
        {
            await _delivery.DrainAsync(noMore, giveUp).ConfigureAwait(false);
        }
        catch
        {
            // The store failed for good: the run ends in order, and what is left waits in the spool.
            await halt.CancelAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task ConsumeAsync(IProgress<PipelineReport>? progress, Task delivering)
    {
        long reported = _options.TimeProvider.GetTimestamp();
        long saved = reported;

        // Without a token, on purpose: what has been read is aggregated also after a stop.
        await foreach (ResponseBuffer buffer in _filled.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
        {
            buffer.Empty();
            _empty.Writer.TryWrite(buffer);
            await TellHandedOnAsync(delivering).ConfigureAwait(false);
            if (_options.SaveDelegations is { } save && _options.TimeProvider.GetElapsedTime(saved) >= _options.SaveInterval)
            {
                saved = _options.TimeProvider.GetTimestamp();
                await save(_aggregator.GetDelegations()).ConfigureAwait(false);
            }

            if (progress is not null && _options.TimeProvider.GetElapsedTime(reported) >= _options.ProgressInterval)
            {
                reported = _options.TimeProvider.GetTimestamp();
                progress.Report(GetReport());
            }
        }
    }
}
