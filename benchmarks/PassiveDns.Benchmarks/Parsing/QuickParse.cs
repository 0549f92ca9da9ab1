using System.Diagnostics;
using System.Text.Json;
using PassiveDns.Benchmarks.Measuring;

namespace PassiveDns.Benchmarks.Parsing;

/// <summary>
/// All parsers over all corpora within a minute. Parsers take turns within each round, so that a busy spell of the machine meets all of
/// them, and the median over the rounds is reported. Absolute values belong to the machine and the moment; ratios carry over.
/// </summary>
internal static class QuickParse
{
    private const int Chunk = 250; // messages a call: many calls, so that the loop itself gets compiled for good
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_total = TimeSpan.FromSeconds(42);

    public static void Run(BenchmarkOptions options)
    {
        CorpusFolder.Chosen = options.Corpus;
        IReadOnlyList<MessageCorpus> corpora = CorpusFolder.Load();
        List<MessageParser> parsers = ParserList.Make(out List<(string Parser, string Reason)> skipped);
        if (options.Only is { } only) parsers.RemoveAll(p => !only.Contains(p.Name));
        foreach ((string parser, string reason) in skipped) Console.WriteLine(JsonSerializer.Serialize(new { parser, skipped = reason }));
        if (parsers.Exists(p => p is CPortParser)) Compare(corpora);

        Race[] races = [.. from corpus in corpora from parser in parsers select new Race(parser, corpus)];
        Stopwatch clock = Stopwatch.StartNew();
        for (int pass = 0; pass < 3 || (pass < 40 && clock.Elapsed < s_warmUp); pass++)
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

    /// <summary>A port that does other work would measure nothing.</summary>
    private static void Compare(IReadOnlyList<MessageCorpus> corpora)
    {
        foreach (MessageCorpus corpus in corpora)
        {
            int notPorted = CPortParser.Compare(corpus);
            Console.WriteLine(JsonSerializer.Serialize(new { parser = "c-port", corpus = corpus.Name, same = corpus.Count - notPorted, notPorted }));
        }
    }

    /// <summary>One parser over one corpus.</summary>
    private sealed class Race(MessageParser parser, MessageCorpus corpus)
    {
        private readonly List<double> _nanoseconds = [];
        private long _bytes;
        private int _refused;

        public void Pass(bool record)
        {
            long bytes = GC.GetAllocatedBytesForCurrentThread();
            long start = ThreadClock.Nanoseconds;
            int refused = 0;
            for (int at = 0; at < corpus.Count; at += Chunk) refused += parser.Parse(corpus, at, Math.Min(Chunk, corpus.Count - at));
            long spent = ThreadClock.Nanoseconds - start;
            bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
            if (!record) return;
            _nanoseconds.Add((double)spent / corpus.Count);
            _bytes = bytes / corpus.Count;
            _refused = refused;
        }

        public string ToJson()
        {
            _nanoseconds.Sort();
            return JsonSerializer.Serialize(new
            {
                parser = parser.Name,
                corpus = corpus.Name,
                ns = Math.Round(_nanoseconds[_nanoseconds.Count / 2]),
                min = Math.Round(_nanoseconds[0]),
                bytes = parser.IsManaged ? _bytes : (long?)null, // native memory is not the collector's to count
                messages = corpus.Count,
                refused = _refused,
            });
        }
    }
}
