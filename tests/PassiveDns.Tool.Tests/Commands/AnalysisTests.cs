using System.Text.Json;

namespace PassiveDns.Tool.Tests.Commands;

/// <summary>The verbs of the analyses on the sample world, whose answers its zone files and query lists tell.</summary>
public class AnalysisTests(SampleStore sample) : IClassFixture<SampleStore>
{
    [Fact]
    public async Task Who_shared_an_address_on_a_day_is_told_with_how_widely_it_is_used()
    {
        ToolRun all = await sample.AskAsync("shared", "192.0.2.80", "--json");
        JsonElement[] names = all.Json[..^1];
        Assert.Equal(13, names.Count(name => name.GetProperty("aliases").GetArrayLength() == 0));
        Assert.Equal(13, (await sample.AskAsync("shared", "192.0.2.80", "--no-aliases", "--json")).Json.Length - 1);
        Assert.All(names, name => Assert.Equal(13, name.GetProperty("degree").GetProperty("names").GetInt64()));
        Assert.Equal("exact", all.Json[^1].GetProperty("answer").GetProperty("completeness").GetString());

        ToolRun day = await sample.AskAsync("shared", "192.0.2.80", "--at", "2026-02-09", "--json");
        Assert.Equal(["www.widgets.example", "www.example.org"], day.Json[..^1].Select(name => name.GetProperty("name").GetString()).OrderDescending());
        Assert.Contains("dedicated: 13 names", (await sample.AskAsync("shared", "192.0.2.80")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_that_share_an_address_with_a_name_are_related_to_it()
    {
        ToolRun run = await sample.AskAsync("shared", "mail.brand.example", "--json");
        JsonElement related = Assert.Single(run.Json[..^1]); // the hijacker's host of that day
        Assert.Equal("www.brand-login.example", related.GetProperty("name").GetString());
        Assert.Equal("203.0.113.201", related.GetProperty("shared")[0].GetProperty("address").GetString());
        Assert.Equal(["mail.brand.example", "www.brand-login.example"], related.GetProperty("evidence").EnumerateArray().Select(row => row.GetProperty("rrname").GetString()));
    }

    [Fact]
    public async Task Users_of_a_server_are_told_by_its_name_and_by_its_address()
    {
        ToolRun byName = await sample.AskAsync("uses", "ns1.harbourhost.example", "--json");
        Assert.Equal(11, byName.Json[..^1].Select(use => use.GetProperty("name").GetString()).Distinct().Count());
        Assert.Equal(["apex", "parent"], byName.Json[..^1].Select(use => use.GetProperty("side").GetString()).Distinct().Order());
        ToolRun mail = await sample.AskAsync("uses", "*.harbourhost.example", "--as", "mx", "--json");
        Assert.All(mail.Json[..^1], use => Assert.True(use.GetProperty("preference").GetInt32() > 0));
        ToolRun byAddress = await sample.AskAsync("uses", "198.51.100.0/24", "--json");
        Assert.Equal(byAddress.Json.Length, byAddress.Lines.Distinct().Count());
        Assert.Contains(byAddress.Json[..^1], use => use.GetProperty("name").GetString() == "brand.example");
    }

    [Fact]
    public async Task Zones_with_the_same_servers_are_found_from_one_of_them()
    {
        ToolRun run = await sample.AskAsync("uses", "widgets.example", "--like", "--json");
        Assert.Equal(10, run.Json[..^1].Count(zone => zone.GetProperty("same_set").GetBoolean())); // one of the eleven is itself; garage.example had the set before it moved
        Assert.Contains("ns2.harbourhost.example", (await sample.AskAsync("uses", "widgets.example", "--like")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Look_alikes_come_with_all_that_makes_their_score()
    {
        ToolRun run = await sample.AskAsync("lookalikes", "brand.example", "--json");
        JsonElement squat = Assert.Single(run.Json[..^1], one => one.GetProperty("name").GetString() == "brand-login.example");
        Assert.Equal("combosquat", squat.GetProperty("signs")[0].GetProperty("class").GetString());
        Assert.InRange(squat.GetProperty("score").GetDouble(), 0.5, 1);
        Assert.True(squat.GetProperty("evidence").GetArrayLength() > 0);
        Assert.Contains("combosquat 0.81: brand with known words", (await sample.AskAsync("lookalikes", "brand.example")).Output, StringComparison.Ordinal);
        Assert.Equal(1, (await sample.AskAsync("lookalikes", "brand.example", "--new-since", "2026-03-01")).ExitCode);
    }

    [Fact]
    public async Task What_a_domain_publishes_for_its_mail_is_told_as_of_a_time()
    {
        JsonElement found = Assert.Single((await sample.AskAsync("mail", "example.com", "--json")).Json[..^1]);
        Assert.Equal(("published", "fail"), (found.GetProperty("spf").GetProperty("state").GetString(), found.GetProperty("spf").GetProperty("all").GetString()));
        Assert.Equal((2, "_spf.harbourhost.example"), (found.GetProperty("spf_graph").GetProperty("lookups").GetInt32(), found.GetProperty("spf_graph").GetProperty("nodes")[0].GetProperty("domain").GetString()));
        JsonElement key = Assert.Single(found.GetProperty("dkim").EnumerateArray());
        Assert.Equal(("s2026", "rsa", 2048, "usable"), (key.GetProperty("selector").GetString(), key.GetProperty("key_type").GetString(), key.GetProperty("bits").GetInt32(), key.GetProperty("key_state").GetString()));
        Assert.Equal("quarantine", found.GetProperty("dmarc").GetProperty("policy").GetString());
        Assert.True(found.GetProperty("dmarc").GetProperty("evidence").GetArrayLength() > 0);

        JsonElement use = Assert.Single((await sample.AskAsync("dkim-key", key.GetProperty("sha256").GetString()!, "--json")).Json[..^1]);
        Assert.Equal("example.com", use.GetProperty("domain").GetString());
        ToolRun table = await sample.AskAsync("mail", "brand.example");
        Assert.Contains("ed25519 256 bits", table.Output, StringComparison.Ordinal);
        Assert.Contains("v=DMARC1; p=reject", table.Output, StringComparison.Ordinal);
        Assert.Equal(1, (await sample.AskAsync("mail", "example.com", "--at", "2025-12-01")).ExitCode);
        Assert.True((await sample.AskAsync("mail", "--under", "example", "--json")).Json.Length > 4);
    }

    [Fact]
    public async Task A_key_that_was_revoked_has_no_digest()
    {
        using TemporaryDirectory directory = new();
        string rows = directory.Write("rows", """{"rrname":"s1._domainkey.example.com","rrtype":"TXT","rdata":["\"v=DKIM1; p=\""],"time_first":1000,"time_last":2000,"count":9,"bailiwick":"example.com"}""" + "\n");
        Assert.Equal(0, (await ToolRun.InProcessAsync("merge", rows, "--provenance", "verified", "--store", directory.At("store"))).ExitCode);
        ToolRun run = await ToolRun.InProcessAsync("mail", "example.com", "--store", directory.At("store"));
        Assert.Contains("rsa, revoked", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("sha256", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whose_record_lets_an_address_send_is_told_with_the_way()
    {
        ToolRun run = await sample.AskAsync("spf-authorises", "192.0.2.26", "--json");
        Assert.Equal(
            ["_spf.harbourhost.example", "bakery.example", "example.com", "widgets.example"],
            run.Json[..^1].Select(one => one.GetProperty("name").GetString()).Order(StringComparer.Ordinal));
        JsonElement bakery = Assert.Single(run.Json[..^1], one => one.GetProperty("name").GetString() == "bakery.example");
        Assert.Equal(["bakery.example", "_spf.harbourhost.example"], bakery.GetProperty("evidence").EnumerateArray().Select(row => row.GetProperty("rrname").GetString()));
        Assert.All(run.Json[..^1], one => Assert.Equal("ip4:192.0.2.24/29", one.GetProperty("path").EnumerateArray().Last().GetProperty("term").GetString()));
        Assert.Contains("include:_spf.harbourhost.example of bakery.example", (await sample.AskAsync("spf-authorises", "192.0.2.26")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_new_is_told_once_for_each_domain_host_and_record()
    {
        ToolRun all = await sample.AskAsync("new", "--since", "2026-01-01", "--json");
        string?[] domains = [.. all.Json[..^1].Select(one => one.GetProperty("name").GetString())];
        Assert.Contains("brand-login.example", domains);
        Assert.Equal(domains.Length, domains.Distinct().Count());
        Assert.All(all.Json[..^1], one => Assert.Equal(one.GetProperty("first_seen").GetInt64(), one.GetProperty("evidence")[0].GetProperty("time_first").GetInt64()));
        JsonElement[] hosts = (await sample.AskAsync("new", "--since", "2026-01-01", "--kind", "host", "--under", "brand.example", "--json")).Json[..^1];
        Assert.All(hosts, host => Assert.Equal("brand.example", host.GetProperty("registrable_domain").GetString()));
        JsonElement[] records = (await sample.AskAsync("new", "--since", "2026-02-05", "--kind", "record", "--type", "NS,DS", "--json")).Json[..^1];
        Assert.All(records, record => Assert.True(record.GetProperty("first_seen").GetInt64() >= 1_770_249_600));
        ToolRun table = await sample.AskAsync("new", "--since", "2026-01-01");
        Assert.Equal(domains.Length, table.Lines.Skip(1).Count(line => line[0] != ' ')); // further records of a set stand on lines of their own
        Assert.Contains("the store was fed since", table.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_looks_hijacked_is_ranked_with_its_reasons()
    {
        ToolRun run = await sample.AskAsync("hijacks", "--json");
        JsonElement first = run.Json[0];
        Assert.Equal(("brand.example", "record"), (first.GetProperty("registrable_domain").GetString(), first.GetProperty("kind").GetString()));
        double sum = first.GetProperty("indicators").EnumerateArray().Sum(one => one.GetProperty("value").GetDouble() * one.GetProperty("weight").GetDouble());
        Assert.Equal(first.GetProperty("score").GetDouble(), sum, 6);
        Assert.Contains(first.GetProperty("names").EnumerateArray(), name => name.GetString() == "mail.brand.example");
        Assert.True(first.GetProperty("evidence").GetArrayLength() > 0);
        Assert.Equal(run.Json[..^1].Select(one => one.GetProperty("score").GetDouble()), run.Json[..^1].Select(one => one.GetProperty("score").GetDouble()).OrderDescending());
        ToolRun table = await sample.AskAsync("hijacks", "--under", "brand.example", "--kind", "delegation,record", "--most", "1");
        Assert.Contains("no verdicts", table.Error, StringComparison.Ordinal);
        Assert.Contains("reversion 1.00: +1.40", table.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Networks_come_from_databases_of_several_dates_as_of_each_sighting()
    {
        string networks = Path.Combine(Files.Repository, "samples", "Enrichment", "networks");
        string old = Path.Combine(networks, "2026-01.mmdb"), young = Path.Combine(networks, "2026-03.mmdb");
        ToolRun run = await sample.AskAsync("history", "www.example.com", "--networks", old, "--networks", young);
        Assert.Contains("AS64496", run.Output, StringComparison.Ordinal); // harbourhost in January
        Assert.Contains("AS64497", run.Output, StringComparison.Ordinal); // skyrack as it was in February
        run = await sample.AskAsync("shared", "198.51.100.80", "--networks", young, "--json");
        Assert.Equal(64499, run.Json[0].GetProperty("network").GetProperty("asn").GetInt64()); // as it was when it was last seen there
        run = await sample.AskAsync("shared", "192.0.2.80", "--networks", Files.Sample("resolvers"), "--networks", young);
        Assert.Equal(2, run.ExitCode);
        using TemporaryDirectory directory = new();
        run = await sample.AskAsync("shared", "192.0.2.80", "--networks", directory.Write("no.mmdb", "nothing"));
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("no.mmdb: this is no MaxMind database", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "nothing known", "hijacks", "--from", "2030-01-01")]
    [InlineData(2, "it is one or more of", "hijacks", "--kind", "poison")]
    [InlineData(2, "1 or more", "hijacks", "--most", "0")]
    [InlineData(2, "is no AS number", "hijacks", "--benign-as", "64500,AS")]
    [InlineData(2, "needs --networks", "hijacks", "--benign-as", "AS64500")]
    [InlineData(3, "there is no such file", "hijacks", "--rogue", "/nowhere/list")]
    [InlineData(2, "is no name", "hijacks", "--under", "a..b")]
    [InlineData(1, "nothing known", "new", "--since", "2030-01-01")]
    [InlineData(2, "it is domain, host or record", "new", "--since", "2026-01-01", "--kind", "zone")]
    [InlineData(2, "is no time", "new", "--since", "soon")]
    [InlineData(2, "--since", "new")]
    [InlineData(2, "later than", "new", "--since", "2026-01-02", "--until", "2026-01-01")]
    [InlineData(2, "is no record type", "new", "--since", "2026-01-01", "--type", "WHAT")]
    [InlineData(2, "is no name", "new", "--since", "2026-01-01", "--under", "a..b")]
    [InlineData(1, "nothing known", "lookalikes", "nobody-imitates-this.example")]
    [InlineData(2, "public suffix", "lookalikes", "co.uk")]
    [InlineData(2, "at least one brand", "lookalikes")]
    [InlineData(2, "scores are 0 to 1", "lookalikes", "brand.example", "--min-score", "7")]
    [InlineData(2, "is no time", "lookalikes", "brand.example", "--new-since", "lately")]
    [InlineData(2, "is no name", "lookalikes", "a..b")]
    [InlineData(3, "no such file", "lookalikes", "--brands", "/nowhere/brands.txt")]
    [InlineData(1, "nothing known", "mail", "nobody.example")]
    [InlineData(2, "give a domain", "mail")]
    [InlineData(2, "give a domain", "mail", "brand.example", "--under", "example")]
    [InlineData(2, "is no name", "mail", "a..b")]
    [InlineData(1, "nothing known", "spf-authorises", "198.18.0.1")]
    [InlineData(2, "is no address", "spf-authorises", "192.0.2.0/24")]
    [InlineData(2, "64 digits", "dkim-key", "abc")]
    [InlineData(1, "nothing known", "dkim-key", "4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b")]
    [InlineData(1, "nothing known", "uses", "nobody.example")]
    [InlineData(1, "nothing known", "shared", "nobody.example")]
    [InlineData(1, "nothing known", "shared", "100.64.0.0/30")]
    [InlineData(2, "it is ns or mx", "uses", "ns1.example", "--as", "txt")]
    [InlineData(2, "is no address, network or range", "shared", "192.0.2.0/33")]
    [InlineData(2, "is no name", "shared", "")]
    [InlineData(2, "leave the wildcard out", "shared", "*.example.com")]
    [InlineData(2, "is no address, network or range", "uses", "192.0.2.999")]
    [InlineData(2, "is no address, network or range", "uses", "192.0.2.0/40", "--as", "mx")]
    [InlineData(2, "looks like an address", "uses", "192.0.2.0/24", "--like")]
    [InlineData(2, "leave the wildcard out", "uses", "*.harbourhost.example", "--like")]
    [InlineData(2, "looks like an address", "history", "192.0.2.1")]
    [InlineData(2, "looks like an address", "mail", "2001:db8::1")]
    [InlineData(2, "leave the wildcard out", "mail", "*.example")]
    [InlineData(2, "--under: '*.example'", "changes", "--under", "*.example")]
    [InlineData(2, "leave the wildcard out", "lookalikes", "*.brand.example")]
    [InlineData(2, "is no time", "shared", "192.0.2.1", "--at", "yesterday")]
    [InlineData(2, "exclude each other", "shared", "192.0.2.1", "--at", "2026-01-01", "--to", "2026-01-02")]
    [InlineData(2, "later than", "uses", "ns1.example", "--from", "2026-01-02", "--to", "2026-01-01")]
    [InlineData(2, "only *.NAME", "uses", "ns1.*")]
    [InlineData(2, "1 or more", "uses", "ns1.example", "--max-rows", "0")]
    public async Task What_is_not_known_or_not_meant_is_said(int exitCode, string part, params string[] arguments)
    {
        ToolRun run = await sample.AskAsync(arguments);
        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains(part, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("brand.example\n\n# more\nfoo..bar\n", ": line 4: 'foo..bar'")]
    [InlineData("brand.example bank.example\n", ": line 1: 'brand.example bank.example'")]
    [InlineData("192.0.2.1\n", ": line 1: '192.0.2.1'")]
    [InlineData("# none\n", "there is no name in it")]
    public async Task A_bad_line_of_a_list_of_brands_is_named(string content, string named)
    {
        using TemporaryDirectory directory = new();
        string file = directory.Write("brands", content);
        ToolRun run = await sample.AskAsync("lookalikes", "--brands", file);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains($"--brands: {file}", run.Error, StringComparison.Ordinal);
        Assert.Contains(named, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hijacks")]
    [InlineData("changes")]
    [InlineData("uses", "widgets.example", "--like")]
    [InlineData("mail", "--under", "example")]
    public async Task An_answer_that_is_cut_before_anything_is_found_does_not_say_that_nothing_is_known(params string[] arguments)
    {
        ToolRun run = await sample.AskAsync([.. arguments, "--max-rows", "2"]);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("the answer is cut", run.Error, StringComparison.Ordinal);
        Assert.Contains("nothing found up to there", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Terms_of_a_score_that_add_nothing_are_named_too()
    {
        string[] asked = ["hijacks", "--under", "brand.example"];
        string table = (await sample.AskAsync(asked)).Output;
        JsonElement suspect = Assert.Single((await sample.AskAsync([.. asked, "--json"])).Json[..^1]);
        Assert.All(suspect.GetProperty("indicators").EnumerateArray(), one => Assert.Contains(one.GetProperty("indicator").GetString()!, table, StringComparison.Ordinal));
        Assert.Contains("0: co_victims, ttl_collapse", table, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(60)]
    [InlineData(300)]
    public async Task No_line_of_a_table_ends_in_blanks(int width)
    {
        foreach (string[] question in (string[][])[["shared", "192.0.2.82"], ["history", "mail.brand.example"], ["changes", "--under", "brand.example"], ["hijacks"], ["mail", "brand.example"]])
        {
            ToolRun run = await ToolRun.InProcessAsync([.. question, "--store", sample.Store], [], isTerminal: true, width);
            Assert.All(run.Output.Split('\n'), line => Assert.Equal(line.TrimEnd(), line));
        }
    }

    [Fact]
    public async Task A_cut_answer_says_so()
    {
        ToolRun run = await sample.AskAsync("shared", "192.0.2.0/24", "--max-rows", "3", "--json");
        Assert.Equal("truncated", run.Json[^1].GetProperty("answer").GetProperty("completeness").GetString());
        Assert.Contains("--max-rows", run.Error, StringComparison.Ordinal);
    }
}
