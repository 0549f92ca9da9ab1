using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace PassiveDns.Tests;

public sealed class TelemetryTests
{
    [Fact]
    public async Task The_meter_tells_the_account_and_nothing_else()
    {
        using TemporaryFolder folder = new();
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddMetrics();
        builder.Services.AddPassiveDns(o =>
        {
            o.ResolversFile = Sample.Resolvers;
            o.RootHintsFile = Sample.RootHintsFile;
            o.SpoolDirectory = folder.FullPath;
        }).AddPcapFile(Sample.Capture).UseMemoryStore();
        using IHost host = builder.Build();
        IMeterFactory factory = host.Services.GetRequiredService<IMeterFactory>();

        List<(string Name, long Value, KeyValuePair<string, object?>[] Tags)> measured = [];
        using MeterListener listener = new();
        listener.InstrumentPublished = (instrument, l) =>
        {
            // Other tests of this process have meters of this name too; the factory tells them apart.
            if (instrument.Meter.Name == "PassiveDns" && ReferenceEquals(instrument.Meter.Scope, factory)) l.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => measured.Add((instrument.Name, value, tags.ToArray())));
        listener.Start();
        await host.StartAsync();
        PipelineReport report = await host.Services.GetRequiredService<PipelineRun>().Completion;
        listener.RecordObservableInstruments();

        Assert.Equal(1439, measured.Where(m => m.Name == "passivedns.items" && Tag(m.Tags, "stage") == "packets").Sum(m => m.Value));
        Assert.Equal(462, measured.Where(m => m.Name == "passivedns.items" && Tag(m.Tags, "stage") == "responses").Sum(m => m.Value));
        Assert.Equal(462, measured.Single(m => Tag(m.Tags, "stage") == "messages" && Tag(m.Tags, "fate") == "observed").Value);
        Assert.Equal(report.BatchesApplied, measured.Single(m => m.Name == "passivedns.batches" && Tag(m.Tags, "result") == "applied").Value);
        Assert.Equal(0, measured.Single(m => m.Name == "passivedns.batches" && Tag(m.Tags, "result") == "already-applied").Value);
        Assert.Equal(report.RowsApplied, measured.Single(m => m.Name == "passivedns.rows" && Tag(m.Tags, "result") == "applied").Value);
        Assert.Equal(0, measured.Single(m => m.Name == "passivedns.write.retries").Value);
        Assert.Equal(new FileInfo(Sample.Capture).Length, measured.Single(m => m.Name == "passivedns.read.bytes").Value);

        // Every tag is a word of ours: kebab case, no dot, no colon, so neither a name nor an address.
        foreach (KeyValuePair<string, object?> tag in measured.SelectMany(m => m.Tags))
        {
            Assert.Contains(tag.Key, (string[])["stage", "fate", "drop", "result", "reason"]);
            Assert.Matches("^[A-Za-z0-9-]+$", tag.Value!.ToString()!);
        }

        string page = File.ReadAllText(Path.Combine(Sample.Repository, "docs", "metrics.md"));
        Assert.All(measured.Select(m => m.Name).Distinct(), name => Assert.Contains($"`{name}`", page, StringComparison.Ordinal));
    }

    /// <summary>What a user's collector gets, by way of the SDK that they use.</summary>
    [Fact]
    public async Task OpenTelemetry_collects_the_meter_and_the_writes()
    {
        List<Metric> metrics = [];
        List<Activity> activities = [];
        using MeterProvider meters = Sdk.CreateMeterProviderBuilder().AddMeter("PassiveDns").AddInMemoryExporter(metrics).Build();
        using TracerProvider traces = Sdk.CreateTracerProviderBuilder().AddSource("PassiveDns").SetSampler(new AlwaysOnSampler()).AddInMemoryExporter(activities).Build();

        // Other tests of this process write too: ours are told by the name of the pipeline and by the trace.
        using Activity trace = new Activity("test").Start();
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddPassiveDns("collected", o =>
        {
            o.ResolversFile = Sample.Resolvers;
            o.RootHintsFile = Sample.RootHintsFile;
        }).AddPcapFile(Sample.Capture).UseMemoryStore();
        using IHost host = builder.Build();
        await host.StartAsync();
        PipelineReport report = await host.Services.GetRequiredKeyedService<PipelineRun>("collected").Completion;
        Assert.True(meters.ForceFlush());
        Assert.True(traces.ForceFlush());

        Assert.Equal(report.Account.Where(l => l.Stage == "packets").Sum(l => l.Count), Sum(metrics, "passivedns.items", "stage", "packets"));
        Assert.Equal(462, Sum(metrics, "passivedns.items", "stage", "responses"));
        Assert.Equal(report.RowsApplied, Sum(metrics, "passivedns.rows", "result", "applied"));
        Activity[] writes = [.. activities.Where(a => a.TraceId == trace.TraceId)];
        Assert.Equal(report.BatchesApplied, writes.Length);
        Assert.Equal(report.RowsApplied, writes.Sum(a => (int)a.GetTagItem("passivedns.rows")!));
        Assert.All(writes, a => Assert.Equal(("passivedns.write", "applied", 2), (a.OperationName, a.GetTagItem("passivedns.result"), a.TagObjects.Count())));
    }

    [Fact]
    public async Task A_write_that_fails_tells_the_kind_of_the_failure_and_not_its_message()
    {
        List<Activity> activities = [];
        using TracerProvider traces = Sdk.CreateTracerProviderBuilder().AddSource("PassiveDns").SetSampler(new AlwaysOnSampler()).AddInMemoryExporter(activities).Build();
        using Activity trace = new Activity("test").Start();
        int attempts = 0;
        TappedStore store = new(new Storage.Memory.MemoryObservationStore(), _ => throw (attempts++ == 0
            ? new Storage.ObservationStoreException("secret.example", isTransient: true)
            : new IOException("192.0.2.1 secret.example")));
        PassiveDnsPipeline pipeline = new(
            new ListedSource(Responses.RootNs(0..1)), new(new() { Sensor = new("a"), Epoch = 1 }), store, new() { RetryDelay = TimeSpan.Zero });
        await Assert.ThrowsAsync<IOException>(() => pipeline.RunAsync());
        Assert.True(traces.ForceFlush());
        Activity write = Assert.Single(activities, a => a.TraceId == trace.TraceId);
        Assert.Equal((ActivityStatusCode.Error, "IOException", "System.IO.IOException"), (write.Status, write.StatusDescription, write.GetTagItem("error.type")));
        Assert.Equal("retry", Assert.Single(write.Events).Name);
        Assert.DoesNotContain(write.TagObjects, tag => tag.Value!.ToString()!.Contains("secret", StringComparison.Ordinal));
    }

    private static long Sum(List<Metric> metrics, string name, string key, string value)
    {
        long sum = 0;
        foreach (ref readonly MetricPoint point in metrics.Last(m => m.Name == name).GetMetricPoints())
        {
            Dictionary<string, object?> tags = [];
            foreach (KeyValuePair<string, object?> tag in point.Tags) tags.Add(tag.Key, tag.Value);
            if (tags.GetValueOrDefault("pipeline") is "collected" && tags[key] is string found && found == value) sum += point.GetSumLong();
        }

        return sum;
    }

    private static string? Tag(KeyValuePair<string, object?>[] tags, string key) => tags.FirstOrDefault(t => t.Key == key).Value?.ToString();
}
