using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using PassiveDns.Aggregation;
using PassiveDns.Capture;
using PassiveDns.Events;
using PassiveDns.Storage;
using PassiveDns.Storage.Spooling;

namespace PassiveDns;

/// <summary>
/// The one run of a pipeline that <c>AddPassiveDns()</c> describes. The host starts it; await <see cref="Completion"/> for its end. A program
/// without a host calls <see cref="RunAsync"/>.
/// </summary>
public sealed class PipelineRun
{
    private readonly PipelineServices _services;
    private readonly PassiveDnsSetup _setup;
    private readonly TaskCompletionSource<PipelineReport> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _started;
    private volatile bool _isDrainingOver;
    private volatile PassiveDnsPipeline? _pipeline;
    private volatile ObservationFeed? _feed;

    internal PipelineRun(PipelineServices services, PassiveDnsSetup setup)
    {
        _services = services;
        _setup = setup;

        // Whoever started the run hears of a failure; nobody needs to await the end as well.
        _completion.Task.ContinueWith(static t => _ = t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
    }

    /// <summary>The name of the pipeline, empty for the one without a name.</summary>
    public string Name => _setup.Name;

    /// <summary>
    /// Ends when all sources have ended or the host has shut the run down, with the final account; or with the failure that ended it.
    /// </summary>
    public Task<PipelineReport> Completion => _completion.Task;

    /// <summary>How far the run is, or <c>null</c> before it has started to read. May be called from any thread.</summary>
    public PipelineReport? GetReport() => _pipeline?.GetReport();

    /// <summary>What the pipeline's feed has told, or <c>null</c> without one.</summary>
    internal FeedReport? GetFeedReport() => _feed?.GetReport();

    /// <summary>Opens sources and store, runs the pipeline to its end, and disposes the sources. Programs with a host do not call it.</summary>
    /// <param name="progress">Hears from time to time how far the run is.</param>
    /// <param name="stop">Asks for an orderly end: live sources are drained, an import keeps its finished batches.</param>
    /// <exception cref="InvalidOperationException">The run was started before, or there is not exactly one store.</exception>
    /// <exception cref="OptionsValidationException">An option is missing or wrong; the message names it and the mend.</exception>
    /// <exception cref="IOException">A source or the store failed.</exception>
    public async Task<PipelineReport> RunAsync(IProgress<PipelineReport>? progress = null, CancellationToken stop = default)
    {
        if (Interlocked.Exchange(ref _started, 1) != 0)
        {
            throw new InvalidOperationException("The run has been started before (a host does it by itself): await PipelineRun.Completion instead.");
        }

        try
        {
            PipelineReport report = await RunOnceAsync(progress, stop).ConfigureAwait(false);
            _completion.SetResult(report);
            return report;
        }
        catch (OperationCanceledException e)
        {
            _completion.SetCanceled(e.CancellationToken);
            throw;
        }
        catch (Exception e)
        {
            _completion.SetException(e);
            throw;
        }
    }

    /// <summary>Ends, after a stop, the wait for the store: what it has not taken stays in the spool.</summary>
    internal void EndDraining()
    {
        _isDrainingOver = true;
        _pipeline?.EndDraining();
        _feed?.EndWaiting();
    }

    private async Task<PipelineReport> RunOnceAsync(IProgress<PipelineReport>? progress, CancellationToken stop)
    {
        PassiveDnsOptions options = _services.Options;
        VantageOptions vantage = _services.GetRequiredService<VantageOptions>();
        TimeProvider time = _services.GetRequiredService<TimeProvider>();
        IObservationStore store = _services.GetRequiredService<IObservationStore>();
        IObservationStore? chaff = _setup.KeepsChaff ? _services.GetRequiredKeyedService<IObservationStore>(PassiveDnsBuilder.ChaffKey(Name)) : null;
        _feed = _services.GetService<ObservationFeed>();
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(stop, _services.GetRequiredService<PipelineEnd>().Stop);
        AggregationOptions aggregation = PipelineParts.Aggregation(options) with { KeepChaff = chaff is not null };
        ulong epoch = _setup.IsImport
            ? ImportEpoch.Compute(_setup.Files, vantage, aggregation, options.Redaction, end.Token)
            : (ulong)(time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks;

        using BatchSpool? spool = PipelineParts.OpenSpool(options);
        List<ICaptureSource> sources = [];
        try
        {
            _setup.OpenSources(_services, sources);
            PassiveDnsPipeline pipeline = new(
                sources,
                new ResponseAggregator(aggregation with { Epoch = epoch }),
                _feed?.Watch(store) ?? store,
                PipelineParts.Pipeline(options, _setup, spool, chaff, time));
            _pipeline = pipeline;
            _services.GetRequiredService<PipelineMeter>().Watch(this);
            if (_isDrainingOver) pipeline.EndDraining();
            return await pipeline.RunAsync(progress, end.Token).ConfigureAwait(false);
        }
        finally
        {
            foreach (ICaptureSource source in sources) await source.DisposeAsync().ConfigureAwait(false);
        }
    }
}
