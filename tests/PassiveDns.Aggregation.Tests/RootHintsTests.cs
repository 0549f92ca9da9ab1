namespace PassiveDns.Aggregation.Tests;

public class RootHintsTests
{
    private static RootHints Parse(string text) => RootHints.Parse(new StringReader(text));

    [Fact]
    public void The_real_root_has_13_servers_with_an_address_of_each_family()
    {
        RootHints hints = RootHints.Default;
        Assert.Equal(13, hints.Servers.Count);
        foreach ((DomainName zone, DomainName server) in hints.Servers)
        {
            Assert.True(zone.IsRoot);
            Assert.Contains(hints.Addresses, a => a.Server == server && a.Address.IsIPv4);
            Assert.Contains(hints.Addresses, a => a.Server == server && !a.Address.IsIPv4);
        }
    }

    [Theory]
    [InlineData(". NS a.example.\na.example. A 192.0.2.1")]
    [InlineData(".\t3600000\tIN\tNS\ta.example. ; the one\n\n; more\n$TTL 5\na.example.  3600000 IN  A  192.0.2.1\n")]
    [InlineData(". IN 3600000 NS A.Example\nA.EXAMPLE. 1d A 192.0.2.1")]
    [InlineData(". 3600 ns a.example.\n  3600 RRSIG NS 8 0\na.example. a 192.0.2.1\nb.example. A 192.0.2.2")]
    public void Zone_file_forms_are_read(string text)
    {
        RootHints hints = Parse(text);
        Assert.Equal([(DomainName.Root, DomainName.Parse("a.example"))], hints.Servers);
        Assert.Equal(["192.0.2.1"], hints.Addresses.Select(a => a.Address.ToString()));
    }

    [Fact]
    public void Delegations_of_other_zones_are_read_too()
    {
        RootHints hints = Parse(". NS a.example.\na.example. A 192.0.2.1\ntest. NS ns.test.\nns.test. AAAA 2001:db8::1");
        Assert.Contains((DomainName.Parse("test"), DomainName.Parse("ns.test")), hints.Servers);
        Assert.Equal(2, hints.Addresses.Count);
    }

    [Fact]
    public void A_zone_served_by_hints_alone_is_verified_from_the_first_response()
    {
        TestWorld world = new(options => options with
        {
            RootHints = Parse($". NS a.root.\na.root. A 192.0.2.1\nexample.test. NS ns.example.test.\nns.example.test. A {TestWorld.Example}"),
        });
        world.Send(TestWorld.Example, new TestResponse("www.example.test", RecordType.A).Authoritative().Answer("www.example.test A 198.51.100.1"));
        Assert.Equal(["www.example.test. A 198.51.100.1 | example.test. VerifiedTraffic 1"], world.Rows());
    }

    [Theory]
    [InlineData(". NS a.example.\na.example. A 192.0.2.256", "line 2")]
    [InlineData(". NS a.example.\na.example. AAAA 192.0.2.1", "line 2")]
    [InlineData("\n. NS", "line 2")]
    [InlineData("a..b NS x.", "line 1")]
    [InlineData("<html>\n<p>", "line 1")]
    [InlineData("a.example. A 192.0.2.1", "no NS record")]
    [InlineData(". NS a.example.\nb.example. A 192.0.2.1", "no A or AAAA record")]
    [InlineData("", "no NS record")]
    public void A_bad_file_is_refused_with_its_line(string text, string message) =>
        Assert.Contains(message, Assert.Throws<FormatException>(() => Parse(text)).Message, StringComparison.Ordinal);
}
