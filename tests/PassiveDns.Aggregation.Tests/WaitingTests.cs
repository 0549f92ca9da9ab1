namespace PassiveDns.Aggregation.Tests;

/// <summary>What cannot be verified yet waits for the delegation, bounded in time and number, with its own time.</summary>
public class WaitingTests
{
    [Fact]
    public void A_cold_start_is_made_good_when_the_delegations_are_seen()
    {
        TestWorld world = new();
        world.Send(TestWorld.Example, new TestResponse("www.example.test", RecordType.A).Authoritative().Answer("www.example.test A 198.51.100.1"));
        world.Now += 30;
        world.Send(TestWorld.Tld, TestWorld.ExampleReferral());
        Assert.Equal(3, world.Aggregator.GetReport().Waiting);
        world.Now += 30;
        world.Send(TestWorld.Root, TestWorld.TldReferral());
        Assert.Equal(0, world.Aggregator.GetReport().Waiting);
        Assert.Contains("www.example.test. A 198.51.100.1 | example.test. VerifiedTraffic 1", world.Rows());
        foreach (ObservationRow row in world.Batches[0].Rows)
        {
            if (row.Type == RecordType.A && row.RrName.Length == 18) Assert.Equal(TestWorld.Start, SightingCodec.Decode(row.History).FirstSeen);
        }
    }

    [Fact]
    public void A_delegation_without_glue_is_verified_once_the_server_s_address_is_known()
    {
        TestWorld world = new TestWorld().WithDelegations();
        world.Send(TestWorld.Tld, new TestResponse("shop.test", RecordType.A).Authority("shop.test NS ns.example.test"));
        world.Send(TestWorld.Tld, new TestResponse("glueless.test", RecordType.A).Authority("glueless.test NS ns.far.example.test"));
        world.Send("192.0.2.50", new TestResponse("glueless.test", RecordType.A).Authoritative().Answer("glueless.test A 198.51.100.5"));
        Assert.Equal(1, world.Aggregator.GetReport().Waiting);
        world.Send(TestWorld.Example, new TestResponse("ns.far.example.test", RecordType.A).Authoritative().Answer("ns.far.example.test A 192.0.2.50"));
        Assert.Equal(0, world.Aggregator.GetReport().Waiting);
        Assert.Contains("glueless.test. A 198.51.100.5 | glueless.test. VerifiedTraffic 1", world.Rows());
    }

    [Fact]
    public void What_waits_too_long_is_decided_without_a_zone()
    {
        TestWorld world = new(options => options with { WaitingTime = TimeSpan.FromSeconds(60) });
        world.Send(TestWorld.Example, new TestResponse("www.example.test", RecordType.A).Answer("www.example.test A 198.51.100.1"));
        world.Now += 61;
        world.WithDelegations();
        Assert.Equal(1, world.Fate("rrsets", "observed-unverified"));
        Assert.Contains("www.example.test. A 198.51.100.1 | . Unverified 1", world.Rows());
    }

    [Fact]
    public void A_full_room_decides_the_oldest_and_counts_it()
    {
        TestWorld world = new(options => options with { MaxWaiting = 10 });
        for (int i = 0; i < 25; i++)
        {
            world.Send(TestWorld.Example, new TestResponse($"w{i}.example.test", RecordType.A).Answer($"w{i}.example.test A 198.51.100.1"));
        }

        Assert.Equal(10, world.Aggregator.GetReport().Waiting);
        Assert.Equal(15, world.Aggregator.GetReport().WaitingOverflowed);
        world.AssertConserved(25);
        world.WithDelegations();
        Assert.Equal(10, world.Rows().Count(row => row.StartsWith('w') && row.Contains("VerifiedTraffic", StringComparison.Ordinal)));
        world.AssertConserved(27);
    }

    [Fact]
    public void Long_queues_and_many_octets_pass_through_in_order()
    {
        TestWorld world = new(options => options with { MaxWaitingBytes = 1 << 20 });
        string text = string.Join(' ', Enumerable.Repeat('"' + new string('x', 250) + '"', 40));
        for (int i = 0; i < 300; i++)
        {
            world.Send(TestWorld.Example, new TestResponse($"w{i}.example.test", RecordType.TXT).Answer($"w{i}.example.test TXT {text}"));
        }

        long waiting = world.Aggregator.GetReport().Waiting;
        Assert.InRange(waiting, 90, 110); // 300 sets of 10 kB do not fit into 1 MiB
        world.Now++;
        world.WithDelegations();
        world.Now++;
        world.Send(TestWorld.Root, TestWorld.TldReferral());
        Assert.Equal(waiting, world.Aggregator.GetReport().Verified - 6);
        world.AssertConserved(303);
    }

    [Fact]
    public void A_crowd_that_waits_for_one_server_is_served_when_the_clock_moves_on()
    {
        TestWorld world = new();
        for (int i = 0; i < 500; i++)
        {
            world.Send(TestWorld.Example, new TestResponse($"w{i}.example.test", RecordType.A).Answer($"w{i}.example.test A 198.51.100.1"));
        }

        world.WithDelegations();
        Assert.Equal(500, world.Aggregator.GetReport().Waiting);
        world.Now++;
        world.Send(TestWorld.Root, TestWorld.TldReferral());
        Assert.Equal(0, world.Aggregator.GetReport().Waiting);
        Assert.Equal(506, world.Aggregator.GetReport().Verified);
        Assert.Equal(500, world.Rows().Count(row => row.EndsWith("A 198.51.100.1 | example.test. VerifiedTraffic 1", StringComparison.Ordinal)));
    }
}
