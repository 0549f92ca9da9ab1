namespace PassiveDns.Aggregation.Tests;

/// <summary>Windows, batches and bounds of the deduplicating aggregator.</summary>
public class WindowTests
{
    private static TestResponse Answer(string name, string address = "198.51.100.1", int ttl = 300) =>
        new TestResponse(name, RecordType.A).Authoritative().Answer($"{name} {ttl} A {address}");

    [Fact]
    public void Equal_sightings_are_summed_with_first_last_and_TTL_range()
    {
        TestWorld world = new TestWorld().WithDelegations();
        foreach ((int at, int ttl) in new[] { (10, 300), (5, 60), (99, 200) })
        {
            world.Now = TestWorld.Start + at;
            world.Send(TestWorld.Example, Answer("www.example.test", ttl: ttl));
        }

        world.Rows();
        SightingHistory history = Assert.Single(world.Batches).Rows.First("www.example.test.").History;
        Assert.Equal([new SightingInterval(TestWorld.Start + 5, TestWorld.Start + 99, 3)], history.Intervals);
        Assert.Equal((60u, 300u), (history.MinTimeToLive, history.MaxTimeToLive));
        Assert.Equal([new SensorId("test").Fingerprint], history.Witnesses);
    }

    [Fact]
    public void A_window_ends_with_the_data_s_clock_and_sequences_have_no_holes()
    {
        TestWorld world = new TestWorld().WithDelegations();
        world.Send(TestWorld.Example, Answer("www.example.test"));
        Assert.Empty(world.Batches);
        world.Now = TestWorld.Start + 3599;
        world.Send(TestWorld.Example, Answer("www.example.test"));
        Assert.Empty(world.Batches);
        world.Now = TestWorld.Start + 3600;
        world.Send(TestWorld.Example, Answer("www.example.test"));
        Assert.Equal(2, Assert.Single(world.Batches).Rows.First("www.example.test.").History.Count);
        world.Rows();
        Assert.Equal([1UL, 2UL], world.Batches.Select(batch => batch.Id.Sequence));
        Assert.All(world.Batches, batch => Assert.Equal((new SensorId("test"), 7UL), (batch.Id.Sensor, batch.Id.Epoch)));
        Assert.Equal(1, world.Batches[1].Rows.First("www.example.test.").History.Count);
    }

    [Fact]
    public void Data_that_is_a_little_late_keeps_its_time_and_closes_no_window()
    {
        TestWorld world = new TestWorld().WithDelegations();
        world.Now = TestWorld.Start + 7200;
        world.Send(TestWorld.Example, Answer("new.example.test"));
        int batches = world.Batches.Count;
        world.Now = TestWorld.Start + 3000;
        world.Send(TestWorld.Example, Answer("late.example.test"));
        world.Now = TestWorld.Start + 7201;
        world.Send(TestWorld.Example, Answer("new.example.test"));
        Assert.Equal(batches, world.Batches.Count);
        world.Rows();
        Assert.Equal(TestWorld.Start + 3000, world.Batches[^1].Rows.First("late.example.test.").History.FirstSeen);
    }

    [Fact]
    public void One_packet_from_the_far_future_does_not_stop_the_windows()
    {
        TestWorld world = new TestWorld().WithDelegations();
        world.Now = TestWorld.Start + 1_000_000_000;
        world.Send(TestWorld.Example, Answer("future.example.test"));
        int batches = world.Batches.Count;
        for (int i = 0; i < 9000; i++)
        {
            world.Now = TestWorld.Start + 60 + i;
            world.Send(TestWorld.Example, Answer("www.example.test"));
        }

        Assert.True(world.Batches.Count >= batches + 2);
    }

    [Fact]
    public void Batches_are_sorted_by_canonical_key_and_hold_no_key_twice()
    {
        TestWorld world = new TestWorld(options => options with { MaxRowsPerBatch = 7 }).WithDelegations();
        Random random = new(5);
        for (int i = 0; i < 200; i++)
        {
            string name = $"{(char)random.Next('a', 'd')}.{(char)random.Next('A', 'D')}.example.test";
            world.Send(TestWorld.Example, Answer(name, $"198.51.100.{random.Next(4)}"));
        }

        world.Rows();
        Assert.All(world.Batches, batch => Assert.InRange(batch.Rows.Count, 1, 7));
        List<Observation> all = [.. world.Batches.SelectMany(batch => batch.Rows.All())];
        List<Observation> sorted = [.. all
            .OrderBy(row => row.RrName)
            .ThenBy(row => row.Type)
            .ThenBy(row => row.Bailiwick.LabelCount)
            .ThenBy(row => row.Provenance)
            .ThenBy(row => Convert.ToHexString(row.Rdata[0].Canonical), StringComparer.Ordinal)];
        Assert.Equal(sorted, all);
        Assert.Equal(all.Count, all.DistinctBy(row => (row.RrName, row.Type, row.Bailiwick, row.Provenance, row.Rdata[0])).Count());
        Assert.Equal(200 + 4, all.Sum(row => row.History.Count));
    }

    [Fact]
    public void When_the_memory_budget_is_used_up_the_oldest_rows_leave_first_and_nothing_is_lost()
    {
        TestWorld world = new TestWorld(options => options with { MemoryBudget = 1 << 20 }).WithDelegations();
        for (int i = 0; i < 20_000; i++) world.Send(TestWorld.Example, Answer($"w{i}.example.test", $"198.51.{i / 256}.{i % 256}"));
        Assert.True(world.Batches.Count > 1);
        Assert.NotNull(world.Batches[0].Rows.TryFirst("w0.example.test."));
        Assert.True(world.Aggregator.GetReport().Keys < 10_000);
        world.Rows();
        Assert.Equal(20_004, world.Batches.SelectMany(batch => batch.Rows.All()).Sum(row => row.History.Count));
        Assert.Equal(world.Aggregator.GetReport().Rows, world.Batches.Sum(batch => batch.Rows.Count));
    }

    [Theory]
    [InlineData(nameof(AggregationOptions.Window))]
    [InlineData(nameof(AggregationOptions.MemoryBudget))]
    [InlineData(nameof(AggregationOptions.MaxRowsPerBatch))]
    [InlineData(nameof(AggregationOptions.MaxWaiting))]
    public void An_option_out_of_range_is_refused_by_name(string option)
    {
        AggregationOptions options = option switch
        {
            nameof(AggregationOptions.Window) => new() { Window = TimeSpan.Zero },
            nameof(AggregationOptions.MemoryBudget) => new() { MemoryBudget = 1 },
            nameof(AggregationOptions.MaxRowsPerBatch) => new() { MaxRowsPerBatch = 0 },
            _ => new() { MaxWaiting = 0 },
        };
        Assert.Contains(option, Assert.Throws<ArgumentOutOfRangeException>(() => new ResponseAggregator(options)).Message, StringComparison.Ordinal);
    }
}
