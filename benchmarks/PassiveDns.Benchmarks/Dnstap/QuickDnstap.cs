using System.Diagnostics;
using System.Text.Json;
using PassiveDns.Benchmarks.Measuring;
using PassiveDns.Capture;

namespace PassiveDns.Benchmarks.Dnstap;

/// <summary>
/// A file of dnstap, from its octets to the batch, again and again for ten seconds: one JSON line with the median. Every second frame is a query, to
/// which the next one is matched.
/// </summary>
internal static class QuickDnstap
{
    private const int Exchanges = 60_000;
    private const int Repetitions = 8;
    private static readonly TimeSpan s_total = TimeSpan.FromSeconds(10);

    public static async Task RunAsync()
    {
        string path = Path.Combine(Path.GetTempPath(), $"passivedns-benchmark-{Environment.ProcessId}.dnstap");
        try
        {
            byte[] frames = TapFrames.Make(Exchanges);
            await using (FileStream file = File.Create(path))
            {
                await file.WriteAsync(TapFrames.Start).ConfigureAwait(false);
                for (int i = 0; i < Repetitions; i++) await file.WriteAsync(frames).ConfigureAwait(false);
                await file.WriteAsync(TapFrames.Stop).ConfigureAwait(false);
            }

            await MeasureAsync(path, frames.Length / (2 * Exchanges)).ConfigureAwait(false);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static async Task MeasureAsync(string path, int octets)
    {
        List<double> times = [];
        double bytes = 0;
        MessageBatch batch = new();
        Stopwatch total = Stopwatch.StartNew();
        for (int round = 0; round < 5 || total.Elapsed < s_total; round++)
        {
            await using DnstapFileSource source = DnstapFileSource.Open([path]);
            long allocated = GC.GetTotalAllocatedBytes(precise: true);
            TimeSpan start = Environment.CpuUsage.TotalTime;
            do batch.Clear();
            while (await source.ReadAsync(batch).ConfigureAwait(false));
            double time = (Environment.CpuUsage.TotalTime - start).TotalNanoseconds;
            CaptureReport report = source.GetReport();
            if (report.Observed != Exchanges * Repetitions) throw new InvalidOperationException($"{report.Observed} of {Exchanges * Repetitions} responses came out.");
            bytes = (double)(GC.GetTotalAllocatedBytes(precise: true) - allocated) / report.Packets;
            if (round > 1) times.Add(time / report.Packets);
        }

        times.Sort();
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            dnstap = "file to batch",
            frames = 2 * Exchanges * Repetitions,
            octets, // a frame
            ns = Math.Round(times[times.Count / 2]), // CPU nanoseconds a frame, reading the file and matching included
            bestNs = Math.Round(times[0]),
            bytes = Math.Round(bytes, 2), // allocated a frame, the tables of a new source included
        }));
        Console.Error.WriteLine($"{times.Count} runs, load {MachineLoad.LastMinute}, {Environment.ProcessorCount} processors");
    }
}
