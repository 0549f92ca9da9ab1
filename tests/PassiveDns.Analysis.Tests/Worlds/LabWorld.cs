using System.IO.Compression;
using System.Net;
using System.Text.Json;
using PassiveDns.Aggregation;
using PassiveDns.Analysis.Tests;
using PassiveDns.Capture;
using PassiveDns.Storage.Memory;

[assembly: AssemblyFixture(typeof(LabWorld))]

namespace PassiveDns.Analysis.Tests;

/// <summary>
/// The recorded world with its ground truth, where it lies beside the repository: 120 days of real resolvers and servers at two sensors, imported once for
/// all tests. A test that needs it takes this class in its constructor and calls <see cref="GetAsync"/>.
/// </summary>
public sealed class LabWorld : IDisposable
{
    private readonly Lazy<Task<LabWorld>> _loaded;
    private JsonDocument? _truth;

    public LabWorld() => _loaded = new(LoadAsync);

    /// <summary>What both sensors saw.</summary>
    public MemoryObservationStore Store { get; } = new();

    /// <summary>What the servers said is not there.</summary>
    public NegativeTable Negatives { get; private set; } = NegativeTable.Read(TextReader.Null);

    /// <summary>The ground truth: see the README beside the recording.</summary>
    public JsonElement Truth => _truth!.RootElement;

    /// <summary>What each answer must contain.</summary>
    public JsonElement Questions => Truth.GetProperty("questions");

    /// <summary>Where the recording lies, or <c>null</c>.</summary>
    public static string? Folder { get; } = Checkout.FindShared("data/lab-months");

    /// <summary>The world, or a test that is skipped.</summary>
    public Task<LabWorld> GetAsync()
    {
        if (Folder is null) Assert.Skip("the lab recordings (../shared/data/lab-months) are not here");
        return _loaded.Value;
    }

    public void Dispose() => _truth?.Dispose();

    private async Task<LabWorld> LoadAsync()
    {
        using MemoryStream negatives = new();
        NegativeEvidenceLines lines = new(negatives);
        foreach (string sensor in (string[])["r1", "r2"]) await ImportAsync(sensor, lines);
        negatives.Position = 0;
        using (StreamReader reader = new(negatives)) Negatives = NegativeTable.Read(reader);
        using Stream packed = File.OpenRead(Path.Combine(Folder!, "truth.json.gz"));
        using Stream json = new GZipStream(packed, CompressionMode.Decompress);
        _truth = await JsonDocument.ParseAsync(json);
        return this;
    }

    private async Task ImportAsync(string sensor, NegativeEvidenceLines negatives)
    {
        VantageOptions vantage = new();
        foreach (string line in File.ReadLines(Path.Combine(Folder!, "resolvers"))) vantage.Resolvers.Add(IPNetwork.Parse(line));
        ResponseAggregator aggregator = new(new() { Sensor = new(sensor), Epoch = 1, KeepNegativeEvidence = true, RootHints = RootHints.Load(Path.Combine(Folder!, "root.hints")) });
        await using PcapFileSource source = PcapFileSource.Open([Path.Combine(Folder!, $"{sensor}.pcap.gz")], vantage);
        MessageBatch messages = new();
        bool more;
        do
        {
            messages.Clear();
            more = await source.ReadAsync(messages);
            foreach (CapturedResponse response in messages) aggregator.Add(response);
            if (!more) aggregator.Complete();
            while (aggregator.TryTake(out ObservationBatch? batch)) await Store.WriteAsync(batch);
            while (aggregator.TryTakeNegativeEvidence(out NegativeEvidenceBatch? batch)) await negatives.WriteAsync(batch);
        }
        while (more);
    }
}
