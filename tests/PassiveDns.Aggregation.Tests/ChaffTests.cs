namespace PassiveDns.Aggregation.Tests;

/// <summary>What is rejected can be kept apart, and is counted by server.</summary>
public class ChaffTests
{
    private static TestWorld World(bool keepChaff = true) => new TestWorld(options => options with { KeepChaff = keepChaff }).WithDelegations();

    private static List<Observation> Chaff(TestWorld world)
    {
        world.Rows();
        List<Observation> rows = [];
        while (world.Aggregator.TryTakeChaff(out ObservationBatch? batch))
        {
            Assert.Equal(7UL ^ 1UL << 63, batch.Id.Epoch);
            rows.AddRange(batch.Rows.All());
        }

        return rows;
    }

    private static void Lie(TestWorld world)
    {
        world.Send(TestWorld.Evil, new TestResponse("www.example.test", RecordType.A).Answer("www.example.test A 203.0.113.1")); // supported by nothing
        world.Send(TestWorld.Example, new TestResponse("www.example.test", RecordType.A).Authoritative()
            .Answer("www.example.test A 198.51.100.1", "www.bank.test A 203.0.113.2")); // the second is scrubbed
        world.Send(TestWorld.Example, new TestResponse("www.example.test", RecordType.A).RawAnswer("www.example.test", 1, [1, 2, 3])); // damaged: no set to keep
    }

    [Fact]
    public void What_is_scrubbed_and_what_nothing_supports_goes_to_the_chaff_and_not_into_the_rows()
    {
        TestWorld world = World();
        Lie(world);
        Assert.DoesNotContain(world.Rows(), row => row.Contains("203.0.113.", StringComparison.Ordinal));
        List<Observation> chaff = Chaff(world);
        Assert.Equal(["www.bank.test.", "www.example.test."], chaff.Select(row => row.RrName.ToString()));
        Assert.All(chaff, row => Assert.Equal((Provenance.Unverified, 0, 1L), (row.Provenance, row.Bailiwick.LabelCount, row.History.Count)));
        Assert.Equal(2, world.Aggregator.GetReport().ChaffRows);
        world.AssertConserved(5);
    }

    [Fact]
    public void Without_it_nothing_changes_and_servers_are_counted_all_the_same()
    {
        TestWorld world = World(keepChaff: false);
        Lie(world);
        Assert.Contains("www.example.test. A 203.0.113.1 | . Unverified 1", world.Rows());
        Assert.Empty(Chaff(world));
        Assert.Equal(
            [TestWorld.Example, TestWorld.Evil],
            world.Aggregator.GetReport().RejectedByServer.Select(server => server.Server.ToString()));
    }

    [Fact]
    public void The_worst_servers_are_remembered_though_many_lie_once()
    {
        TestWorld world = World(keepChaff: false);
        for (int i = 0; i < 2000; i++)
        {
            world.Send(TestWorld.Evil, new TestResponse($"w{i}.example.test", RecordType.A).Answer($"w{i}.example.test A 203.0.113.1"));
            world.Send($"10.1.{i / 250}.{i % 250}", new TestResponse("www.example.test", RecordType.A).Answer("www.example.test A 203.0.113.1"));
        }

        world.Rows();
        IReadOnlyList<ServerRejections> worst = world.Aggregator.GetReport().RejectedByServer;
        Assert.Equal(256, worst.Count);
        Assert.Equal((TestWorld.Evil, 2000L, 0L), (worst[0].Server.ToString(), worst[0].Rrsets, worst[0].Excess));
        Assert.Equal(4000, worst.Sum(server => server.Rrsets)); // space saving keeps the sum
        Assert.All(worst.Skip(1), server => Assert.InRange(server.Rrsets - server.Excess, 1, 1));
    }
}
