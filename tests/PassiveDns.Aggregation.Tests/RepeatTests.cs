using System.Security.Cryptography;

namespace PassiveDns.Aggregation.Tests;

/// <summary>
/// Responses that come again take a short way, and responses that are given together are worked on side by side. Neither may be seen in what comes out. An
/// aggregator that somebody listens to knows no short way, so it is the oracle.
/// </summary>
public class RepeatTests
{
    private static readonly AggregationOptions s_options = new()
    {
        Sensor = new("s"), Epoch = 1, RootHints = TestWorld.Hints, Window = TimeSpan.FromHours(2), MaxRowsPerBatch = 50, MaxWaiting = 40,
        WaitingTime = TimeSpan.FromMinutes(5), DelegationGrace = TimeSpan.FromHours(3),
    };

    public static TheoryData<string, AggregationOptions> Ways => new()
    {
        { "plain", s_options },
        { "short on memory and names", s_options with { MemoryBudget = 1 << 20, MaxDelegationNames = 1024 } },
        { "told of at once", s_options with { FirstSightingDelay = TimeSpan.FromSeconds(30) } },
        { "with negative evidence and chaff", s_options with { KeepNegativeEvidence = true, KeepChaff = true } },
    };

    [Theory]
    [MemberData(nameof(Ways), DisableDiscoveryEnumeration = true)]
    public void Repeats_and_responses_given_together_come_out_as_the_long_way_does(string way, AggregationOptions options)
    {
        List<TestTraffic.Item> items = Repeating(seed: way.Length, count: 12_000);
        (List<string> expected, AggregationReport report) = Run(items, options, _ => { }, together: 1);
        Assert.True(expected.Count > 5);
        foreach (int together in (ReadOnlySpan<int>)[1, 2, 7, 500])
        {
            (List<string> batches, AggregationReport now) = Run(items, options, trace: null, together);
            Assert.Equal(expected, batches);
            Assert.Equal(report.Account, now.Account);
            Assert.Equal(report.DelegationNames, now.DelegationNames);
        }
    }

    /// <summary>
    /// A zone with more servers than are remembered, and a server with more addresses, in sets that rotate: what is taken in, what has to leave for it, and what nothing is learnt from, is the same on all ways.
    /// </summary>
    [Fact]
    public void Servers_and_addresses_that_rotate_come_out_as_the_long_way_does()
    {
        List<TestTraffic.Item> items = Rotating(seed: 5, count: 8_000);
        (List<string> expected, AggregationReport report) = Run(items, s_options, _ => { }, together: 1);
        Assert.Contains(report.Account, line => line is { Fate: "observed-unverified", Count: > 500 });
        Assert.True(report.Verified > 2_000);
        foreach (int together in (ReadOnlySpan<int>)[1, 7, 500])
        {
            (List<string> batches, AggregationReport now) = Run(items, s_options, trace: null, together);
            Assert.Equal(expected, batches);
            Assert.Equal(report.Account, now.Account);
            Assert.Equal(report.DelegationNames, now.DelegationNames);
        }
    }

    private static List<TestTraffic.Item> Rotating(int seed, int count)
    {
        const int Servers = 90;
        Random random = new(seed);
        List<TestTraffic.Item> items = [];
        HostAddress root = Address(TestWorld.Root);
        long time = TestWorld.Start;
        while (items.Count < count)
        {
            if (random.Next(40) == 0) time += random.Next(3) == 0 ? random.Next(2_000) : 1;
            long seen = random.Next(30) == 0 ? time - random.Next(1_500) : time;
            int first = random.Next(Servers);
            int[] some = [.. Enumerable.Range(0, 3).Select(i => (first + (i * random.Next(1, 3))) % Servers).Distinct()];
            TestTraffic.Item item = random.Next(4) switch
            {
                0 => new(seen, root, new TestResponse("www.test", RecordType.A)
                    .Authority([.. some.Select(i => $"test NS n{i}.test")]).Additional([.. some.Select(i => $"n{i}.test A 192.0.2.{i + 100}")]).Build()),
                1 => new(seen, root, new TestResponse("www.test", RecordType.A)
                    .Authority("test NS n0.test").Additional([.. some.Select(i => $"n0.test A 198.51.100.{i}")]).Build()),
                2 => new(seen, Address($"198.51.100.{first}"), new TestResponse("www.test", RecordType.A).Answer("www.test A 203.0.113.1").Build()),
                _ => new(seen, Address($"192.0.2.{first + 100}"), new TestResponse("www.test", RecordType.A).Answer("www.test A 203.0.113.1").Build()),
            };
            for (int times = random.Next(1, 4); times > 0; times--) items.Add(item);
        }

        return items;

        static HostAddress Address(string text) => HostAddress.From(System.Net.IPAddress.Parse(text));
    }

    /// <summary>Whichever of the responses were taken apart before, and though the aggregator is at work on others and learns from them meanwhile.</summary>
    [Theory]
    [MemberData(nameof(Ways), DisableDiscoveryEnumeration = true)]
    public async Task Responses_that_another_thread_takes_apart_come_out_as_the_long_way_does(string way, AggregationOptions options)
    {
        List<TestTraffic.Item> items = Repeating(seed: way.Length, count: 12_000);
        (List<string> expected, AggregationReport report) = Run(items, options, _ => { }, together: 1);
        foreach ((int together, int share) in new[] { (1, 1), (7, 2), (300, 1), (300, 2), (2048, 3) })
        {
            (List<string> batches, AggregationReport now) = await RunApartAsync(items, options, together, share);
            Assert.Equal(expected, batches);
            Assert.Equal(report.Account, now.Account);
            Assert.Equal(report.DelegationNames, now.DelegationNames);
        }
    }

    /// <summary>What is longer than most, or expands to more than there is room for beforehand, is left to the aggregator.</summary>
    [Fact]
    public void Responses_that_are_too_long_to_be_taken_apart_before_come_out_all_the_same()
    {
        List<TestTraffic.Item> items = TestTraffic.Make(seed: 8, count: 300);
        for (int i = 0; i < 800; i++)
        {
            string zone = $"z{i % 30}.test", label = new('x', 60);
            IEnumerable<string> records = Enumerable.Range(0, i % 2 == 0 ? 10 + (i % 6) : 40).Select(n => $"{zone} NS n{n}.{label}.{label}.{label}.{zone}");
            items.Insert((7 * i) % items.Count, items[i] with { Message = new TestResponse(zone, RecordType.NS).Authoritative().Answer([.. records]).Build() });
        }

        Assert.Contains(items, item => item.Message.Length > 4096);
        Assert.True(items.Where(item => item.Message.Length <= 4096).Sum(item => item.Message.Length) > 1 << 20);
        (List<string> expected, AggregationReport report) = Run(items, s_options, _ => { }, together: 1);
        ResponseAggregator aggregator = new(s_options);
        DissectedResponses dissected = new(aggregator);
        dissected.Dissect(new GivenResponses([.. items]));
        aggregator.AddAll(dissected);
        (List<string> batches, AggregationReport now) = Finish(aggregator);
        Assert.Equal(expected, batches);
        Assert.Equal(report.Account, now.Account);
    }

    private static async Task<(List<string> Batches, AggregationReport Report)> RunApartAsync(List<TestTraffic.Item> items, AggregationOptions options, int together, int share)
    {
        ResponseAggregator aggregator = new(options);
        DissectedResponses now = new(aggregator), next = new(aggregator);
        GivenResponses[] buffers = [.. items.Chunk(together).Select(some => new GivenResponses(some))];
        for (int i = 0; i < buffers.Length; i++)
        {
            GivenResponses? ahead = i + 1 < buffers.Length && i % share == 0 ? buffers[i + 1] : null;
            Task dissecting = ahead is null ? Task.CompletedTask : Task.Run(() => next.Dissect(ahead), TestContext.Current.CancellationToken);
            if (now.Responses is null) aggregator.AddAll(buffers[i]);
            else aggregator.AddAll(now);
            now.Clear();
            await dissecting;
            (now, next) = (next, now);
        }

        return Finish(aggregator);
    }

    /// <summary>Traffic in which responses come again with other ids, sometimes late, and sometimes from another server.</summary>
    private static List<TestTraffic.Item> Repeating(int seed, int count)
    {
        Random random = new(seed);
        List<TestTraffic.Item> fresh = TestTraffic.Make(seed, count / 4);
        List<TestTraffic.Item> items = [];
        for (int i = 0; i < count; i++)
        {
            int now = i / 4;
            TestTraffic.Item item = fresh[random.Next(3) == 0 ? now : random.Next(Math.Max(0, now - 300), now + 1)];
            byte[] message = [.. item.Message];
            random.NextBytes(message.AsSpan(0, Math.Min(2, message.Length)));
            long time = fresh[now].Time - (random.Next(20) == 0 ? random.Next(4 * 3600) : 0);
            items.Add(new(time, random.Next(50) == 0 ? fresh[now].Server : item.Server, message));
        }

        return items;
    }

    private static (List<string> Batches, AggregationReport Report) Run(
        List<TestTraffic.Item> items, AggregationOptions options, Action<TracedFate>? trace, int together)
    {
        ResponseAggregator aggregator = new(options, trace);
        if (together == 1) aggregator.Feed(items);
        else foreach (TestTraffic.Item[] some in items.Chunk(together)) aggregator.AddAll(new GivenResponses(some));
        return Finish(aggregator);
    }

    private static (List<string> Batches, AggregationReport Report) Finish(ResponseAggregator aggregator)
    {
        aggregator.Complete();
        List<string> batches = [];
        while (aggregator.TryTake(out ObservationBatch? batch)) batches.Add($"{batch.Id} {batch.Rows.Count} {Convert.ToHexString(SHA256.HashData(batch.Rows.Packed))}");
        while (aggregator.TryTakeChaff(out ObservationBatch? chaff)) batches.Add($"chaff {Convert.ToHexString(SHA256.HashData(chaff.Rows.Packed))}");
        return (batches, aggregator.GetReport());
    }
}
