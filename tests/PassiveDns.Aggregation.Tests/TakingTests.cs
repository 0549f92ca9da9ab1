using System.Security.Cryptography;

namespace PassiveDns.Aggregation.Tests;

/// <summary>The rows of a window are packed by whoever takes them, at once or later, on the same thread or another. Nothing of that may be seen in what comes out.</summary>
public class TakingTests
{
    private static readonly AggregationOptions s_options = new()
    {
        Sensor = new("s"), Epoch = 1, RootHints = TestWorld.Hints, Window = TimeSpan.FromMinutes(10), MaxRowsPerBatch = 50,
        MaxWaiting = 40, WaitingTime = TimeSpan.FromMinutes(5),
    };

    public static TheoryData<string, AggregationOptions> Ways => new()
    {
        { "plain", s_options },
        { "a batch a window", s_options with { MaxRowsPerBatch = 50_000 } },
        { "short on memory and names", s_options with { Window = TimeSpan.FromHours(4), MemoryBudget = 1 << 20, MaxDelegationNames = 1024 } },
        { "told of at once", s_options with { FirstSightingDelay = TimeSpan.FromSeconds(30) } },
        { "with negative evidence and chaff", s_options with { KeepNegativeEvidence = true, KeepChaff = true } },
    };

    [Theory]
    [MemberData(nameof(Ways), DisableDiscoveryEnumeration = true)]
    public async Task Batches_taken_on_another_thread_are_those_taken_at_once_or_in_the_end(string way, AggregationOptions options)
    {
        List<TestTraffic.Item> items = TestTraffic.Make(seed: way.Length, 8_000);
        List<string> atOnce = [];
        ResponseAggregator aggregator = new(options);
        foreach (TestTraffic.Item item in items)
        {
            aggregator.Feed(item);
            Take(aggregator, atOnce);
        }

        aggregator.Complete();
        Take(aggregator, atOnce);
        Assert.True(atOnce.Count > 10);
        AggregationReport report = aggregator.GetReport();
        AssertAllTaken(report, atOnce);

        aggregator = new(options);
        aggregator.Feed(items);
        aggregator.Complete();
        List<string> inTheEnd = [];
        Take(aggregator, inTheEnd);
        Assert.Equal(atOnce.Order(), inTheEnd.Order());

        for (int run = 0; run < 3; run++)
        {
            ResponseAggregator shared = new(options);
            bool hasEnded = false;
            Task<List<string>> taking = Task.Run(() =>
            {
                List<string> taken = [];
                while (!Volatile.Read(ref hasEnded))
                {
                    Take(shared, taken);
                    Thread.Yield();
                }

                Take(shared, taken);
                return taken;
            }, TestContext.Current.CancellationToken);
            shared.Feed(items);
            shared.Complete();
            Volatile.Write(ref hasEnded, true);
            List<string> elsewhere = await taking;
            Assert.Equal(Of("rows", atOnce), Of("rows", elsewhere)); // in this order; the three streams are not ordered among each other
            Assert.Equal(Of("chaff", atOnce), Of("chaff", elsewhere));
            Assert.Equal(Of("negatives", atOnce), Of("negatives", elsewhere));
            AssertAllTaken(shared.GetReport(), elsewhere);
            Assert.Equal(report.Account, shared.GetReport().Account);
        }
    }

    [Fact]
    public void A_row_is_at_every_moment_either_held_or_in_a_batch()
    {
        AggregationOptions options = s_options with { FloodGuard = null, MaxSetsPerDay = 0 };
        ResponseAggregator aggregator = new(options);
        long taken = 0, mostHeld = 0;
        Random random = new(1);
        foreach (TestTraffic.Item item in TestTraffic.Make(5, 20_000))
        {
            long handedOn = aggregator.HandedOn;
            AggregationReport before = aggregator.GetReport();
            aggregator.Feed(item);
            AggregationReport after = aggregator.GetReport();
            Assert.InRange(after.Keys + after.Rows, before.Keys + before.Rows, before.Keys + before.Rows + 100); // a window's end makes none and loses none
            if (after.Batches > before.Batches) Assert.True(aggregator.HandedOn > handedOn);
            mostHeld = Math.Max(mostHeld, after.Keys);
            for (int some = random.Next(200) == 0 ? random.Next(40) : 0; some > 0 && aggregator.TryTake(out ObservationBatch? batch); some--)
            {
                taken += batch.Rows.Count;
                AggregationReport now = aggregator.GetReport();
                Assert.Equal(after.Keys + after.Rows, now.Keys + now.Rows);
                Assert.InRange(now.Rows, taken, long.MaxValue);
            }
        }

        aggregator.Complete();
        AggregationReport ended = aggregator.GetReport();
        while (aggregator.TryTake(out ObservationBatch? batch)) taken += batch.Rows.Count;
        AggregationReport last = aggregator.GetReport();
        Assert.Equal(ended.Keys + ended.Rows, taken);
        Assert.Equal((0, taken), (last.Keys, last.Rows));
        Assert.True(mostHeld > 0);
    }

    /// <summary>Whoever does not take must not make the aggregator hold one table for each window: only the last one waits as it is, the others wait packed.</summary>
    [Fact]
    public void No_more_than_one_window_waits_unpacked()
    {
        ResponseAggregator aggregator = new(s_options);
        aggregator.Feed(TestTraffic.Make(5, 20_000));
        aggregator.Complete();
        AggregationReport report = aggregator.GetReport();
        Assert.True(report.Batches > 10);
        long first = 0;
        while (aggregator.GetReport().Keys > 0 && aggregator.TryTake(out ObservationBatch? batch)) first += batch.Rows.Count;
        Assert.Equal(report.Keys, first); // what was held was the first window
        Assert.True(first < report.Rows);
    }

    private static void AssertAllTaken(AggregationReport report, List<string> taken)
    {
        List<string> rows = Of("rows", taken);
        Assert.Equal(0, report.Keys);
        Assert.Equal(rows.Count, report.Batches);
        Assert.Equal(rows.Sum(line => long.Parse(line.Split(' ')[^2], System.Globalization.CultureInfo.InvariantCulture)), report.Rows);
    }

    private static List<string> Of(string stream, List<string> taken) => taken.FindAll(line => line.StartsWith(stream, StringComparison.Ordinal));

    private static void Take(ResponseAggregator aggregator, List<string> taken)
    {
        while (aggregator.TryTake(out ObservationBatch? batch)) taken.Add(Text("rows", batch));
        while (aggregator.TryTakeChaff(out ObservationBatch? chaff)) taken.Add(Text("chaff", chaff));
        while (aggregator.TryTakeNegativeEvidence(out NegativeEvidenceBatch? negatives))
        {
            taken.Add($"negatives {negatives.Id} {string.Join(';', negatives.Items.Select(item => $"{item.Name} {item.Type} {item.Zone} {item.Sighting}"))}");
        }
    }

    private static string Text(string stream, ObservationBatch batch) =>
        $"{stream} {batch.Id} {batch.Rows.Count} {Convert.ToHexString(SHA256.HashData(batch.Rows.Packed))}";
}
