namespace PassiveDns.Aggregation.Tests;

/// <summary>What is not there: a stream of its own, from verified servers alone.</summary>
public class NegativeEvidenceTests
{
    private const string Soa = "example.test 900 SOA ns.example.test h.example.test 1 2 3 4 60";

    private static TestWorld World() => new TestWorld(options => options with { KeepNegativeEvidence = true }).WithDelegations();

    private static TestResponse Missing(string name, RecordType type = RecordType.A) => new TestResponse(name, type).Authoritative().NxDomain().Authority(Soa);

    private static List<string> Items(TestWorld world)
    {
        world.Rows();
        List<string> items = [];
        while (world.Aggregator.TryTakeNegativeEvidence(out NegativeEvidenceBatch? batch))
        {
            items.AddRange(batch.Items.Select(item =>
                $"{item.Name} {item.Type} {item.Kind} {item.Zone} {item.Sighting.FirstSeen - TestWorld.Start}-{item.Sighting.LastSeen - TestWorld.Start} {item.Sighting.Count} {item.Sighting.MaxTimeToLive}"));
        }

        return items;
    }

    [Fact]
    public void Equal_negative_answers_are_summed_by_name_type_and_zone()
    {
        TestWorld world = World();
        world.Send(TestWorld.Example, Missing("no.example.test"));
        world.Now += 7;
        world.Send(TestWorld.Example, Missing("No.Example.test", RecordType.MX)); // NXDOMAIN is about the name, whatever the type
        world.Send(TestWorld.Example, new TestResponse("www.example.test", RecordType.AAAA).Authoritative().Authority(Soa));
        Assert.Equal(
            ["no.example.test. None NameError example.test. 0-7 2 60", "www.example.test. AAAA NoData example.test. 7-7 1 60"],
            Items(world));
        Assert.Equal(3, world.Fate("negatives", "observed"));
    }

    [Fact]
    public void Behind_an_alias_the_evidence_is_about_its_target()
    {
        TestWorld world = World();
        world.Send(TestWorld.Example, new TestResponse("a.example.test", RecordType.A).Authoritative().NxDomain()
            .Answer("a.example.test CNAME gone.example.test").Authority(Soa));
        Assert.Equal(["gone.example.test. None NameError example.test. 0-0 1 60"], Items(world));
    }

    [Fact]
    public void Servers_that_do_not_speak_for_the_zone_and_answers_without_a_fitting_SOA_are_counted_and_left_out()
    {
        TestWorld world = World();
        world.Send(TestWorld.Evil, Missing("bank.example.test"));
        world.Send(TestWorld.Tld, Missing("parent.example.test")); // speaks for the parent only
        world.Send(TestWorld.Example, new TestResponse("x.example.test", RecordType.A).Authoritative().NxDomain().Answer("x.example.test CNAME y.example.test"));
        world.Send(TestWorld.Example, new TestResponse("www.other.test", RecordType.A).Authoritative().NxDomain().Authority(Soa));
        world.Send(TestWorld.Example, Missing("probe.example.test"), "example.test", isProbe: true);
        Assert.Empty(Items(world));
        Assert.Equal(2, world.Fate("negatives", "dropped-unverified"));
        Assert.Equal(2, world.Fate("negatives", "dropped-no-soa"));
        Assert.Equal(1, world.Fate("negatives", "dropped-probe"));
        AggregationReport report = world.Aggregator.GetReport();
        long negative = world.Fate("responses", "negative");
        Assert.Equal(negative, report.Account.Where(line => line.Stage == "negatives").Sum(line => line.Count));
    }

    [Fact]
    public void It_is_off_by_default_and_changes_no_observation()
    {
        List<TestTraffic.Item> items = TestTraffic.Make(4, 2000);
        Assert.Equal(Rows(items, false), Rows(items, true));
        Assert.False(new AggregationOptions().KeepNegativeEvidence);
    }

    [Fact]
    public void A_flood_of_names_stays_within_the_budget_and_loses_nothing()
    {
        TestWorld world = new TestWorld(options => options with { KeepNegativeEvidence = true, MemoryBudget = 1 << 20, FloodGuard = null }).WithDelegations();
        for (int i = 0; i < 5000; i++) world.Send(TestWorld.Example, Missing($"r{i}.example.test"));
        Assert.True(world.Aggregator.TryTakeNegativeEvidence(out NegativeEvidenceBatch? early));
        Assert.Equal(5000 - early.Items.Sum(item => item.Sighting.Count), Items(world).Count);
    }

    private static List<string> Rows(List<TestTraffic.Item> items, bool keep)
    {
        ResponseAggregator aggregator = new(new() { Sensor = new("s"), RootHints = TestWorld.Hints, KeepNegativeEvidence = keep });
        aggregator.Feed(items);
        aggregator.Complete();
        List<string> rows = [];
        while (aggregator.TryTake(out ObservationBatch? batch)) rows.Add(Convert.ToHexString(batch.Rows.Packed));
        Assert.Equal(keep, aggregator.TryTakeNegativeEvidence(out _));
        return rows;
    }
}
