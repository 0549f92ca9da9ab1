using System.Net;
using System.Text.Json;
using PassiveDns.Storage;

namespace PassiveDns.Analysis.Tests;

public class ServerUsesTests(LabWorld lab)
{
    [Fact]
    public async Task Parent_and_zone_are_told_apart()
    {
        List<ServerUse> uses = await ListAsync(new ServerUses(await World()).Find(new(DomainName.Parse("ns1.host.net"), ServerRole.NameServer)));
        Assert.Equal(
            [("bakery.com.", UseSide.Parent, 20L), ("bakery.com.", UseSide.Apex, 10L), ("florist.com.", UseSide.Parent, 10L)],
            uses.Select(u => (u.Name.ToString(), u.Side, u.Count)));
        Assert.Equal(SmallWorld.Day(40), uses[0].Presence.Last); // over both sets that the parent had
    }

    [Fact]
    public async Task Mail_servers_come_with_their_lowest_preference()
    {
        ServerUse use = Assert.Single(await ListAsync(new ServerUses(await World()).Find(new(DomainName.Parse("mx.host.net"), ServerRole.MailServer))));
        Assert.Equal(("bakery.com.", UseSide.Apex, 10), (use.Name.ToString(), use.Side, use.Preference));
    }

    [Fact]
    public async Task Two_hops_from_an_address_are_joined_in_time()
    {
        List<ServerUse> uses = await ListAsync(new ServerUses(await World()).FindByAddress(SharedAddressQuery.Of(IPNetwork.Parse("203.0.113.0/24")), ServerRole.NameServer));
        ServerUse use = Assert.Single(uses); // florist.com had left ns2 before it came to this address
        Assert.Equal(("bakery.com.", "203.0.113.66"), (use.Name.ToString(), use.ServerAddress.ToString()));
        Assert.Equal(Presence.Of(SmallWorld.Day(30), SmallWorld.Day(40)), use.Presence);
        Assert.Equal([RecordType.NS, RecordType.A, RecordType.A], use.Evidence.Select(row => row.Type));
    }

    [Fact]
    public async Task Zones_with_the_same_set_at_the_same_time_come_first()
    {
        List<SimilarZone> zones = [];
        await foreach (SimilarZone zone in new SimilarZones(await World()).Find(DomainName.Parse("bakery.com")).WithCancellation(TestContext.Current.CancellationToken)) zones.Add(zone);
        Assert.Equal(["florist.com."], zones.Select(z => z.Name.ToString()));
        Assert.True(zones[0].HasSameSet);
        Assert.Equal(["ns1.host.net.", "ns2.host.net."], zones[0].Shared.Select(s => s.Server.ToString()));
        Assert.InRange(zones[0].Similarity, 0.5, 1);
    }

    [Fact]
    public async Task The_fingerprint_of_a_set_does_not_depend_on_who_has_it()
    {
        List<Observation> rows = [];
        await foreach (Observation row in (await World()).FindAsync(new(new QueryAnchor.Everything()) { Types = TypeSelection.Of(RecordType.NS) }, TestContext.Current.CancellationToken)) rows.Add(row);
        Assert.Equal(2, rows.Select(row => NameServerSet.Of(row).Fingerprint).Distinct().Count());
        Assert.Equal(4, rows.Count);
    }

    [Fact]
    public async Task In_the_recorded_world_each_server_has_exactly_the_users_of_the_truth()
    {
        await lab.GetAsync();
        ServerUses servers = new(lab.Store);

        // Where one server holds parent and child, nobody on the wire can tell the sides apart: they add up.
        HashSet<string> twoSided = [.. lab.Truth.GetProperty("rrsets").EnumerateArray()
            .Where(r => r.GetProperty("t").GetString() == "NS" && r.TryGetProperty("za", out JsonElement _)).Select(r => DomainName.Parse(r.GetProperty("n").GetString()!).ToString())];
        foreach ((string key, ServerRole role) in ((string, ServerRole)[])[("ns", ServerRole.NameServer), ("mx", ServerRole.MailServer)])
        {
            foreach (JsonProperty server in lab.Questions.GetProperty("q2_names_by_server").GetProperty(key).EnumerateObject())
            {
                Dictionary<(string, string), (long First, long Last, long Count)> expected = [], found = [];
                foreach (JsonElement use in server.Value.EnumerateArray())
                {
                    Add(expected, DomainName.Parse(use[0].GetString()!).ToString(), twoSided.Contains(DomainName.Parse(use[0].GetString()!).ToString()) && role == ServerRole.NameServer ? "either" : use[1].GetString()!, use[2].GetInt64(), use[3].GetInt64(), use[4].GetInt64());
                }

                await foreach (ServerUse use in servers.Find(new(DomainName.Parse(server.Name), role)).WithCancellation(TestContext.Current.CancellationToken))
                {
                    string side = role == ServerRole.MailServer ? "mx" : twoSided.Contains(use.Name.ToString()) ? "either" : use.Side == UseSide.Parent ? "parent" : "apex";
                    Add(found, use.Name.ToString(), side, use.Presence.First, use.Presence.Last, use.Count);
                }

                Assert.Equal(expected.OrderBy(pair => pair.Key), found.OrderBy(pair => pair.Key));
            }
        }
    }

    private static void Add(Dictionary<(string, string), (long First, long Last, long Count)> uses, string name, string side, long first, long last, long count)
    {
        (long First, long Last, long Count) known = uses.GetValueOrDefault((name, side), (long.MaxValue, long.MinValue, 0));
        uses[(name, side)] = (Math.Min(known.First, first), Math.Max(known.Last, last), known.Count + count);
    }

    private static async Task<List<ServerUse>> ListAsync(AnswerStream<ServerUse> answer)
    {
        List<ServerUse> uses = [];
        await foreach (ServerUse use in answer.WithCancellation(TestContext.Current.CancellationToken)) uses.Add(use);
        return uses;
    }

    private static async Task<IObservationReader> World() => await new SmallWorld()
        .Add("bakery.com", "NS", "ns1.host.net.|ns2.host.net.", 0, 20, zone: "com")
        .Add("bakery.com", "NS", "ns1.host.net.|ns3.host.net.", 21, 40, zone: "com")
        .Add("bakery.com", "NS", "ns1.host.net.|ns2.host.net.", 1, 19, zone: "bakery.com")
        .Add("florist.com", "NS", "ns1.host.net.|ns2.host.net.", 0, 10, zone: "com")
        .Add("bakery.com", "MX", "20 mx.host.net.|10 mx.host.net.", 0, 40)
        .Add("ns3.host.net", "A", "203.0.113.66", 30, 60)
        .Add("ns3.host.net", "A", "203.0.113.66", 35, 50, zone: "net") // glue
        .Add("ns2.host.net", "A", "203.0.113.67", 30, 60)
        .BuildAsync();
}
