using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PassiveDns.Storage;
using PassiveDns.Storage.Spooling;

namespace PassiveDns;

/// <summary>Runs the pipeline from the start of the host to its shutdown, measures it, and logs the account at its end.</summary>
internal sealed class HostedPipeline : BackgroundService
{
    private readonly PipelineServices _services;
    private readonly PipelineRun _run;
    private readonly ILogger _logger;

    internal HostedPipeline(PipelineServices services)
    {
        _services = services;
        _run = services.GetRequiredService<PipelineRun>();
        string category = _run.Name.Length == 0 ? "PassiveDns.Pipeline" : $"PassiveDns.Pipeline.{_run.Name}";
        _logger = services.GetService<ILoggerFactory>()?.CreateLogger(category) ?? Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;
    }

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        // A store that cannot be opened fails the start of the host, where somebody looks.
        _services.GetRequiredService<IObservationStore>();
        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            await base.StopAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            // The token ends with the host's patience. What the store has not taken by then stays in the spool; without a spool it is waited for when the
            // services are disposed, since nothing acknowledged may be lost. A callback of the token would come too late: those that were registered
            // last are called first, and the end of the wait above would take it back.
            if (cancellationToken.IsCancellationRequested) _run.EndDraining();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        PipelineReport report = await _run.RunAsync(progress: null, stoppingToken).ConfigureAwait(false);
        LogAccount(report);
    }

    private void LogAccount(PipelineReport report)
    {
        long packets = report.Sources.Sum(s => s.Capture.Packets);
        if (report.IsComplete) _logger.RunCompleted(packets, report.Observed, report.RowsApplied, report.BatchesApplied, report.BatchesAlreadyApplied);
        else _logger.RunStopped(packets, report.Observed, report.RowsApplied, report.BatchesApplied, report.BatchesAlreadyApplied);

        foreach (SourceReport source in report.Sources)
        {
            if (source.Capture.Damage is { } damage) _logger.SourceDamaged(source.Name, damage.Problem, damage.Offset, damage.Mend);
        }

        if (report.Spool is { } spool) LogSpool(spool);
        foreach (string imbalance in report.FindImbalances()) _logger.AccountImbalanced(imbalance);
        foreach (StageCount line in report.Account)
        {
            if (line.IsDrop) _logger.Dropped(line.Count, line.Stage, line.Fate);
            else _logger.Counted(line.Count, line.Stage, line.Fate);
        }
    }

    private void LogSpool(SpoolReport spool)
    {
        if (spool.RecoveredBatches > 0) _logger.SpoolRecovered(spool.RecoveredBatches);
        if (spool.PendingBatches > 0) _logger.LeftInSpool(spool.PendingBatches, spool.PendingRows);
        foreach (SpoolDamage damage in spool.Damage) _logger.SpoolDamaged(damage.File, damage.Problem, damage.Offset, damage.Octets);
    }
}
