using System.Diagnostics.Metrics;

namespace PassiveDns;

/// <summary>The meter of this package, read from the reports whenever somebody listens. Documented in <c>docs/metrics.md</c>.</summary>
/// <remarks>Tags hold stages, fates and results only: never a domain name, an address or the name of a source.</remarks>
internal sealed class Telemetry : IDisposable
{
    internal const string MeterName = "PassiveDns";

    private readonly PipelineRun _run;
    private readonly Meter _meter;
    private readonly bool _ownsMeter;

    internal Telemetry(PipelineRun run, IMeterFactory? factory)
    {
        _run = run;
        _ownsMeter = factory is null; // a factory disposes its meters itself
        _meter = factory?.Create(new MeterOptions(MeterName)) ?? new Meter(MeterName);
        _meter.CreateObservableCounter("passivedns.items", ObserveItems, "{item}", "Packets, messages, responses, RRsets and rows, by stage and by what became of them");
        _meter.CreateObservableCounter("passivedns.batches", ObserveBatches, "{batch}", "Batches that the store acknowledged");
        _meter.CreateObservableCounter("passivedns.rows", ObserveRows, "{row}", "Rows of batches that the store acknowledged");
        _meter.CreateObservableCounter("passivedns.write.retries", () => Observe(r => r.WriteRetries), "{attempt}", "Batches offered again because the store failed transiently");
        _meter.CreateObservableCounter("passivedns.read.bytes", () => Observe(r => r.Sources.Sum(s => s.Capture.BytesRead)), "By", "Octets read from the sources' media");
        _meter.CreateObservableUpDownCounter("passivedns.spool.batches", () => Observe(r => r.Spool?.PendingBatches ?? 0), "{batch}", "Batches that wait in the spool for the store");
        _meter.CreateObservableUpDownCounter("passivedns.spool.bytes", () => Observe(r => r.Spool?.Bytes ?? 0), "By", "Octets of the spool");
        _meter.CreateObservableCounter("passivedns.spool.lost", ObserveLost, "{batch}", "Batches that the spool could not keep, by reason");
    }

    public void Dispose()
    {
        if (_ownsMeter) _meter.Dispose();
    }

    private IEnumerable<Measurement<long>> Observe(Func<PipelineReport, long> value) => _run.GetReport() is { } report ? [new(value(report))] : [];

    private IEnumerable<Measurement<long>> ObserveItems()
    {
        if (_run.GetReport() is not { } report) yield break;
        foreach (StageCount line in report.Account)
        {
            if (line.Stage is PipelineAccount.Batches or PipelineAccount.WrittenRows) continue; // these have instruments of their own
            yield return new(line.Count, new("stage", line.Stage), new("fate", line.Fate), new("drop", line.IsDrop));
        }
    }

    private IEnumerable<Measurement<long>> ObserveBatches() =>
        _run.GetReport() is { } report ? ByResult(report.BatchesApplied, report.BatchesAlreadyApplied) : [];

    private IEnumerable<Measurement<long>> ObserveRows() =>
        _run.GetReport() is { } report ? ByResult(report.RowsApplied, report.RowsAlreadyApplied) : [];

    private IEnumerable<Measurement<long>> ObserveLost() => _run.GetReport()?.Spool is { } spool
        ? [new(spool.DroppedBatches, new KeyValuePair<string, object?>("reason", "full")), new(spool.LostBatches, new KeyValuePair<string, object?>("reason", "unreadable"))]
        : [];

    private static Measurement<long>[] ByResult(long applied, long alreadyApplied) =>
    [
        new(applied, new KeyValuePair<string, object?>("result", "applied")),
        new(alreadyApplied, new KeyValuePair<string, object?>("result", "already-applied")),
    ];
}
