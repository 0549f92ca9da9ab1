namespace PassiveDns.Aggregation.Tests;

/// <summary>Answers to questions of our own are kept apart from what others were told.</summary>
public class ProbeTests
{
    [Fact]
    public void An_answer_in_the_zone_asked_becomes_a_probe_row_even_if_traffic_would_verify_it()
    {
        TestWorld world = new TestWorld().WithDelegations();
        TestResponse answer = new TestResponse("www.example.test", RecordType.A).Authoritative().Answer("www.example.test A 198.51.100.1");
        world.Send(TestWorld.Example, answer);
        world.Send(TestWorld.Example, answer, "example.test", isProbe: true);
        List<string> rows = world.Rows();
        Assert.Contains("www.example.test. A 198.51.100.1 | example.test. VerifiedTraffic 1", rows);
        Assert.Contains("www.example.test. A 198.51.100.1 | example.test. Probe 1", rows);
        Assert.Equal(1, world.Fate("rrsets", "observed-probe"));
        world.AssertConserved(4);
    }

    [Theory]
    [InlineData("other.test")]
    [InlineData("www.www.example.test")]
    [InlineData(null)]
    public void What_lies_outside_the_zone_asked_is_dropped_and_counted(string? zone)
    {
        TestWorld world = new TestWorld().WithDelegations();
        world.Send(
            TestWorld.Example, new TestResponse("www.example.test", RecordType.A).Authoritative().Answer("www.example.test A 198.51.100.1"), zone, isProbe: true);
        Assert.DoesNotContain(world.Rows(), row => row.StartsWith("www.", StringComparison.Ordinal));
        Assert.Equal(1, world.Fate("rrsets", "dropped-probe-out-of-zone"));
        world.AssertConserved(3);
    }

    [Fact]
    public void A_probe_teaches_the_verifier_nothing()
    {
        TestWorld world = new();
        world.Send(TestWorld.Root, TestWorld.TldReferral(), ".", isProbe: true);
        world.Send(TestWorld.Tld, TestWorld.ExampleReferral());
        List<string> rows = world.Rows();
        Assert.Contains("test. NS ns.nic.test. | . Probe 1", rows);
        Assert.Contains("example.test. NS ns.example.test. | . Unverified 1", rows);
    }
}
