using System.Diagnostics;
using System.Net;
using System.Text;

namespace PassiveDns.Aggregation.Tests;

/// <summary>A stream of random names at full speed: memory stays under the budget, and whoever else is in the stream is counted exactly.</summary>
[Collection("alone")]
public class FloodMemoryTests(ITestOutputHelper output)
{
    private const int DigitsInName = 16;

    private static readonly HostAddress s_server = HostAddress.From(IPAddress.Parse(TestWorld.Example));

    [Fact]
    public void A_hundred_thousand_random_names_stay_under_a_small_budget() =>
        Flood(100_000, 8 << 20, new() { NamesWithSameData = 1_000, Names = 4_000 });

    /// <summary>
    /// <c>dotnet run -c Release --project tests/PassiveDns.Aggregation.Tests -- -explicit only -method "*Ten_million*" -showliveoutput</c>; it prints the peak
    /// memory.
    /// </summary>
    [Fact(Explicit = true)]
    public void Ten_million_random_names_stay_under_the_default_budget() => Flood(10_000_000, 256 << 20, new());

    private void Flood(int names, long budget, FloodGuardOptions floodGuard)
    {
        ResponseAggregator aggregator = new(new()
        {
            Sensor = new("test"), Epoch = 7, RootHints = TestWorld.Hints, MemoryBudget = budget, FloodGuard = floodGuard, KeepNegativeEvidence = true,
        });
        Add(aggregator, TestWorld.Root, TestWorld.TldReferral());
        Add(aggregator, TestWorld.Tld, TestWorld.ExampleReferral());

        // Wildcard data below one parent, names denied with proofs made for each, and a tunnel.
        (byte[] Message, int[] Places)[] floods =
        [
            Template("example.test", name => new TestResponse(name, RecordType.A).Authoritative().Answer($"{name} A 192.0.2.99")),
            Template("nx.example.test", name => new TestResponse(name, RecordType.A).Authoritative().NxDomain()
                .Authority("example.test SOA ns.example.test h.example.test 1 2 3 4 60", $"{name} NSEC !.{name} A RRSIG NSEC")),
            Template("t.example.test", name => new TestResponse(name, RecordType.TXT).Authoritative().Answer($"{name} TXT \"{new string('0', DigitsInName)}\"")),
        ];
        long before = GC.GetTotalMemory(forceFullCollection: true);
        long peak = 0;
        Random random = new(1);
        Dictionary<string, long> sums = [];
        long ordinary = 0, rows = 0, started = Stopwatch.GetTimestamp();
        byte[] digits = new byte[DigitsInName];
        for (int i = 0; i < names; i++)
        {
            (byte[] message, int[] places) = floods[i % 7 < 4 ? 0 : i % 7 < 6 ? 1 : 2];
            random.NextBytes(digits);
            for (int d = 0; d < digits.Length; d++) digits[d] = (byte)"0123456789abcdef"[digits[d] & 15];
            foreach (int place in places) digits.CopyTo(message.AsSpan(place));
            Add(aggregator, s_server, message, i);
            if (i % 50 == 0)
            {
                int host = i / 50 % 200;
                Add(aggregator, s_server, new TestResponse($"host{host}.example.test", RecordType.A).Authoritative().Answer($"host{host}.example.test A 198.51.100.{host}").Build(), i);
                ordinary++;
            }

            if (i % (names / 50) == 0) peak = Math.Max(peak, GC.GetTotalMemory(forceFullCollection: true) - before);
            rows += Take(aggregator, sums);
        }

        aggregator.Complete();
        rows += Take(aggregator, sums);
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        AggregationReport report = aggregator.GetReport();
        output.WriteLine($"{names} random names with {ordinary} ordinary answers in {seconds:F1} s: {rows} rows, {report.FoldedNames} sightings folded, "
            + $"peak {peak >> 20} MiB of live memory (budget {budget >> 20} MiB), peak working set {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MiB");
        Assert.InRange(peak, 1, budget);
        Assert.Equal(200, sums.Count);
        Assert.Equal(ordinary, sums.Values.Sum());
        Assert.All(sums.Values, sum => Assert.InRange(sum, ordinary / 200, ordinary / 200 + 1));
        Assert.InRange(rows, 1, names / 2);
        Assert.Equal(report.Observed, report.Account.Where(line => line.Stage == "sightings").Sum(line => line.Count));
    }

    /// <summary>A message of which only the label changes: building each would take longer than what is tested.</summary>
    private static (byte[] Message, int[] Places) Template(string parent, Func<string, TestResponse> make)
    {
        string label = new('0', DigitsInName);
        byte[] message = make($"{label}.{parent}").Build();
        byte[] wanted = Encoding.ASCII.GetBytes(label);
        List<int> places = [];
        for (int at = 0; at + wanted.Length <= message.Length; at++)
        {
            if (message.AsSpan(at, wanted.Length).SequenceEqual(wanted)) places.Add(at);
        }

        Assert.NotEmpty(places);
        return (message, [.. places]);
    }

    private static void Add(ResponseAggregator aggregator, string server, byte[] message) => Add(aggregator, HostAddress.From(IPAddress.Parse(server)), message, 0);

    private static void Add(ResponseAggregator aggregator, HostAddress server, byte[] message, long number) =>
        aggregator.Add(new() { Message = message, Server = server, UnixNanoseconds = TestWorld.Start * 1_000_000_000 + number * 500_000 });

    /// <summary>Empties the aggregator as a pipeline does, and sums what ordinary names had.</summary>
    private static long Take(ResponseAggregator aggregator, Dictionary<string, long> sums)
    {
        long rows = 0;
        while (aggregator.TryTake(out ObservationBatch? batch))
        {
            foreach (ObservationRow row in batch.Rows)
            {
                rows++;
                if (!row.RrName[1..].StartsWith("host"u8)) continue;
                Observation observation = row.ToObservation();
                Assert.Equal(SightingFolding.None, observation.History.Folding);
                string name = observation.RrName.ToString();
                sums[name] = sums.GetValueOrDefault(name) + observation.History.Count;
            }
        }

        while (aggregator.TryTakeNegativeEvidence(out _))
        {
        }

        return rows;
    }
}
