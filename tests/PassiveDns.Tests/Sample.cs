using PassiveDns.Aggregation;
using PassiveDns.Capture;
using PassiveDns.Storage;

namespace PassiveDns.Tests;

/// <summary>The sample capture of this repository and ways to import it.</summary>
internal static class Sample
{
    public static string Repository => Checkout.Folder;

    public static string Folder => Path.Combine(Repository, "samples", "capture");

    public static string Capture => Path.Combine(Folder, "sample.pcapng");

    public static string Resolvers => Path.Combine(Folder, "resolvers");

    public static string RootHintsFile => Path.Combine(Folder, "root.hints");

    public static SensorId Sensor { get; } = new("sample");

    public static VantageOptions Vantage()
    {
        VantageOptions vantage = new();
        foreach (System.Net.IPNetwork network in ResolverList.Load(Resolvers)) vantage.Resolvers.Add(network);
        return vantage;
    }

    /// <summary>Many small batches, so that there are many places where an import can be interrupted.</summary>
    public static AggregationOptions Aggregation(int maxRowsPerBatch = 50)
    {
        AggregationOptions options = new() { Sensor = Sensor, RootHints = RootHints.Load(RootHintsFile), MaxRowsPerBatch = maxRowsPerBatch };
        return options with { Epoch = ImportEpoch.Compute([Capture], Vantage(), options) };
    }

    /// <summary>Runs the plain pipeline over the sample; the source or the store may be wrapped.</summary>
    public static async Task<PipelineReport> ImportAsync(
        IObservationStore store, Func<ICaptureSource, ICaptureSource>? wrap = null, AggregationOptions? aggregation = null, CancellationToken stop = default)
    {
        await using ICaptureSource file = PcapFileSource.Open([Capture], Vantage());
        PassiveDnsPipeline pipeline = new(
            wrap?.Invoke(file) ?? file, new ResponseAggregator(aggregation ?? Aggregation()), store, new() { DrainOnStop = false });
        return await pipeline.RunAsync(stop: stop);
    }

    /// <summary>All rows of a store, of every type and provenance, in canonical order.</summary>
    public static async Task<List<Observation>> ReadAllAsync(IObservationReader reader, QueryAnchor? anchor = null)
    {
        ObservationQuery query = new(anchor ?? new QueryAnchor.Everything()) { Types = TypeSelection.All, Provenance = ProvenanceSelection.All };
        List<Observation> rows = [];
        await foreach (Observation row in reader.FindAsync(query)) rows.Add(row);
        return rows;
    }
}
