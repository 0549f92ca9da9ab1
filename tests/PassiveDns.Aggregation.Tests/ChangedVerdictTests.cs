using System.Net;

namespace PassiveDns.Aggregation.Tests;

/// <summary>
/// What was concluded about a server and a name is remembered, and so are whole responses. When the server begins to speak for a zone further down, or no longer speaks for
/// one, what it says again must be decided anew. Nobody listens here, so that the short ways are taken.
/// </summary>
public class ChangedVerdictTests
{
    private const string Answer = "www.sub.example.test A 198.51.100.1";

    private readonly ResponseAggregator _aggregator = new(new() { Sensor = new("test"), Epoch = 7, RootHints = TestWorld.Hints });
    private long _now = TestWorld.Start;

    public ChangedVerdictTests()
    {
        Send(TestWorld.Root, TestWorld.TldReferral());
        Send(TestWorld.Tld, TestWorld.ExampleReferral());
    }

    [Fact]
    public void By_a_zone_below_that_gets_a_server_of_known_address()
    {
        AnswerThrice();
        Send(TestWorld.Example, Referral().Authority("sub.example.test NS ns.example.test").Build());
        AnswerThrice();
        AssertCounts(above: 3, below: 3);
    }

    [Fact]
    public void By_a_zone_below_that_gets_a_server_whose_address_is_told_with_it()
    {
        AnswerThrice();
        Send(TestWorld.Example, Referral().Authority("sub.example.test NS ns.sub.example.test").Additional($"ns.sub.example.test A {TestWorld.Example}").Build());
        AnswerThrice();
        AssertCounts(above: 3, below: 3);
    }

    [Fact]
    public void By_a_zone_below_that_was_another_server_s_alone()
    {
        Send(TestWorld.Example, Referral().Authority("sub.example.test NS ns.sub.example.test").Additional("ns.sub.example.test A 192.0.2.40").Build());
        AnswerThrice();
        Send(TestWorld.Example, Referral().Authority("sub.example.test NS ns.example.test").Build());
        AnswerThrice();
        AssertCounts(above: 3, below: 3);
    }

    [Fact]
    public void By_a_zone_below_that_was_another_server_s_alone_until_this_one_got_the_address_of_one_of_its_servers()
    {
        Send(TestWorld.Example, Referral().Authority("sub.example.test NS ns.sub.example.test").Additional("ns.sub.example.test A 192.0.2.40").Build());
        AnswerThrice();
        Send(TestWorld.Example, Referral().Authority("sub.example.test NS ns.sub.example.test").Additional($"ns.sub.example.test A {TestWorld.Example}").Build());
        AnswerThrice();
        AssertCounts(above: 3, below: 3);
    }

    [Fact]
    public void By_a_zone_below_many_others()
    {
        // A chain of zones down to the lowest, all of another server: what this one says of it belongs to the highest zone, until this one speaks for the lowest.
        string zone = "example.test";
        string speaker = TestWorld.Example;
        for (int depth = 0; depth < 12; depth++)
        {
            zone = $"d{depth}.{zone}";
            Send(speaker, new TestResponse($"x.{zone}", RecordType.A).Authority($"{zone} NS ns.sub.example.test").Additional("ns.sub.example.test A 192.0.2.40").Build());
            speaker = "192.0.2.40";
        }

        byte[] answer = new TestResponse($"x.{zone}", RecordType.A).Answer($"x.{zone} A 198.51.100.9").Build();
        for (int i = 0; i < 3; i++) Send(TestWorld.Example, answer);
        Send(speaker, new TestResponse($"x.{zone}", RecordType.NS).Authority($"{zone} NS ns.example.test").Build());
        for (int i = 0; i < 2; i++) Send(TestWorld.Example, answer);
        List<string> rows = Rows();
        Assert.Contains($"x.{zone}. | example.test. VerifiedTraffic 3", rows);
        Assert.Contains($"x.{zone}. | {zone}. VerifiedTraffic 2", rows);
    }

    [Fact]
    public void By_the_loss_of_a_server_to_newer_ones()
    {
        AnswerThrice();
        _now += 600;
        for (int i = 0; i < 64; i++)
        {
            Send(TestWorld.Tld, new TestResponse("www.example.test", RecordType.A).Authority($"example.test NS n{i}.example.test").Build());
        }

        AnswerThrice();
        List<string> rows = Rows();
        Assert.Contains("www.sub.example.test. | example.test. VerifiedTraffic 3", rows);
        Assert.Contains("www.sub.example.test. | . Unverified 3", rows);
    }

    [Fact]
    public void Not_by_newer_servers_while_all_are_fresh()
    {
        for (int i = 0; i < 64; i++)
        {
            Send(TestWorld.Tld, new TestResponse("www.example.test", RecordType.A).Authority($"example.test NS n{i}.example.test").Additional($"n{i}.example.test A 192.0.2.{i + 100}").Build());
        }

        AnswerThrice();
        byte[] answer = new TestResponse("www.sub.example.test", RecordType.A).Answer(Answer).Build();
        Send("192.0.2.162", answer);
        Send("192.0.2.163", answer); // the sixty-fifth
        List<string> rows = Rows();
        Assert.Contains("www.sub.example.test. | example.test. VerifiedTraffic 4", rows);
        Assert.Contains("www.sub.example.test. | . Unverified 1", rows);
    }

    private static TestResponse Referral() => new("www.sub.example.test", RecordType.A);

    private void AnswerThrice()
    {
        byte[] answer = new TestResponse("www.sub.example.test", RecordType.A).Answer(Answer).Build();
        for (int i = 0; i < 3; i++) Send(TestWorld.Example, answer);
    }

    private void AssertCounts(int above, int below)
    {
        List<string> rows = Rows();
        Assert.Contains($"www.sub.example.test. | example.test. VerifiedTraffic {above}", rows);
        Assert.Contains($"www.sub.example.test. | sub.example.test. VerifiedTraffic {below}", rows);
    }

    private void Send(string server, byte[] message) => _aggregator.Add(new CapturedResponse
    {
        Message = message, Server = HostAddress.From(IPAddress.Parse(server)), UnixNanoseconds = _now * 1_000_000_000,
    });

    private List<string> Rows()
    {
        _aggregator.Complete();
        List<string> rows = [];
        while (_aggregator.TryTake(out ObservationBatch? batch))
        {
            foreach (Observation row in batch.Rows.All()) rows.Add($"{row.RrName} | {row.Bailiwick} {row.Provenance} {row.History.Count}");
        }

        return rows;
    }
}
