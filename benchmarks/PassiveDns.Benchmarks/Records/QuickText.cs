using System.Diagnostics;
using System.Text.Json;
using PassiveDns.Benchmarks.Measuring;

namespace PassiveDns.Benchmarks.Records;

/// <summary>Canonical form, text, and text read back, over all corpora within half a minute. The work takes turns and the median counts.</summary>
internal static class QuickText
{
    private const int Chunk = 1000; // records a call: many calls, so that the loop itself gets compiled for good
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan s_total = TimeSpan.FromSeconds(20);

    public static void Run(BenchmarkOptions options)
    {
        CorpusFolder.Chosen = options.Corpus;
        Race[] races = [.. CorpusFolder.Load().Where(corpus => corpus.Name != "mutated").Select(corpus => new RecordCorpus(corpus)).SelectMany(Races)];
        Stopwatch clock = Stopwatch.StartNew();
        while (clock.Elapsed < s_warmUp)
        {
            foreach (Race race in races) race.Pass(record: false);
        }

        int rounds = 0;
        for (; rounds < 3 || (rounds < 41 && clock.Elapsed < s_total); rounds++)
        {
            for (int i = 0; i < races.Length; i++) races[(i + rounds) % races.Length].Pass(record: true);
        }

        foreach (Race race in races) Console.WriteLine(race.ToJson());
        Console.Error.WriteLine($"{rounds} rounds in {clock.Elapsed.TotalSeconds:F0} s, load {MachineLoad.LastMinute}, {Environment.ProcessorCount} processors");
    }

    private static Race[] Races(RecordCorpus corpus) =>
        [new("canonicalize", corpus, corpus.Canonicalize), new("format", corpus, corpus.Format), new("parse", corpus, corpus.Parse)];

    /// <summary>One kind of work over one corpus.</summary>
    private sealed class Race(string work, RecordCorpus corpus, Func<int, int, long> run)
    {
        private readonly List<double> _nanoseconds = [];
        private long _bytes;
        private long _octets;

        public void Pass(bool record)
        {
            long bytes = GC.GetAllocatedBytesForCurrentThread();
            long start = ThreadClock.Nanoseconds;
            long octets = 0;
            for (int at = 0; at < corpus.Count; at += Chunk) octets += run(at, Math.Min(Chunk, corpus.Count - at));
            long spent = ThreadClock.Nanoseconds - start;
            bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
            if (!record) return;
            _nanoseconds.Add((double)spent / corpus.Count);
            _bytes = Math.Max(_bytes, bytes);
            _octets = octets;
        }

        public string ToJson()
        {
            _nanoseconds.Sort();
            return JsonSerializer.Serialize(new
            {
                work,
                corpus = corpus.Name,
                ns = Math.Round(_nanoseconds[_nanoseconds.Count / 2], 1),
                min = Math.Round(_nanoseconds[0], 1),
                bytes = _bytes, // of a whole pass, not of a record
                records = corpus.Count,
                octets = Math.Round((double)_octets / corpus.Count, 1),
            });
        }
    }
}
