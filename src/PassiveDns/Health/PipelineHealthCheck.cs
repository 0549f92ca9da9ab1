using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using PassiveDns.Storage;

namespace PassiveDns;

/// <summary>Whether a pipeline does what it is there for: it runs, what arrives is observed, and the store takes it and answers.</summary>
internal sealed class PipelineHealthCheck(PipelineServices services) : IHealthCheck
{
    // The smallest question there is: the rows of the root. It reads, and it never walks.
    private static readonly ObservationQuery s_question = new(new QueryAnchor.OwnerName(DomainName.Root)) { Limit = 1 };

    // Fetched once, and the services let go: those of a check are of a scope that ends with it, and these live as long as the host.
    private readonly IObservationStore _store = services.GetRequiredService<IObservationStore>();
    private readonly PipelineRun _run = services.GetRequiredService<PipelineRun>();
    private readonly PipelineHealth _health = new(services.Options.Health, services.GetRequiredService<TimeProvider>());

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        HealthStatus failure = context.Registration.FailureStatus;
        if (_run.Completion.IsFaulted) return new(failure, "the pipeline has ended with a failure: see the log", _run.Completion.Exception.InnerException);
        if (await FindStoreFailureAsync(cancellationToken).ConfigureAwait(false) is { } exception) return new(failure, "the store does not answer", exception);
        if (_run.GetReport() is not { } report) return HealthCheckResult.Healthy("the pipeline has not begun to read");

        Dictionary<string, object> facts = new()
        {
            ["packets"] = report.Sources.Sum(s => s.Capture.Packets),
            ["observed"] = report.Observed,
            ["rows"] = report.RowsApplied,
            ["spool.batches"] = report.Spool?.PendingBatches ?? 0,
        };
        IReadOnlyList<string> ailments = _health.FindAilments(report);
        return ailments.Count == 0
            ? HealthCheckResult.Healthy(report.HasEnded ? "all sources have ended" : "responses are observed and written", facts)
            : new(failure, string.Join("; ", ailments), exception: null, facts);
    }

    private async ValueTask<Exception?> FindStoreFailureAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (RecordPage _ in _store.ReadAsync(s_question, cancellationToken).ConfigureAwait(false))
            {
            }

            return null;
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            return e; // told, not hidden: this is what the check is there to find out
        }
    }
}
