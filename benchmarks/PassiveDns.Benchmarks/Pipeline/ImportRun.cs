using PassiveDns.Aggregation;
using PassiveDns.Capture;

namespace PassiveDns.Benchmarks.Pipeline;

/// <summary>One run over a capture file: packets in, finished batches out, on the calling thread.</summary>
internal sealed class ImportRun(string path, string? hints)
{
    private readonly AggregationOptions _options = new()
    {
        Sensor = new("benchmark"),
        RootHints = hints is null ? RootHints.Default : RootHints.Load(hints),
    };

    public CaptureReport Capture { get; private set; } = null!;

    public AggregationReport Aggregation { get; private set; } = null!;

    /// <summary>What the verifier knows beforehand.</summary>
    public DelegationSnapshot Known { get; init; } = DelegationSnapshot.Empty;

    /// <summary>What it knew in the end.</summary>
    public DelegationSnapshot Learnt { get; private set; } = DelegationSnapshot.Empty;

    /// <summary>Reads the file to its end.</summary>
    /// <param name="take">Takes each finished batch.</param>
    /// <param name="watch">Sees the report before the first message and after each buffer of them.</param>
    public async Task RunAsync(Action<ObservationBatch> take, Action<AggregationReport>? watch = null)
    {
        await using PcapFileSource source = PcapFileSource.Open([path]);
        ResponseAggregator aggregator = new(_options with { Delegations = Known });
        MessageBatch messages = new(messageCapacity: watch is null ? 2048 : 64);
        bool more = true;
        watch?.Invoke(aggregator.GetReport());
        while (more)
        {
            messages.Clear();
            more = await source.ReadAsync(messages).ConfigureAwait(false);
            aggregator.AddAll(messages);
            while (aggregator.TryTake(out ObservationBatch? batch)) take(batch);
            watch?.Invoke(aggregator.GetReport());
        }

        aggregator.Complete();
        while (aggregator.TryTake(out ObservationBatch? batch)) take(batch);
        Capture = source.GetReport();
        Aggregation = aggregator.GetReport();
        if (watch is not null) Learnt = aggregator.GetDelegations();
    }
}
