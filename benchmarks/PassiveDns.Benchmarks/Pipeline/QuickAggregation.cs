using System.Buffers.Binary;
using System.Net;
using System.Text;
using System.Text.Json;
using PassiveDns.Aggregation;
using PassiveDns.Benchmarks.Measuring;

namespace PassiveDns.Benchmarks.Pipeline;

/// <summary>
/// The aggregator alone: messages of the corpora in, batches out. One root server answers everything, so that each look for a zone walks up to the root:
/// the longest way there is. Hit rates come from how often a corpus is repeated within a window.
/// </summary>
internal static class QuickAggregation
{
    private const int Rounds = 15;
    private const int LiveKeys = 200_000;
    private static readonly HostAddress s_server = HostAddress.From(IPAddress.Parse("240.0.0.1"));

    private static AggregationOptions Options => new()
    {
        Sensor = new("benchmark"),
        RootHints = RootHints.Parse(new StringReader(". NS a.root.\na.root. A 240.0.0.1\n")),
    };

    public static void Run(BenchmarkOptions options)
    {
        CorpusFolder.Chosen = options.Corpus;
        foreach (MessageCorpus corpus in CorpusFolder.Load())
        {
            if (corpus.Name == "mutated") continue;
            double reading = Median(ReadOnly(corpus));
            foreach (int repeats in (ReadOnlySpan<int>)[1, 2, 4, 16]) Measure(corpus, repeats, reading);
            MeasureApart(corpus, reading);
        }

        MeasureMemory();
    }

    private static void Measure(MessageCorpus corpus, int repeats, double reading)
    {
        ResponseAggregator aggregator = new(Options);
        Given given = new(corpus);
        List<double> nanoseconds = [];
        AggregationReport before = aggregator.GetReport();
        for (int round = 0; round < Rounds; round++)
        {
            if (round == Rounds / 3) before = aggregator.GetReport();
            long start = ThreadClock.Nanoseconds;
            for (int i = 0; i < repeats; i++) aggregator.AddAll(given);
            aggregator.Complete();
            while (aggregator.TryTake(out _)) continue;
            if (round >= Rounds / 3) nanoseconds.Add((double)(ThreadClock.Nanoseconds - start) / repeats / corpus.Count);
        }

        AggregationReport after = aggregator.GetReport();
        double ns = Median(nanoseconds);
        double rrsets = (double)(after.Rrsets - before.Rrsets) / (after.Responses - before.Responses);
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            pipeline = "messages to batches",
            corpus = corpus.Name,
            hits = Math.Round(1 - (double)(after.Rows - before.Rows) / (after.Observed - before.Observed), 3), // share of RRsets whose row was there
            ns = Math.Round(ns), // a response
            min = Math.Round(nanoseconds[0]),
            readerNs = Math.Round(reading), // of that: ResponseDecoder alone, in the same run
            rrsets = Math.Round(rrsets, 2), // a response
            nsPerRrset = Math.Round((ns - reading) / rrsets), // beyond the reader's work
        }));
    }

    private static List<double> ReadOnly(MessageCorpus corpus)
    {
        ResponseDecoder decoder = new();
        List<double> nanoseconds = [];
        for (int round = 0; round < 2 * Rounds; round++)
        {
            long start = ThreadClock.Nanoseconds;
            for (int i = 0; i < corpus.Count; i++) decoder.Decode(corpus[i]);
            if (round >= Rounds) nanoseconds.Add((double)(ThreadClock.Nanoseconds - start) / corpus.Count);
        }

        return nanoseconds;
    }

    /// <summary>
    /// What is new, what is known and what repeats, each for itself. In each window a corpus comes once, then several times with other header flags, so that all rows are known but no response is
    /// a repeat of another octet for octet, then several times as it came last.
    /// </summary>
    private static void MeasureApart(MessageCorpus corpus, double reading)
    {
        const int Passes = 8;
        ResponseAggregator aggregator = new(Options);
        Given given = new(corpus);
        List<double> first = [], known = [], repeated = [], packing = [];
        double hits = 0, rrsets = 0;
        for (int round = 0; round < Rounds; round++)
        {
            AggregationReport before = aggregator.GetReport();
            given.SetFlags(0);
            double ns = Time(() => aggregator.AddAll(given));
            if (round >= Rounds / 3) first.Add(ns / corpus.Count);
            AggregationReport after = aggregator.GetReport();
            rrsets = (double)(after.Rrsets - before.Rrsets) / corpus.Count;
            hits = 1 - (double)after.Keys / (after.Observed - before.Observed);
            for (int pass = 1; pass <= Passes; pass++)
            {
                given.SetFlags(pass);
                ns = Time(() => aggregator.AddAll(given));
                if (round >= Rounds / 3) known.Add(ns / corpus.Count);
            }

            for (int pass = 1; pass <= Passes; pass++)
            {
                ns = Time(() => aggregator.AddAll(given));
                if (round >= Rounds / 3) repeated.Add(ns / corpus.Count);
            }

            ns = Time(() =>
            {
                aggregator.Complete();
                while (aggregator.TryTake(out _)) continue;
            });
            if (round >= Rounds / 3) packing.Add(ns / after.Keys);
        }

        double hit = (Median(known) - reading) / rrsets;
        double all = (Median(first) - reading) / rrsets;
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            pipeline = "hits and misses",
            corpus = corpus.Name,
            rrsets = Math.Round(rrsets, 2), // a response
            readerNs = Math.Round(reading), // a response: ResponseDecoder alone
            hitNs = Math.Round(hit), // an RRset whose row is known, in a response that is no repeat, beyond the reader's work
            repeatNs = Math.Round(Median(repeated) / rrsets), // an RRset of a response that is a repeat, which the reader does not see: all of it
            missNs = Math.Round((all - hits * hit) / (1 - hits)), // an RRset whose row is new, beyond the reader's work
            firstHits = Math.Round(hits, 3), // share of the first pass that were hits
            packNs = Math.Round(Median(packing)), // a row, from the table into a batch
        }));
    }

    private static double Time(Action work)
    {
        long start = ThreadClock.Nanoseconds;
        work();
        return ThreadClock.Nanoseconds - start;
    }

    /// <summary>A corpus as if a server had given it, all within one second.</summary>
    private sealed class Given : ICapturedResponses
    {
        private const int FlagsAt = 3; // RA, Z, AD and CD are the upper half of that octet (RFC 1035 section 4.1.1, RFC 4035), and nothing of them is aggregated

        private readonly byte[] _octets;
        private readonly int[] _starts;

        public Given(MessageCorpus corpus)
        {
            _starts = new int[corpus.Count + 1];
            for (int i = 0; i < corpus.Count; i++) _starts[i + 1] = _starts[i] + corpus[i].Length;
            _octets = new byte[_starts[^1]];
            for (int i = 0; i < corpus.Count; i++) corpus[i].CopyTo(_octets.AsSpan(_starts[i]));
        }

        public int Count => _starts.Length - 1;

        public CapturedResponse this[int index] => new()
        {
            Message = _octets.AsSpan(_starts[index].._starts[index + 1]), Server = s_server, UnixNanoseconds = 1_700_000_000_000_000_000,
        };

        public void SetFlags(int flags)
        {
            for (int i = 0; i < Count; i++)
            {
                ref byte octet = ref _octets[_starts[i] + FlagsAt];
                octet = (byte)((octet & 0x0F) | flags << 4);
            }
        }
    }

    /// <summary>What a key that is held costs beyond its own octets, its name and its packed rdata set: all that the process holds more, by key.</summary>
    private static void MeasureMemory()
    {
        ResponseAggregator aggregator = new(Options);
        byte[] message = new byte[64];
        long keyOctets = 0;
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (int i = 0; i < LiveKeys; i++)
        {
            int length = WriteAnswer(message, i, out int key);
            keyOctets += key;
            aggregator.Add(new() { Message = message.AsSpan(0, length), Server = s_server, UnixNanoseconds = 1_700_000_000_000_000_000 });
        }

        long held = GC.GetTotalMemory(forceFullCollection: true) - before;
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            pipeline = "memory",
            keys = aggregator.GetReport().Keys,
            bytesPerKey = held / LiveKeys,
            ownBytes = keyOctets / LiveKeys,
            beyondOwn = (held - keyOctets) / LiveKeys,
        }));
        GC.KeepAlive(aggregator);
    }

    /// <summary><c>h0000001.example. A</c> and so on.</summary>
    private static int WriteAnswer(Span<byte> message, int number, out int keyLength)
    {
        message.Clear();
        message[2] = 0x84; // a response, authoritative
        message[5] = 1;
        message[7] = 1;
        Span<byte> name = message[12..];
        name[0] = 8;
        Encoding.ASCII.GetBytes($"h{number:x7}", name[1..]);
        name[9] = 7;
        "example"u8.CopyTo(name[10..]);
        const int NameLength = 18;
        name[NameLength + 1] = 1; // A
        name[NameLength + 3] = 1; // IN
        Span<byte> record = name[(NameLength + 4)..];
        ReadOnlySpan<byte> head = [0xC0, 12, 0, 1, 0, 1, 0, 0, 1, 44, 0, 4];
        head.CopyTo(record);
        BinaryPrimitives.WriteInt32BigEndian(record[head.Length..], number);
        keyLength = NameLength + 2 + 4;
        return 12 + NameLength + 4 + head.Length + 4;
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }
}
