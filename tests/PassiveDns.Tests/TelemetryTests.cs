using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

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

    private static string? Tag(KeyValuePair<string, object?>[] tags, string key) => tags.FirstOrDefault(t => t.Key == key).Value?.ToString();
}
