using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using PassiveDns.Aggregation;
using PassiveDns.Capture;
using PassiveDns.Storage;
using PassiveDns.Storage.Memory;
using PassiveDns.Storage.Embedded;
using PassiveDns.Storage.RocksDb;

namespace PassiveDns.Tests;

/// <summary>The C# of the pages, compiled and run: each block stands in a file of this class, or of a sample program, word for word.</summary>
public sealed partial class ReadmeSnippets
{
    [Fact]
    public void Every_block_of_every_page_stands_in_these_files()
    {
        string tests = Path.Combine(Sample.Repository, "tests", "PassiveDns.Tests");
        IEnumerable<string> compiled = Directory.EnumerateFiles(tests, "ReadmeSnippets*.cs")
            .Concat(Directory.EnumerateFiles(Path.Combine(Sample.Repository, "samples"), "*.cs", SearchOption.AllDirectories));
        string here = string.Concat(compiled.Select(file => Blanks().Replace(File.ReadAllText(file), "")));
        IEnumerable<string> pages = Directory.EnumerateFiles(Path.Combine(Sample.Repository, "src"), "README.md", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateFiles(Path.Combine(Sample.Repository, "docs"), "*.md", SearchOption.AllDirectories))
            .Append(Path.Combine(Sample.Repository, "README.md"));
        int blocks = 0;
        foreach (string page in pages)
        {
            foreach (Match block in Block().Matches(File.ReadAllText(page)))
            {
                blocks++;
                Assert.True(here.Contains(Blanks().Replace(block.Groups[1].Value, ""), StringComparison.Ordinal), $"{page} holds a block that is not compiled:\n{block.Groups[1].Value}");
            }
        }

        Assert.True(blocks >= 11);
    }

    [Fact]
    public void Core()
    {
        byte[] message = Responses.RootNs(0);
        using StringWriter Console = new();
        {
            DnsReader reader = new(message);
            while (reader.Read())
            {
                if (reader.Section == DnsSection.Answer) Console.WriteLine($"{reader.Name.ToString()} {reader.Type}, TTL {reader.TimeToLive}");
            }

            if (reader.Error != DnsError.None) Console.WriteLine($"{reader.Error} at octet {reader.ErrorOffset}");
        }

        Assert.Equal(". NS, TTL 256", Console.ToString().Trim());
    }

    [Fact]
    public async Task Capture_and_aggregation()
    {
        string path = Sample.Capture;
        using StringWriter Console = new();
        VantageOptions vantage = new();
        vantage.Resolvers.Add(IPNetwork.Parse("203.0.113.53/32"));
        await using PcapFileSource source = PcapFileSource.Open([path], vantage);

        MessageBatch batch = new();
        bool more = true;
        while (more)
        {
            batch.Clear();
            more = await source.ReadAsync(batch);
            foreach (CapturedResponse response in batch) Console.WriteLine($"{response.Message.Length} octets from {response.Server}");
        }

        foreach (StageCount line in source.GetReport().Account) Console.WriteLine($"{line.Count} {line.Stage}: {line.Fate}");

        Assert.Contains("octets from 203.0.113.1", Console.ToString(), StringComparison.Ordinal);
        Assert.Contains("messages: observed", Console.ToString(), StringComparison.Ordinal);

        ResponseAggregator aggregator = new(new AggregationOptions { Sensor = new("amsterdam-1"), Epoch = 1 });
        aggregator.AddAll(batch);
        aggregator.Complete();
        while (aggregator.TryTake(out ObservationBatch? finished)) Console.WriteLine($"{finished.Id}: {finished.Rows.Count} rows");

        Assert.Contains("amsterdam-1:0000000000000001:1: ", Console.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Storage()
    {
        await using MemoryObservationStore store = new();
        await Sample.ImportAsync(store);
        using StringWriter Console = new();
        ObservationQuery query = new(new QueryAnchor.Subtree(DomainName.Parse("example.com"))) { Types = TypeSelection.Of(RecordType.A) };
        await foreach (Observation row in store.FindAsync(query))
        {
            Console.WriteLine($"{row.RrName} {row.Type} {string.Join(", ", row.Rdata)}: {row.History.Count} times");
        }

        Assert.Contains("www.example.com. A 192.0.2.80: 1 times", Console.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pipeline()
    {
        string path = Sample.Capture;
        VantageOptions vantage = Sample.Vantage();
        using StringWriter Console = new();
        AggregationOptions options = new() { Sensor = new("amsterdam-1"), Epoch = ImportEpoch.Compute([path], vantage, new()) };
        await using PcapFileSource source = PcapFileSource.Open([path], vantage);
        await using MemoryObservationStore store = new();
        PassiveDnsPipeline pipeline = new(source, new ResponseAggregator(options), store, new() { DrainOnStop = false });
        PipelineReport report = await pipeline.RunAsync();
        Console.WriteLine($"{report.Observed} responses, {report.RowsApplied} rows");

        Assert.StartsWith("462 responses, ", Console.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Hosts()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services
            .AddPassiveDns(options => options.ResolversFile = "resolvers")
            .AddPcapFile("capture.pcapng")
            .UseMemoryStore();

        builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddPassiveDns().AddPcapFile("capture.pcapng").UseRocksDb("observations");
        Assert.Contains(builder.Services, service => service.ServiceType == typeof(IObservationReader));

        builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddPassiveDns().AddPcapFile("capture.pcapng").UseEmbeddedStore("observations");
        builder.Services.AddPassiveDnsAnalysis();
        Assert.Contains(builder.Services, service => service.ServiceType == typeof(IObservationReader));

        builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services
            .AddPassiveDns(options => options.Resolvers.Add("203.0.113.53"))
            .AddLiveCapture("eth0", options => options.Interfaces.Add("eth1"))
            .UseEmbeddedStore("observations");
    }

    [Fact]
    public async Task Stores()
    {
        using TemporaryFolder folder = new();
        using StringWriter Console = new();
        string before = Directory.GetCurrentDirectory();
        try
        {
            Directory.SetCurrentDirectory(folder.FullPath);
            await using RocksDbObservationStore store = RocksDbObservationStore.Open("observations");
            StoreStatus status = await store.GetStatusAsync();
            Console.WriteLine($"{status.Rows} rows in {status.Bytes} octets");

            Directory.SetCurrentDirectory(Directory.CreateDirectory("other").FullName);
            await using EmbeddedObservationStore embedded = EmbeddedObservationStore.Open("observations", new() { MemoryBytes = 128L << 20 });
            await embedded.CompactAsync(); // after a large import: smallest files, fastest answers
        }
        finally
        {
            Directory.SetCurrentDirectory(before);
        }

        Assert.StartsWith("0 rows in ", Console.ToString(), StringComparison.Ordinal);
    }

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
