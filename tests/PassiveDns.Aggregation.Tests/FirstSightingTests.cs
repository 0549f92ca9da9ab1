namespace PassiveDns.Aggregation.Tests;

/// <summary>First sightings are told of at once with count 0; the sums follow, and nothing counts twice.</summary>
public class FirstSightingTests
{
    private static TestResponse Answer(string name, string address = "198.51.100.1") =>
        new TestResponse(name, RecordType.A).Authoritative().Answer($"{name} A {address}");

    private static TestWorld World() => new TestWorld(options => options with { FirstSightingDelay = TimeSpan.FromSeconds(2) }).WithDelegations();

    private static Dictionary<string, SightingHistory> Store(IEnumerable<ObservationBatch> batches)
    {
        Dictionary<string, SightingHistory> store = [];
        foreach (Observation row in batches.SelectMany(batch => batch.Rows.All()))
        {
            string key = $"{row.RrName} {row.Type} {row.Bailiwick} {row.Provenance} {string.Join(' ', row.Rdata)}";
            store[key] = store.TryGetValue(key, out SightingHistory? known) ? known.MergedWith(row.History, SightingHistory.DefaultIntervalGap) : row.History;
        }

        return store;
    }

    private static string Text(SightingHistory history) =>
        $"{string.Join(' ', history.Intervals)} {history.MinTimeToLive}-{history.MaxTimeToLive} {string.Join(' ', history.Witnesses)}";

    [Fact]
    public void A_new_key_is_told_of_with_count_0_once_the_delay_is_over()
    {
        TestWorld world = World();
        world.Send(TestWorld.Example, Answer("www.example.test"));
        Assert.Empty(world.Batches);
        world.Now += 2;
        world.Send(TestWorld.Example, Answer("www.example.test"));
        SightingHistory first = Assert.Single(world.Batches).Rows.First("www.example.test.").History;
        Assert.Equal([new SightingInterval(TestWorld.Start, TestWorld.Start, 0)], first.Intervals);
        world.Now += 100;
        world.Send(TestWorld.Example, Answer("www.example.test"));
        Assert.Single(world.Batches); // known now
        world.Rows();
        Assert.Equal(3, world.Batches[1].Rows.First("www.example.test.").History.Count);
        AggregationReport report = world.Aggregator.GetReport();
        Assert.Equal(world.Batches.Sum(batch => batch.Rows.Count), report.Rows);
        Assert.Equal(world.Batches[0].Rows.Count, report.FirstSightings);
    }

    [Fact]
    public void A_key_of_an_earlier_window_is_not_told_of_again_and_one_that_leaves_at_once_not_at_all()
    {
        TestWorld world = World();
        world.Now += 10;
        world.Send(TestWorld.Example, Answer("www.example.test"));
        world.Now += 3600;
        world.Send(TestWorld.Example, Answer("www.example.test"));
        world.Send(TestWorld.Example, Answer("last.example.test"));
        world.Rows();
        IEnumerable<SightingHistory> rows = world.Batches.Select(batch => batch.Rows.TryFirst("www.example.test.")?.History).OfType<SightingHistory>();
        Assert.Equal([1L, 1L], rows.Select(history => history.Count));
        Assert.Equal(1, world.Batches.SelectMany(batch => batch.Rows.All()).Count(row => row.RrName.ToString() == "last.example.test."));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void By_the_merge_law_a_store_is_the_same_with_and_without(int seed)
    {
        List<TestTraffic.Item> items = TestTraffic.Make(seed, 3000);
        AggregationOptions options = new() { Sensor = new("s"), RootHints = TestWorld.Hints, Window = TimeSpan.FromMinutes(10), MemoryBudget = 1 << 20, WaitingTime = TimeSpan.FromMinutes(5) };
        List<ObservationBatch> plain = Run(items, options);
        List<ObservationBatch> told = Run(items, options with { FirstSightingDelay = TimeSpan.FromSeconds(5) });
        Assert.True(told.Count > plain.Count);
        Dictionary<string, SightingHistory> expected = Store(plain);
        Dictionary<string, SightingHistory> inOrder = Store(told);
        Dictionary<string, SightingHistory> backwards = Store(Enumerable.Reverse(told));
        Assert.Equal(expected.Count, inOrder.Count);
        foreach ((string key, SightingHistory history) in expected)
        {
            Assert.Equal(Text(history), Text(inOrder[key]));
            Assert.Equal(Text(history), Text(backwards[key]));
        }
    }

    private static List<ObservationBatch> Run(List<TestTraffic.Item> items, AggregationOptions options)
    {
        ResponseAggregator aggregator = new(options);
        aggregator.Feed(items);
        aggregator.Complete();
        List<ObservationBatch> batches = [];
        while (aggregator.TryTake(out ObservationBatch? batch)) batches.Add(batch);
        return batches;
    }
}
