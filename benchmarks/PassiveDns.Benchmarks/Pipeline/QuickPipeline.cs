using System.Diagnostics;
using System.Text.Json;
using PassiveDns.Aggregation;
using PassiveDns.Benchmarks.Measuring;
using PassiveDns.Capture;
using PassiveDns.Storage;
using PassiveDns.Storage.Embedded;

namespace PassiveDns.Benchmarks.Pipeline;

/// <summary>
/// A capture file through capture and aggregation to batches, again and again for half a minute, in turn on one thread, by the pipeline, and by the pipeline into
/// the embedded store: one JSON line each with the medians. The first runs warm up. CPU time is that of the whole process, the collector included. Under
/// <c>taskset -c 0</c> the same says what one core takes.
/// </summary>
internal static class QuickPipeline
{
    private const int Warming = 3;
    private const int Rounds = Warming + 7;
    private static readonly TimeSpan s_total = TimeSpan.FromSeconds(25);

    public static async Task RunAsync(BenchmarkOptions options)
    {
        string path = options.Capture ?? SampleCapture.Find();
        Measure alone = new(), piped = new(), stored = new();
        ImportRun run = new(path, options.Hints);
        Stopwatch total = Stopwatch.StartNew();
        for (int i = 0; i < Rounds || total.Elapsed < s_total; i++)
        {
            await alone.TakeAsync(() => run.RunAsync(static _ => { }), i >= Warming).ConfigureAwait(false); // until all is compiled
            await piped.TakeAsync(() => PipeAsync(path, options.Hints, new ForgetfulStore()), i >= Warming).ConfigureAwait(false);
            DirectoryInfo folder = Directory.CreateTempSubdirectory("pdns-pipeline-");
            await stored.TakeAsync(() => PipeAsync(path, options.Hints, EmbeddedObservationStore.Open(Path.Combine(folder.FullName, "store"))), i >= Warming).ConfigureAwait(false);
            folder.Delete(recursive: true);
        }

        Print("capture to batches", alone);
        Print("capture to batches by the pipeline", piped);
        Print("capture to the embedded store by the pipeline", stored);
        Console.Error.WriteLine($"{alone.Count} runs, load {MachineLoad.LastMinute}, {Environment.ProcessorCount} processors");

        void Print(string pipeline, Measure measure)
        {
            long responses = Math.Max(1, run.Capture.Observed);
            Console.WriteLine(JsonSerializer.Serialize(new
            {
                pipeline,
                capture = Path.GetFileName(path),
                packets = run.Capture.Packets,
                responses = run.Capture.Observed,
                rows = run.Aggregation.Rows,
                ns = Math.Round(measure.Cpu * 1e9 / responses), // CPU nanoseconds a response
                min = Math.Round(measure.LeastCpu * 1e9 / responses),
                bytes = measure.Bytes / responses, // allocated a response
                cpuSeconds = Math.Round(measure.Cpu, 3),
                wallSeconds = Math.Round(measure.Wall, 3),
            }));
        }
    }

    private static async Task PipeAsync(string path, string? hints, IObservationStore store)
    {
        PcapFileSource source = PcapFileSource.Open([path]);
        await using (source.ConfigureAwait(false))
        {
            ResponseAggregator aggregator = new(new() { Sensor = new("benchmark"), RootHints = hints is null ? RootHints.Default : RootHints.Load(hints) });
            await using (store.ConfigureAwait(false)) await new PassiveDnsPipeline(source, aggregator, store).RunAsync().ConfigureAwait(false);
        }
    }

    private sealed class Measure
    {
        private readonly List<double> _cpu = [];
        private readonly List<double> _wall = [];

        public int Count => _cpu.Count;

        public double Cpu => Median(_cpu);

        public double LeastCpu => _cpu.Min();

        public double Wall => Median(_wall);

        public long Bytes { get; private set; }

        public async Task TakeAsync(Func<Task> work, bool counts)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            TimeSpan start = Environment.CpuUsage.TotalTime;
            long clock = Stopwatch.GetTimestamp();
            await work().ConfigureAwait(false);
            if (!counts) return;
            _wall.Add(Stopwatch.GetElapsedTime(clock).TotalSeconds);
            _cpu.Add((Environment.CpuUsage.TotalTime - start).TotalSeconds);
            Bytes = GC.GetTotalAllocatedBytes(precise: true) - before;
        }

        private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
    }
}
