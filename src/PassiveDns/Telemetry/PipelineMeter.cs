using System.Diagnostics.Metrics;

namespace PassiveDns;

/// <summary>The one meter of this package, read from the reports of all pipelines of a host whenever somebody listens. Documented in <c>docs/metrics.md</c>.</summary>
/// <remarks>Tags hold stages, fates, results and the names that pipelines were given: never a domain name, an address or the name of a source.</remarks>
internal sealed class PipelineMeter : IDisposable
{
    internal const string MeterName = "PassiveDns";

    private readonly Lock _lock = new();
    private readonly Meter _meter;
    private readonly bool _ownsMeter;
    private PipelineRun[] _runs = [];

    internal PipelineMeter(IMeterFactory? factory)
    {
        _ownsMeter = factory is null; // a factory disposes its meters itself
        _meter = factory?.Create(new MeterOptions(MeterName)) ?? new Meter(MeterName);
        Add("passivedns.items", "{item}", "Packets, messages, responses, RRsets and rows, by stage and by what became of them", Items);
        Add("passivedns.batches", "{batch}", "Batches that the store acknowledged", r => ByResult(r.BatchesApplied, r.BatchesAlreadyApplied));
        Add("passivedns.rows", "{row}", "Rows of batches that the store acknowledged", r => ByResult(r.RowsApplied, r.RowsAlreadyApplied));
        Add("passivedns.write.retries", "{attempt}", "Batches offered again because the store failed transiently", r => [new(r.WriteRetries, [])]);
        Add("passivedns.read.bytes", "By", "Octets read from the sources' media", r => [new(r.Sources.Sum(s => s.Capture.BytesRead), [])]);
        Add("passivedns.quarantined", "{batch}", "Batches whose times were not believed, by what became of them", Quarantined);
        Add("passivedns.spool.lost", "{batch}", "Batches that the spool could not keep, by reason", Lost);
        _meter.CreateObservableCounter("passivedns.events", ObserveEvents, "{event}", "Events that subscribers got, lost, or that could not be decided");
        _meter.CreateObservableUpDownCounter("passivedns.spool.batches", () => Observe(r => [new(r.Spool?.PendingBatches ?? 0, [])]), "{batch}", "Batches that wait in the spool for the store");
        _meter.CreateObservableUpDownCounter("passivedns.spool.bytes", () => Observe(r => [new(r.Spool?.Bytes ?? 0, [])]), "By", "Octets of the spool");
    }

    /// <summary>Measures a run too, from now on.</summary>
    public void Watch(PipelineRun run)
    {
        lock (_lock) _runs = [.. _runs, run];
    }

    public void Dispose()
    {
        if (_ownsMeter) _meter.Dispose();
    }

    private void Add(string name, string unit, string description, Func<PipelineReport, IEnumerable<Count>> counts) =>
        _meter.CreateObservableCounter(name, () => Observe(counts), unit, description);

    private IEnumerable<Measurement<long>> Observe(Func<PipelineReport, IEnumerable<Count>> counts)
    {
        foreach (PipelineRun run in _runs)
        {
            if (run.GetReport() is not { } report) continue;
            foreach (Count count in counts(report)) yield return Of(run, count);
        }
    }

    private IEnumerable<Measurement<long>> ObserveEvents()
    {
        foreach (PipelineRun run in _runs)
        {
            if (run.GetFeedReport() is not { } report) continue;
            yield return Of(run, new(report.Delivered, [new("result", "delivered")]));
            yield return Of(run, new(report.Dropped, [new("result", "dropped")]));
            yield return Of(run, new(report.Undecided, [new("result", "undecided")]));
        }
    }

    private static Measurement<long> Of(PipelineRun run, Count count) =>
        run.Name.Length == 0 ? new(count.Value, count.Tags) : new(count.Value, [.. count.Tags, new("pipeline", run.Name)]);

    private static IEnumerable<Count> Items(PipelineReport report)
    {
        foreach (StageCount line in report.Account)
        {
            if (line.Stage is PipelineAccount.Batches or PipelineAccount.WrittenRows) continue; // these have instruments of their own
            yield return new(line.Count, [new("stage", line.Stage), new("fate", line.Fate), new("drop", line.IsDrop)]);
        }
    }

    private static IEnumerable<Count> Quarantined(PipelineReport report) =>
        report.Quarantine.Where(line => line.Stage == PipelineAccount.Batches).Select(line => new Count(line.Count, [new("reason", line.Fate)]));

    private static Count[] Lost(PipelineReport report) => report.Spool is { } spool
        ? [new(spool.DroppedBatches, [new("reason", "full")]), new(spool.LostBatches, [new("reason", "unreadable")])]
        : [];

    private static Count[] ByResult(long applied, long alreadyApplied) => [new(applied, [new("result", "applied")]), new(alreadyApplied, [new("result", "already-applied")])];

    private readonly record struct Count(long Value, KeyValuePair<string, object?>[] Tags);
}
