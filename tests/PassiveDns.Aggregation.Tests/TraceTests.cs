namespace PassiveDns.Aggregation.Tests;

/// <summary>What became of each RRset, told one by one. That the sums are those of the account is checked wherever a <see cref="TestWorld"/> gives its rows.</summary>
public class TraceTests
{
    [Fact]
    public void A_verified_set_is_told_with_its_zone_and_its_response()
    {
        TestWorld world = new TestWorld().WithDelegations();
        world.Send(TestWorld.Example, new TestResponse("www.example.test", RecordType.A).Authoritative().Answer("www.example.test A 198.51.100.1"));
        world.Rows();
        TracedFate told = Assert.Single(world.Told, fate => fate.Name.ToString() == "www.example.test.");
        Assert.Equal(("rrsets", "observed-verified", 3L, RecordType.A, DnsSection.Answer), (told.Stage, told.Fate, told.Number, told.Type, told.Section));
        Assert.Equal(("example.test.", TestWorld.Example), (told.Zone.ToString(), told.Server.ToString()));
        Assert.Equal(3, world.Told.Count(fate => fate is { Stage: "responses", Fate: "accepted" }));
    }

    [Fact]
    public void A_set_that_waited_is_told_under_the_response_that_brought_it()
    {
        TestWorld world = new();
        world.Send(TestWorld.Example, new TestResponse("www.example.test", RecordType.A).Authoritative().Answer("www.example.test A 198.51.100.1"));
        Assert.DoesNotContain(world.Told, fate => fate.Stage == "rrsets");
        world.WithDelegations();
        TracedFate told = Assert.Single(world.Told, fate => fate.Name.ToString() == "www.example.test.");
        Assert.Equal(("observed-verified", 1L, DnsSection.Answer), (told.Fate, told.Number, told.Section));
        world.Rows();
    }

    [Fact]
    public void A_set_that_nothing_verifies_is_told_with_the_closest_zone_that_is_known()
    {
        TestWorld world = new TestWorld(options => options with { KeepUnverified = false }).WithDelegations();
        world.Send(TestWorld.Evil, new TestResponse("www.example.test", RecordType.A).Answer("www.example.test A 203.0.113.1"));
        world.Send(TestWorld.Evil, new TestResponse("www.example.org", RecordType.A).Answer("www.example.org A 203.0.113.1"));
        world.Rows();
        Assert.Equal(
            ["www.example.test. example.test.", "www.example.org. ."],
            world.Told.Where(fate => fate.Fate == "dropped-unverified").Select(fate => $"{fate.Name} {fate.Zone}"));
    }

    [Fact]
    public void What_was_scrubbed_is_told_with_its_reason()
    {
        TestWorld world = new TestWorld().WithDelegations();
        world.Send(
            TestWorld.Example,
            new TestResponse("www.example.test", RecordType.A).Authoritative().Answer("www.example.test A 198.51.100.1").Additional("evil.test A 203.0.113.1"));
        world.Rows();
        TracedFate told = Assert.Single(world.Told, fate => fate.Name.ToString() == "evil.test.");
        Assert.Equal(("dropped-scrubbed-unmentioned", true, DnsSection.Additional, null), (told.Fate, told.IsDrop, told.Section, told.Zone?.ToString()));
    }
}
