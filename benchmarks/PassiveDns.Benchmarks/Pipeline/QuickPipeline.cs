using System.Diagnostics;
using System.Text.Json;
using PassiveDns.Benchmarks.Measuring;

namespace PassiveDns.Benchmarks.Pipeline;

/// <summary>
/// A capture file through capture and aggregation to batches, again and again for half a minute: one JSON line with the medians. The
/// first run warms up. CPU time is that of the whole process, the collector included.
/// </summary>
internal static class QuickPipeline
{
    private const int Warming = 3;
    private const int Rounds = Warming + 7;
    private static readonly TimeSpan s_total = TimeSpan.FromSeconds(15);

    public static async Task RunAsync(BenchmarkOptions options)
    {
        string path = options.Capture ?? SampleCapture.Find();
        List<double> cpu = [];
        List<double> wall = [];
        long bytes = 0;
        ImportRun run = new(path, options.Hints);
        Stopwatch total = Stopwatch.StartNew();
        for (int i = 0; i < Rounds || total.Elapsed < s_total; i++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            TimeSpan start = Environment.CpuUsage.TotalTime;
            long clock = Stopwatch.GetTimestamp();
            await run.RunAsync(static _ => { }).ConfigureAwait(false);
            if (i < Warming) continue; // until all is compiled
            wall.Add(Stopwatch.GetElapsedTime(clock).TotalSeconds);
            cpu.Add((Environment.CpuUsage.TotalTime - start).TotalSeconds);
            bytes = GC.GetTotalAllocatedBytes(precise: true) - before;
        }

        cpu.Sort();
        wall.Sort();
        long responses = Math.Max(1, run.Capture.Observed);
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            pipeline = "capture to batches",
            capture = Path.GetFileName(path),
            packets = run.Capture.Packets,
            responses = run.Capture.Observed,
            rows = run.Aggregation.Rows,
            ns = Math.Round(cpu[cpu.Count / 2] * 1e9 / responses), // CPU nanoseconds a response
            min = Math.Round(cpu[0] * 1e9 / responses),
            bytes = bytes / responses, // allocated a response
            cpuSeconds = Math.Round(cpu[cpu.Count / 2], 3),
            wallSeconds = Math.Round(wall[wall.Count / 2], 3),
        }));
        Console.Error.WriteLine($"{cpu.Count} runs, load {MachineLoad.LastMinute}, {Environment.ProcessorCount} processors");
    }
}
