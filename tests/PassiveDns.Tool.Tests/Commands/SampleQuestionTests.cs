using System.Text.Json;

namespace PassiveDns.Tool.Tests.Commands;

/// <summary>The questions of samples/capture/README.md; the answers come from the zone files and query lists, not from this product.</summary>
public class SampleQuestionTests(SampleStore sample) : IClassFixture<SampleStore>
{
    // The days of the five phases.
    private const string Phase1 = "2026-01-05", Phase2 = "2026-02-09", Hijack = "2026-02-10", Phase5 = "2026-03-20";

    [Fact]
    public async Task Thirteen_names_share_192_0_2_80()
    {
        string[] names = await NamesAsync("names", "--ip", "192.0.2.80");
        Assert.Equal(
            [
                "bakery.example", "choir.example", "example.com", "example.org", "flowers.example", "web80.harbourhost.example", "widgets.example",
                "www.bakery.example", "www.choir.example", "www.example.com", "www.example.org", "www.flowers.example", "www.widgets.example",
            ],
            names);
    }

    [Fact]
    public async Task The_neighbours_in_the_network_are_found_too()
    {
        string[] all = await NamesAsync("names", "--ip", "192.0.2.80/30");
        string[] own = await NamesAsync("names", "--ip", "192.0.2.80");
        Assert.Equal(
            ["garage.example", "order.bakery.example", "web81.harbourhost.example", "www.garage.example", "www.xn--bcher-kva.example", "xn--bcher-kva.example"],
            all.Except(own));
        Assert.Equal(all, await NamesAsync("names", "--ip", "192.0.2.80-192.0.2.83"));
    }

    [Fact]
    public async Task Three_names_share_an_IPv6_address() =>
        Assert.Equal(["www.example.com", "www.example.org", "www.widgets.example"], await NamesAsync("names", "--ip", "2001:db8:a::80"));

    [Fact]
    public async Task Eleven_zones_use_a_name_server() => Assert.Equal(
        [
            "2.0.192.in-addr.arpa", "a.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa", "bakery.example", "choir.example", "example.com", "example.org", "flowers.example",
            "garage.example", "harbourhost.example", "widgets.example", "xn--bcher-kva.example",
        ],
        await NamesAsync("names", "--ns", "ns1.harbourhost.example"));

    [Fact]
    public async Task Where_a_name_was_hosted_over_time()
    {
        JsonElement[] rows = (await sample.AskAsync("lookup", "www.example.com", "--type", "A", "--json")).Json;
        Assert.Equal([("192.0.2.80", Phase1, Phase1), ("198.51.100.80", Phase2, Phase5)], rows.Select(Life).Order());
    }

    [Fact]
    public async Task The_hijack_stands_out()
    {
        JsonElement[] rows = (await sample.AskAsync("lookup", "mail.brand.example", "--type", "A", "--json")).Json;
        Assert.Contains(("203.0.113.201", Hijack, Hijack), rows.Select(Life));
        Assert.Contains("198.51.100.91", rows.Select(row => Life(row).Data));
        Assert.Equal(2, rows.Length);
    }

    [Fact]
    public async Task Around_the_hijack_the_true_address_has_three_intervals()
    {
        // Asked on 5 January, 9 and 10 February and 20 March: within 48 hours of each other only in February.
        JsonElement[] rows = (await sample.AskAsync("lookup", "mail.brand.example", "--type", "A", "--json", "--intervals")).Json;
        JsonElement row = rows.Single(row => row.GetProperty("rdata")[0].GetString() == "198.51.100.91");
        string[] days = [.. row.GetProperty("intervals").EnumerateArray().SelectMany(i => new[] { Day(i[0]), Day(i[1]) })];
        Assert.Equal(["2026-01-05", "2026-01-05", "2026-02-09", "2026-02-10", "2026-03-20", "2026-03-20"], days);
        Assert.Equal(row.GetProperty("count").GetInt64(), row.GetProperty("intervals").EnumerateArray().Sum(i => i[2].GetInt64()));

        ToolRun table = await sample.AskAsync("lookup", "mail.brand.example", "--type", "A", "--intervals");
        Assert.Equal(4, table.Output.Split('\n').Count(line => line.Contains("2026-", StringComparison.Ordinal)));

        static string Day(JsonElement time) => DateTimeOffset.FromUnixTimeSeconds(time.GetInt64()).ToString("yyyy-MM-dd");
    }

    [Fact]
    public async Task What_else_was_on_the_hijackers_address() => Assert.Equal(
        ["mail.brand-login.example", "mail.brand.example", "www.brand-login.example", "www.xn--brnd-moa.example"],
        await NamesAsync("names", "--ip", "203.0.113.201"));

    [Fact]
    public async Task Which_names_receive_mail_at_a_host() => Assert.Equal(
        ["bakery.example", "choir.example", "example.com", "garage.example", "records.example", "widgets.example"],
        await NamesAsync("names", "--mx", "mx1.harbourhost.example"));

    [Fact]
    public async Task Who_publishes_SPF()
    {
        ToolRun run = await sample.AskAsync("export");
        string[] publishers =
        [
            .. run.Json.Where(row => row.GetProperty("rrtype").ToString() == "TXT" && row.GetProperty("rdata").EnumerateArray().Any(text => text.GetString()!.Contains("v=spf1")))
                .Select(RrName).Distinct().Order(StringComparer.Ordinal),
        ];
        Assert.Equal(["_spf.harbourhost.example", "bakery.example", "brand.example", "example.com", "example.net", "example.org", "garage.example", "widgets.example"], publishers);
    }

    [Fact]
    public async Task Who_publishes_DKIM()
    {
        ToolRun run = await sample.AskAsync("lookup", "*.example", "--type", "TXT", "--json");
        Assert.Equal(["k1._domainkey.brand.example", "k2._domainkey.brand.example"], run.Json.Select(RrName).Where(name => name.Contains("_domainkey")).Distinct());
    }

    [Fact]
    public async Task Who_depends_on_the_content_network() => Assert.Equal(
        ["pictures.gallery.example", "promo.flowers.example", "shop.example.com", "www.example.org"],
        (await NamesAsync("names", "--cname", "*.edgepoint.example")).Where(name => !name.EndsWith(".edgepoint.example", StringComparison.Ordinal)));

    [Theory]
    [InlineData("www.bränd.example")]
    [InlineData("WWW.BRÄND.example")]
    [InlineData("www.xn--brnd-moa.example.")]
    public async Task A_look_alike_is_found_under_both_of_its_spellings(string name)
    {
        ToolRun json = await sample.AskAsync("lookup", name, "--type", "A", "--json");
        Assert.Equal("www.xn--brnd-moa.example", RrName(Assert.Single(json.Json)));
        ToolRun table = await sample.AskAsync("lookup", name, "--type", "A");
        Assert.Contains("www.xn--brnd-moa.example (www.bränd.example)", table.Output);
    }

    [Fact]
    public async Task A_prefix_of_labels_finds_names_under_all_zones()
    {
        string[] names = await NamesAsync("lookup", "www.example.*");
        Assert.Equal(["www.example.com", "www.example.net", "www.example.org"], names);
    }

    private async Task<string[]> NamesAsync(params string[] question)
    {
        ToolRun run = await sample.AskAsync([.. question, "--json"]);
        Assert.True(run.ExitCode == 0, run.Error);
        return [.. run.Json.Select(RrName).Distinct().Order(StringComparer.Ordinal)];
    }

    private static string RrName(JsonElement row) => row.GetProperty("rrname").GetString()!;

    private static (string Data, string First, string Last) Life(JsonElement row) =>
        (string.Join(' ', row.GetProperty("rdata").EnumerateArray()), Day(row.GetProperty("time_first")), Day(row.GetProperty("time_last")));

    private static string Day(JsonElement time) => DateTimeOffset.FromUnixTimeSeconds(time.GetInt64()).ToString("yyyy-MM-dd");
}
