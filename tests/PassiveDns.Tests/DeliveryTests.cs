using Microsoft.Extensions.DependencyInjection;
using PassiveDns.Aggregation;
using PassiveDns.Storage;
using PassiveDns.Storage.Memory;
using PassiveDns.Storage.Privacy;
using PassiveDns.Storage.Spooling;

namespace PassiveDns.Tests;

/// <summary>What happens to batches between the aggregator and the store: quarantine and redaction.</summary>
public sealed class DeliveryTests : IDisposable
{
    private static readonly AggregationOptions s_options = new() { Sensor = new("test"), Epoch = 1, Window = TimeSpan.FromSeconds(2) };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_sensor_whose_clock_is_wrong_fills_the_quarantine_and_not_the_store_and_can_be_believed_later()
    {
        await using MemoryObservationStore expected = new(), store = new();
        await new PassiveDnsPipeline(new ListedSource(Responses.RootNs(0..6)), new ResponseAggregator(s_options), expected).RunAsync();
        BatchQuarantine quarantine = new(_folder.FullPath);
        PassiveDnsPipeline pipeline = new(new ListedSource(Responses.RootNs(0..6)), new ResponseAggregator(s_options), store, new()
        {
            Quarantine = quarantine,
            ClockBounds = new() { MaxAhead = TimeSpan.FromSeconds(3) },
            TimeProvider = new FixedTime(1_767_603_600), // the responses are 0 to 5 seconds later: only the last batch is too late
        });
        PipelineReport report = await pipeline.RunAsync();
        Assert.Empty(report.FindImbalances());
        Assert.Equal([new StageCount("batches", "quarantined-future", 1, false), new("written-rows", "quarantined-future", 2, false)], report.Quarantine);
        Assert.Equal(2, report.BatchesApplied);
        QuarantinedBatch held = Assert.Single(quarantine.Read());
        Assert.Equal(("future", 3UL), (held.Reason, held.Batch!.Id.Sequence));
        Assert.Equal(WriteResult.Applied, await quarantine.ReleaseAsync(held.Batch.Id, store));
        Assert.Equal(await Sample.ReadAllAsync(expected), await Sample.ReadAllAsync(store));
    }

    [Fact]
    public async Task Redaction_keeps_the_account_balanced_and_nothing_of_a_secret_reaches_spool_or_store()
    {
        await using MemoryObservationStore store = new();
        NameRedaction redaction = new(new() { Patterns = ["^[a-f]\\.root-servers"] });
        string spooled = "";
        await using TappedStore watched = new(store, _ =>
        {
            foreach (string file in Directory.GetFiles(_folder.FullPath, "*.spool")) spooled += System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(file));
        });
        using BatchSpool spool = BatchSpool.Open(new() { Directory = _folder.FullPath });
        PassiveDnsPipeline pipeline = new(new ListedSource(Responses.RootNs(0..13)), new ResponseAggregator(s_options with { Window = TimeSpan.FromHours(1) }), watched, new() { Redaction = redaction, Spool = spool });
        PipelineReport report = await pipeline.RunAsync();
        Assert.Empty(report.FindImbalances());
        Assert.Equal((13, 5), (report.Redaction!.RowsIn, report.Redaction.RowsMerged));
        List<Observation> rows = await Sample.ReadAllAsync(store);
        Assert.Equal(13, rows.Sum(row => row.History.Count));
        Assert.Equal(6, rows.Single(row => row.Rdata[0].ToString() == "*.net.").History.Count);
        Assert.Contains("\u0001g\u000croot-servers", spooled, StringComparison.Ordinal);
        Assert.DoesNotContain("\u0001a\u000croot-servers", spooled, StringComparison.Ordinal);
    }

    [Fact]
    public void Redaction_is_part_of_an_import()
    {
        ulong plain = ImportEpoch.Compute([], new(), s_options);
        ulong redacted = ImportEpoch.Compute([], new(), s_options, new());
        ulong other = ImportEpoch.Compute([], new(), s_options, new() { MinHexDigits = 40 });
        Assert.Equal(3, new HashSet<ulong> { plain, redacted, other }.Count);
    }

    [Fact]
    public async Task The_reader_of_a_host_shows_what_is_published_and_the_store_shows_all()
    {
        ServiceCollection services = new();
        services.AddPassiveDns(o => o.Publication = new() { MinSensors = 2 }).AddPcapFile(Sample.Capture).UseMemoryStore();
        await using ServiceProvider provider = services.BuildServiceProvider();
        Assert.IsType<PublicationView>(provider.GetRequiredService<IObservationReader>());
        Assert.IsType<MemoryObservationStore>(provider.GetRequiredService<IObservationStore>());
    }

    /// <summary>RFC 7871: the option names a part of the client's address. No output may depend on it.</summary>
    [Fact]
    public void The_subnet_of_a_client_changes_nothing()
    {
        string plain = Batches(message => message);
        foreach (byte[] subnet in (byte[][])[[0, 1, 24, 0, 192, 0, 2], [0, 1, 24, 24, 198, 51, 100], [0, 2, 56, 0, 0x20, 1, 0xD, 0xB8, 0, 0, 1], [255, 255, 255, 255]])
        {
            Assert.Equal(plain, Batches(message => WithClientSubnet(message, subnet)));
        }
    }

    private static string Batches(Func<byte[], byte[]> change)
    {
        ResponseAggregator aggregator = new(s_options);
        for (int i = 0; i < 13; i++)
        {
            aggregator.Add(new() { Message = change(Responses.RootNs(i)), UnixNanoseconds = (1_767_603_600L + i) * 1_000_000_000, Server = HostAddress.FromBytes([198, 41, 0, 4]) });
        }

        aggregator.Complete();
        System.Text.StringBuilder batches = new();
        while (aggregator.TryTake(out ObservationBatch? batch)) batches.Append(batch.Id).Append(' ').AppendLine(Convert.ToHexString(batch.Rows.Packed));
        Assert.True(batches.Length > 0);
        return batches.ToString();
    }

    private static byte[] WithClientSubnet(byte[] message, byte[] option)
    {
        byte[] changed =
        [
            .. message, 0, 0, 41, 0x10, 0, 0, 0, 0, 0, 0, (byte)(option.Length + 4), // OPT (RFC 6891 section 6.1.2)
            0, 8, 0, (byte)option.Length, .. option, // RFC 7871 section 6
        ];
        changed[11] = 1; // one additional record
        return changed;
    }

    private sealed class FixedTime(long unixSeconds) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeSeconds(unixSeconds);
    }
}
