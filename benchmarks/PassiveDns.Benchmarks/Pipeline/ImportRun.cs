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

    /// <summary>Reads the file to its end.</summary>
    /// <param name="take">Takes each finished batch.</param>
    public async Task RunAsync(Action<ObservationBatch> take)
    {
        await using PcapFileSource source = PcapFileSource.Open([path]);
        ResponseAggregator aggregator = new(_options);
        MessageBatch messages = new();
        bool more = true;
        while (more)
        {
            messages.Clear();
            more = await source.ReadAsync(messages).ConfigureAwait(false);
            foreach (CapturedResponse response in messages) aggregator.Add(in response);
            while (aggregator.TryTake(out ObservationBatch? batch)) take(batch);
        }

        aggregator.Complete();
        while (aggregator.TryTake(out ObservationBatch? batch)) take(batch);
        Capture = source.GetReport();
        Aggregation = aggregator.GetReport();
    }
}
