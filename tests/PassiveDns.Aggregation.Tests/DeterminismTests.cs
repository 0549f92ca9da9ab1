using System.Security.Cryptography;

namespace PassiveDns.Aggregation.Tests;

/// <summary>
/// The same responses in the same order give the same batches octet for octet. Hashes have other keys in each process, so a digest that was written
/// down once also shows that no hash gets out.
/// </summary>
public class DeterminismTests
{
    private static readonly AggregationOptions s_tight = new()
    {
        Sensor = new("s"), Epoch = 1, RootHints = TestWorld.Hints, Window = TimeSpan.FromMinutes(10), MemoryBudget = 1 << 20, MaxRowsPerBatch = 50,
        MaxWaiting = 40, WaitingTime = TimeSpan.FromMinutes(5), MaxDelegationNames = 1024,
    };

    private static List<string> Run(List<TestTraffic.Item> items, AggregationOptions options, Func<int, bool> takesAfter)
    {
        ResponseAggregator aggregator = new(options);
        List<string> batches = [];
        for (int i = 0; i < items.Count; i++)
        {
            aggregator.Feed(items[i]);
            if (takesAfter(i)) Take(aggregator, batches);
        }

        aggregator.Complete();
        Take(aggregator, batches);
        return batches;
    }

    private static void Take(ResponseAggregator aggregator, List<string> batches)
    {
        while (aggregator.TryTake(out ObservationBatch? batch)) batches.Add($"{batch.Id} {batch.Rows.Count} {Convert.ToHexString(SHA256.HashData(batch.Rows.Packed))}");
    }

    [Theory]
    [InlineData(1, "9235E9D919EC6F00")]
    [InlineData(2, "0358117B58116622")]
    [InlineData(3, "50E04122EBFB721D")]
    public void Batches_do_not_depend_on_hashes_or_on_how_the_calls_are_spread(int seed, string digest)
    {
        List<TestTraffic.Item> items = TestTraffic.Make(seed, 4000);
        List<string> once = Run(items, s_tight, _ => true);
        Assert.True(once.Count > 10);
        Assert.Equal(digest, Convert.ToHexString(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(string.Join('\n', once))))[..16]);
        Assert.Equal(once, Run(items, s_tight, _ => false));
        Assert.Equal(once, Run(items, s_tight, i => i % 97 == 0));
    }

    [Fact]
    public void Every_response_and_every_RRset_has_exactly_one_fate()
    {
        List<TestTraffic.Item> items = TestTraffic.Make(9, 3000);
        ResponseAggregator aggregator = new(s_tight);
        long rows = 0;
        for (int i = 0; i < items.Count; i++)
        {
            aggregator.Feed(items[i]);
            AggregationReport now = aggregator.GetReport();
            Assert.Equal(i + 1, now.Account.Where(line => line.Stage == "responses").Sum(line => line.Count));
        }

        aggregator.Complete();
        while (aggregator.TryTake(out ObservationBatch? batch)) rows += batch.Rows.All().Sum(row => row.History.Count);
        AggregationReport report = aggregator.GetReport();
        Assert.Equal(0, report.Waiting);
        Assert.Equal(report.Rrsets, report.Account.Where(line => line.Stage == "rrsets").Sum(line => line.Count));
        Assert.Equal(report.Observed, rows); // what was observed is what the batches count
        Assert.InRange(report.VerifiedShare, 0.3, 0.99);
    }
}
