using System.Diagnostics;
using System.Text.Json;
using PassiveDns.Benchmarks.Measuring;
using PassiveDns.Benchmarks.Pipeline;

namespace PassiveDns.Benchmarks.Packets;

/// <summary>
/// Readers of capture files over one file, taking turns within each round so that a busy spell of the machine meets all of them. The file lies in the
/// page cache after the first round: what is measured is the reader, not the disk.
/// </summary>
internal static class QuickPackets
{
    private const int DefaultPackets = 1_000_000;
    private static readonly TimeSpan s_total = TimeSpan.FromSeconds(45);

    public static void Run(BenchmarkOptions options)
    {
        string path = options.Capture ?? RepeatedCapture.Make(SampleCapture.Find(), DefaultPackets);
        List<PacketReader> readers = [new PassiveDnsReader(), new WholeDecoderReader()];
        if (LibpcapReader.IsThere) readers.AddRange([new LibpcapReader(), new SharpPcapReader(false), new SharpPcapReader(true)]);
        else Console.WriteLine(JsonSerializer.Serialize(new { reader = "libpcap, SharpPcap", skipped = "libpcap is not installed" }));
        if (options.Only is { } only) readers.RemoveAll(reader => !only.Contains(reader.Name));

        Race[] races = [.. readers.Select(reader => new Race(reader))];
        Stopwatch clock = Stopwatch.StartNew();
        foreach (Race race in races) race.Pass(path, record: false);
        int rounds = 0;
        for (; rounds < 3 || (rounds < 21 && clock.Elapsed < s_total); rounds++)
        {
            for (int i = 0; i < races.Length; i++) races[(i + rounds) % races.Length].Pass(path, record: true);
        }

        foreach (Race race in races) Console.WriteLine(race.ToJson());
        Console.Error.WriteLine($"{path}, {rounds} rounds in {clock.Elapsed.TotalSeconds:F0} s, load {MachineLoad.LastMinute}, {Environment.ProcessorCount} processors");
    }

    private sealed class Race(PacketReader reader)
    {
        private readonly List<double> _nanoseconds = [];
        private double _bytes;
        private PacketCounts _counts;

        public void Pass(string path, bool record)
        {
            long bytes = GC.GetTotalAllocatedBytes(precise: true);
            long start = ThreadClock.OfAllThreads;
            _counts = reader.Read(path);
            long spent = ThreadClock.OfAllThreads - start;
            bytes = GC.GetTotalAllocatedBytes(precise: true) - bytes;
            if (!record) return;
            _nanoseconds.Add((double)spent / _counts.Packets);
            _bytes = (double)bytes / _counts.Packets;
        }

        public string ToJson()
        {
            _nanoseconds.Sort();
            return JsonSerializer.Serialize(new
            {
                reader = reader.Name,
                ns = Math.Round(_nanoseconds[_nanoseconds.Count / 2], 1),
                min = Math.Round(_nanoseconds[0], 1),
                bytes = reader.IsManaged ? Math.Round(_bytes, 2) : (double?)null, // native memory is not the collector's to count
                packets = _counts.Packets,
                datagrams = _counts.Datagrams,
                octets = _counts.Octets,
            });
        }
    }
}
