using System.Net;
using PassiveDns.Storage;

namespace PassiveDns.Tests;

/// <summary>The questions of <c>samples/capture/README.md</c>, whose answers were derived by hand from the zone files.</summary>
public sealed class SampleQuestionTests(SampleWorld world) : IClassFixture<SampleWorld>
{
    [Fact]
    public async Task Who_shares_192_0_2_80()
    {
        Assert.Equal(
            [
                "bakery.example. 1", "choir.example. 1", "example.com. 1", "example.org. 1", "flowers.example. 1", "web80.harbourhost.example. 1",
                "widgets.example. 1", "www.bakery.example. 1-5", "www.choir.example. 1-4", "www.example.com. 1", "www.example.org. 1-2",
                "www.flowers.example. 1-5", "www.widgets.example. 1-5",
            ],
            await NamesAsync(Address("192.0.2.80")));
    }

    [Fact]
    public async Task Who_else_is_in_192_0_2_80_30()
    {
        Assert.Equal(
            ["order.bakery.example. 1", "web81.harbourhost.example. 1", "www.xn--bcher-kva.example. 1-5", "xn--bcher-kva.example. 1"],
            await NamesAsync(Address("192.0.2.81")));
        Assert.Equal(["garage.example. 1", "www.garage.example. 1"], await NamesAsync(Address("192.0.2.82")));
        Assert.Equal(13 + 4 + 2, (await NamesAsync(QueryAnchor.Network(IPNetwork.Parse("192.0.2.80/30")))).Count);
    }

    [Fact]
    public async Task Who_shares_2001_db8_a__80()
    {
        IReadOnlyList<string> names = await NamesAsync(Address("2001:db8:a::80"));
        Assert.Equal(["www.example.com.", "www.example.org.", "www.widgets.example."], Names(names));
        Assert.Contains("www.widgets.example. 1", names);
    }

    [Fact]
    public async Task Which_zones_use_ns1_harbourhost_example()
    {
        IReadOnlyList<string> zones = await NamesAsync(Target("ns1.harbourhost.example"), RecordType.NS);
        Assert.Equal(
            [
                "2.0.192.in-addr.arpa.", "a.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa.", "bakery.example.", "choir.example.", "example.com.", "example.org.", "flowers.example.",
                "garage.example.", "harbourhost.example.", "widgets.example.", "xn--bcher-kva.example.",
            ],
            Names(zones));
        Assert.Contains("garage.example. 1", zones);
        Assert.Contains("choir.example. 1-4", zones);
    }

    [Fact]
    public async Task Where_was_www_example_com_hosted()
    {
        Assert.Equal(
            ["192.0.2.80 1", "198.51.100.80 2-5", "2001:db8:a::80 1", "2001:db8:b::80 2-5"],
            await DataAsync("www.example.com", RecordType.A, RecordType.AAAA));
    }

    [Fact]
    public async Task What_happened_to_mail_brand_example()
    {
        Assert.Equal(["198.51.100.91 1-5", "203.0.113.201 3"], await DataAsync("mail.brand.example", RecordType.A));

        // The history is more than first and last: after the silence of more than two days the old address is an interval of its own.
        List<Observation> old = await FindAsync(new(new QueryAnchor.OwnerName(DomainName.Parse("mail.brand.example"))) { Types = TypeSelection.Of(RecordType.A) });
        Assert.Contains(old, row => row.Rdata[0].ToString() == "198.51.100.91" && row.History.Intervals.Length > 1);
    }

    [Fact]
    public async Task What_else_was_on_203_0_113_201()
    {
        IReadOnlyList<string> names = await NamesAsync(Address("203.0.113.201"));
        Assert.Contains("www.brand-login.example. 2-5", names);
        Assert.Contains("www.xn--brnd-moa.example. 2-5", names);
        Assert.Contains("mail.brand-login.example. 2", names);
        Assert.Contains("mail.brand.example. 3", names);
    }

    [Fact]
    public async Task Which_names_receive_mail_at_mx1_harbourhost_example()
    {
        Assert.Equal(
            ["bakery.example. 1-5", "choir.example. 1", "example.com. 1-5", "garage.example. 1", "records.example. 1", "widgets.example. 1"],
            await NamesAsync(Target("mx1.harbourhost.example"), RecordType.MX));
    }

    [Theory]
    [InlineData("example.com", "1-5")]
    [InlineData("widgets.example", "1-5")]
    [InlineData("brand.example", "1-5")]
    [InlineData("example.net", "1")]
    [InlineData("example.org", "1")]
    [InlineData("garage.example", "2")]
    [InlineData("bakery.example", "5")]
    public async Task Who_publishes_SPF_and_since_when(string name, string phases)
    {
        IReadOnlyList<string> texts = await DataAsync(name, RecordType.TXT);
        Assert.Contains(texts, text => text.Contains("v=spf1", StringComparison.Ordinal) && text.EndsWith(' ' + phases, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("s2026._domainkey.example.com", "v=DKIM1")]
    [InlineData("k1._domainkey.brand.example", "v=DKIM1")]
    [InlineData("k2._domainkey.brand.example", "v=DKIM1")]
    [InlineData("_dmarc.example.com", "v=DMARC1")]
    [InlineData("_dmarc.brand.example", "v=DMARC1")]
    public async Task Who_publishes_DKIM_and_DMARC(string name, string start)
    {
        Assert.Contains(await DataAsync(name, RecordType.TXT), text => text.Contains(start, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_was_asked_for_and_absent_is_not_there()
    {
        Assert.Empty(await DataAsync("_dmarc.bakery.example", RecordType.TXT));
    }

    [Fact]
    public async Task Who_depends_on_the_CDN_of_edgepoint()
    {
        IReadOnlyList<string> names = await NamesAsync(new QueryAnchor.Target(DomainName.Parse("edgepoint.example"), IncludeSubtree: true), RecordType.CNAME);
        Assert.Contains("shop.example.com. 1-5", names);
        Assert.Contains("pictures.gallery.example. 1-5", names);
        Assert.Contains("promo.flowers.example. 1-5", names);
        Assert.Contains("www.example.org. 5", names);
    }

    private static QueryAnchor Address(string address) => QueryAnchor.Address(HostAddress.From(IPAddress.Parse(address)));

    private static QueryAnchor.Target Target(string name) => new(DomainName.Parse(name));

    private static IEnumerable<string> Names(IEnumerable<string> answers) => answers.Select(a => a[..a.IndexOf(' ', StringComparison.Ordinal)]);

    /// <summary>Owner names and their phases, over all bailiwicks, sorted as text.</summary>
    private async Task<IReadOnlyList<string>> NamesAsync(QueryAnchor anchor, params RecordType[] types)
    {
        List<Observation> rows = await FindAsync(new(anchor) { Types = types.Length > 0 ? TypeSelection.Of(types) : TypeSelection.Any });
        return Answers(rows.Select(row => (row.RrName.ToString(), row.History)));
    }

    /// <summary>Data of a name and its phases, over all bailiwicks, sorted as text.</summary>
    private async Task<IReadOnlyList<string>> DataAsync(string name, params RecordType[] types)
    {
        List<Observation> rows = await FindAsync(new(new QueryAnchor.OwnerName(DomainName.Parse(name))) { Types = TypeSelection.Of(types) });
        return Answers(rows.SelectMany(row => row.Rdata.Select(rdata => (rdata.ToString(), row.History))));
    }

    private static List<string> Answers(IEnumerable<(string Text, SightingHistory History)> seen) =>
    [
        .. seen.GroupBy(one => one.Text, one => one.History).OrderBy(histories => histories.Key, StringComparer.Ordinal).Select(histories =>
            $"{histories.Key} {SampleWorld.Phases(histories.Min(h => h.FirstSeen), histories.Max(h => h.LastSeen))}"),
    ];

    private async Task<List<Observation>> FindAsync(ObservationQuery query)
    {
        List<Observation> rows = [];
        await foreach (Observation row in world.Store.FindAsync(query)) rows.Add(row);
        return rows;
    }
}
