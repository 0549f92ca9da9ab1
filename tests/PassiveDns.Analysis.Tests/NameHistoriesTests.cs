using System.Globalization;
using System.Xml.Linq;
using PassiveDns.Storage;

namespace PassiveDns.Analysis.Tests;

public class NameHistoriesTests
{
    [Fact]
    public async Task A_timeline_holds_the_name_its_zone_and_what_its_aliases_led_to_while_they_did()
    {
        NameHistory history = await HistoryAsync(await new SmallWorld()
            .Add("www.bakery.com", "CNAME", "web.host.net.", 0, 10)
            .Add("www.bakery.com", "A", "192.0.2.9", 12, 20)
            .Add("web.host.net", "A", "198.51.100.1", 0, 5)
            .Add("web.host.net", "A", "198.51.100.2", 8, 30)
            .Add("web.host.net", "A", "198.51.100.3", 40, 50)
            .Add("bakery.com", "NS", "ns1.host.net.|ns2.host.net.", 0, 30, zone: "com")
            .Add("bakery.com", "NS", "ns1.host.net.|ns2.host.net.", 0, 30)
            .Add("bakery.com", "NS", "old.host.net.", -20, -10)
            .BuildAsync(), "www.bakery.com");
        Assert.Equal(
            [
                ("www.bakery.com.", "A", "bakery.com."), ("www.bakery.com.", "CNAME", "bakery.com."), ("web.host.net.", "A", "host.net."),
                ("bakery.com.", "NS", "com."), ("bakery.com.", "NS", "bakery.com."),
            ],
            history.Tracks.Select(track => (track.Owner.ToString(), RecordTypeNames.Format(track.Type), track.Zone.ToString())));
        Assert.Equal([UseSide.Parent, UseSide.Apex], history.Tracks.Where(track => track.Type == RecordType.NS).Select(track => track.Side));
        Assert.Equal(["192.0.2.9", "198.51.100.1", "198.51.100.2"], history.Addresses.Select(address => address.Address.ToString())); // .3 came when the alias was gone
        Assert.Equal(SmallWorld.Day(10) + 300, history.Addresses[2].Presence.Last); // as long as the alias may be kept
        Assert.Equal("198.51.100.0/24", history.Addresses[1].Prefix.ToString());
        Assert.Equal(2, history.Instability.Changes); // behind the alias, and from the alias to an address of its own
    }

    [Fact]
    public async Task Instability_is_what_its_formulas_say()
    {
        AddressTable table = AddressTable.Read(new StringReader("192.0.2.0/24,64500,one,NL\n198.51.100.0/24,64501,two,DE"));
        NameHistory history = await HistoryAsync(
            await new SmallWorld()
                .Add("a.example.com", "A", "192.0.2.1|192.0.2.2", 0, 29, ttl: 300, count: 30)
                .Add("a.example.com", "A", "198.51.100.1", 30, 39, ttl: 60, count: 10)
                .Add("example.com", "NS", "ns1.host.net.", 0, 10, zone: "com")
                .Add("example.com", "NS", "ns2.host.net.", 20, 39, zone: "com")
                .BuildAsync(),
            "a.example.com", new() { Enrichment = table });
        Instability measured = history.Instability;
        Assert.Equal((3, 2, 2, 2, 2, 2), (measured.Addresses, measured.Prefixes, measured.AutonomousSystems, measured.Countries, measured.NameServers, measured.AddressSets));
        Assert.Equal((1, 1, 40), (measured.Changes, measured.NameServerChanges, measured.ActiveDays));
        Assert.Equal(1 / 40.0, measured.Churn, 12);
        Assert.Equal((30 + 30 + 10) / 40.0, measured.AddressesPerDay, 12);
        Assert.Equal((29 + 9) / 2.0, measured.MedianDwellDays, 12);

        const double p = 30.0 / 40; // days 0 to 29 and 30 to 39
        double entropy = -(p * Math.Log2(p)) - ((1 - p) * Math.Log2(1 - p));
        Assert.Equal(p, measured.LongestShare, 12);
        Assert.Equal(entropy, measured.Entropy, 12);
        Assert.Equal(entropy, measured.NormalisedEntropy, 12); // log2 of two networks is 1
        Assert.Equal(Math.Pow(2, -9 / 30.0), measured.RecentChanges, 12); // the change of day 30 as of day 39
        Assert.Equal(Math.Pow(2, -19 / 90.0), measured.RecentNameServerChanges, 12);
        Assert.Equal(3 / 1.5, measured.Fluxiness, 12);
        Assert.Equal(0.05, measured.Growth, 12); // addresses 1, 2, 3 on days 0, 0, 30: the slope through them
        Assert.Equal(new TimeToLiveSummary(60, 300, 300, Math.Sqrt((30 * 60 * 60 + 10 * 180 * 180) / 40.0)), measured.TimesToLive);

        // Within 600 seconds there were two addresses of one system at most.
        Assert.Equal((2, 1, 600), (measured.Flux!.Value.Addresses, measured.Flux.Value.AutonomousSystems, measured.Flux.Value.Seconds));
        Assert.Equal((1.32 * 2) + 18.54, measured.Flux.Value.Score!.Value, 12);
        Assert.False(measured.Flux.Value.IsAbove);
    }

    [Fact]
    public async Task What_nothing_is_known_of_is_left_out()
    {
        Instability measured = (await HistoryAsync(await new SmallWorld().Add("a.example.com", "A", "192.0.2.1", 0, 5).BuildAsync(), "a.example.com")).Instability;
        Assert.Equal((null, null), (measured.AutonomousSystems, measured.Countries));
        Assert.Null(measured.Flux!.Value.Score);
        Assert.Equal((0, 0, 1), (measured.Changes, measured.Entropy, measured.LongestShare));
    }

    [Fact]
    public async Task Each_ordinary_reason_is_recognised_where_it_holds_and_nowhere_else()
    {
        SmallWorld world = new();
        for (int day = 0; day < 30; day++)
        {
            world.Add("pool.example.com", "A", string.Join('|', Enumerable.Range(0, 4).Select(i => $"203.0.{(day * 7 + i * 3) % 10}.1")), day, day);
            world.Add("home.example.net", "A", $"198.51.100.{day + 1}", day, day, ttl: 60);
            world.Add("flux.example.org", "A", string.Join('|', Enumerable.Range(0, 4).Select(i => $"192.{day}.{i}.1")), day, day, ttl: 60);
            world.Add($"customer{day}.test{day}", "A", "192.0.2.200", 0, 30, zone: $"test{day}");
        }

        world.Add("cdn.example.edu", "A", "192.0.2.200|192.0.2.201", 0, 30);
        IObservationReader store = await world.BuildAsync();
        AnalysisOptions options = new() { Degree = new() { DedicatedMax = 5, SharedMax = 20 } };
        Assert.Equal([InstabilityGuardKind.RecurringPool], await HoldingAsync("pool.example.com"));
        Assert.Equal([InstabilityGuardKind.SameOperator, InstabilityGuardKind.DynamicAddress], await HoldingAsync("home.example.net"));
        Assert.Empty(await HoldingAsync("flux.example.org"));
        Assert.Equal([InstabilityGuardKind.SharedNetwork, InstabilityGuardKind.SameOperator], await HoldingAsync("cdn.example.edu"));

        async Task<InstabilityGuardKind[]> HoldingAsync(string name) => [.. (await HistoryAsync(store, name, options)).Instability.Guards.Where(guard => guard.Holds).Select(guard => guard.Kind)];
    }

    [Fact]
    public async Task Facts_are_those_of_the_time()
    {
        AddressTable table = AddressTable.Read(new StringReader($"192.0.2.0/24,64500,old,NL,,{SmallWorld.Day(15)}\n192.0.2.0/24,64501,new,NL,{SmallWorld.Day(15) + 1},"));
        HostedAddress address = Assert.Single((await HistoryAsync(await new SmallWorld().Add("a.example.com", "A", "192.0.2.1", 0, 20).BuildAsync(), "a.example.com", new() { Enrichment = table })).Addresses);
        Assert.Equal([(SmallWorld.Day(0), "old"), (SmallWorld.Day(20), "new")], address.Facts.Select(dated => (dated.From, dated.Facts.Organisation!)));
    }

    [Fact]
    public async Task A_window_cuts_the_history()
    {
        IObservationReader store = await new SmallWorld().Add("a.example.com", "A", "192.0.2.1", 0, 20).Add("a.example.com", "A", "192.0.2.2", 22, 30).BuildAsync();
        NameHistories histories = new(store);
        List<NameHistory> found = await ListAsync(histories.Find(new(DomainName.Parse("a.example.com")) { Window = new(SmallWorld.Day(5), SmallWorld.Day(10)) }));
        Assert.Equal(Presence.Of(SmallWorld.Day(5), SmallWorld.Day(10)), Assert.Single(found).Addresses[0].Presence);
        Assert.Empty(await ListAsync(histories.Find(new(DomainName.Parse("a.example.com")) { Window = new(SmallWorld.Day(50), SmallWorld.Day(60)) })));
    }

    [Fact]
    public async Task An_unknown_name_is_an_empty_and_exact_answer_and_a_loop_of_aliases_ends()
    {
        IObservationReader store = await new SmallWorld().Add("a.example.com", "CNAME", "b.example.com.", 0, 9).Add("b.example.com", "CNAME", "a.example.com.", 0, 9).BuildAsync();
        AnswerStream<NameHistory> unknown = new NameHistories(store).Find(new(DomainName.Parse("c.example.com")));
        Assert.Empty(await ListAsync(unknown));
        Assert.Equal(Completeness.Exact, unknown.Facts.Completeness);
        Assert.Equal(2, (await HistoryAsync(store, "a.example.com")).Tracks.Length);
    }

    [Fact]
    public async Task Options_that_cannot_be_are_refused()
    {
        NameHistories histories = new(await new SmallWorld().BuildAsync(), new() { Instability = new() { PrefixLength4 = 33 } });
        Assert.Contains("PrefixLength4", Assert.Throws<ArgumentException>(() => histories.Find(new(DomainName.Root))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_drawing_is_well_formed_and_shows_each_value_or_counts_it()
    {
        SmallWorld world = new SmallWorld().Add("a&b.example.com", "A", "192.0.2.1", 0, 10).Add("a&b.example.com", "MX", "10 \\<x\\>.example.com.", 0, 3);
        for (int i = 0; i < 20; i++) world.Add("a&b.example.com", "A", $"192.0.2.{10 + i}", 20 + i, 20 + i);
        HistoryChart chart = HistoryChart.Of(await HistoryAsync(await world.BuildAsync(), "a&b.example.com"), maxLines: 5);
        Assert.Equal([1, 1, 1, 1, 17, 1], chart.Lines.Select(line => line.Values));
        Assert.Equal("17 more sets", chart.Lines[4].Label);
        StringWriter svg = new(CultureInfo.InvariantCulture);
        HistorySvg.Write(chart, svg);
        XDocument document = XDocument.Parse(svg.ToString());
        Assert.Equal("a&b.example.com", document.Root!.Elements().First(e => e.Name.LocalName == "title").Value);
        Assert.Contains("10 <x>.example.com", svg.ToString().Replace("&lt;", "<", StringComparison.Ordinal).Replace("&gt;", ">", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    private static async Task<NameHistory> HistoryAsync(IObservationReader store, string name, AnalysisOptions? options = null) =>
        Assert.Single(await ListAsync(new NameHistories(store, options).Find(new(DomainName.Parse(name)))));

    private static async Task<List<NameHistory>> ListAsync(AnswerStream<NameHistory> answer)
    {
        List<NameHistory> histories = [];
        await foreach (NameHistory history in answer.WithCancellation(TestContext.Current.CancellationToken)) histories.Add(history);
        return histories;
    }
}
