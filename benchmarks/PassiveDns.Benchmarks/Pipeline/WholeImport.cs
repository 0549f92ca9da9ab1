using System.Diagnostics;
using System.Text.Json;
using PassiveDns.Aggregation;
using PassiveDns.Benchmarks.Measuring;
using PassiveDns.Capture;
using PassiveDns.Storage;
using PassiveDns.Storage.Embedded;
using PassiveDns.Storage.Memory;

namespace PassiveDns.Benchmarks.Pipeline;

/// <summary>
/// One import of a capture into a store, or into batches that are dropped, with all that a process pays for once: start, compilation, the last flush. So it runs once a process; its CPU time is
/// that of the process from its start. The store's directory is deleted afterwards.
/// </summary>
internal static class WholeImport
{
    public static async Task RunAsync(BenchmarkOptions options)
    {
        string path = options.Capture ?? SampleCapture.Find();
        if (options.Rest is not [("batches" or "memory" or "embedded") and string kind]) throw new ArgumentException("give what is done with the batches: batches (dropped), memory or embedded");
        DirectoryInfo folder = Directory.CreateTempSubdirectory("pdns-import-");
        try
        {
            IObservationStore store = kind switch
            {
                "batches" => new ForgetfulStore(),
                "memory" => new MemoryObservationStore(),
                _ => EmbeddedObservationStore.Open(Path.Combine(folder.FullName, "store")),
            };
            await using (store.ConfigureAwait(false))
            {
                PcapFileSource source = PcapFileSource.Open([path]);
                await using (source.ConfigureAwait(false))
                {
                    ResponseAggregator aggregator = new(new() { Sensor = new("benchmark"), RootHints = options.Hints is { } hints ? RootHints.Load(hints) : RootHints.Default });
                    PipelineReport report = await new PassiveDnsPipeline([source], aggregator, store, new()).RunAsync().ConfigureAwait(false);
                    Console.WriteLine(JsonSerializer.Serialize(new
                    {
                        import = kind,
                        capture = Path.GetFileName(path),
                        packets = report.Sources.Sum(part => part.Capture.Packets),
                        responses = report.Aggregation.Responses,
                        rows = report.RowsApplied,
                        cpuSeconds = Math.Round(Environment.CpuUsage.TotalTime.TotalSeconds, 2),
                        wallSeconds = Math.Round((DateTime.UtcNow - Process.GetCurrentProcess().StartTime.ToUniversalTime()).TotalSeconds, 2),
                        peakMB = Process.GetCurrentProcess().PeakWorkingSet64 >> 20,
                    }));
                }
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        Console.Error.WriteLine($"load {MachineLoad.LastMinute}, {Environment.ProcessorCount} processors");
    }
}
