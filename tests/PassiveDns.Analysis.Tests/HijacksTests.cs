using System.Text.Json;
using FsCheck.Xunit;
using PassiveDns.Storage;
using PassiveDns.Storage.Memory;

namespace PassiveDns.Analysis.Tests;

public class HijacksTests(LabWorld lab)
{
    [Fact]
    public async Task A_zone_that_was_delegated_elsewhere_for_two_days_is_one_suspect_with_everything_that_belongs_to_it()
    {
        HijackSuspect suspect = (await ListAsync(await World()))[0];
        Assert.Equal((HijackKind.DelegationHijack, "victim.com.", "victim.com."), (suspect.Kind, suspect.Name.ToString(), suspect.RegistrableDomain.ToString()));
        Assert.Equal(["mail.victim.com.", "victim.com."], suspect.Names.Select(name => name.ToString()).Order());
        Assert.Equal(["ns1.rogue.net.", "ns2.rogue.net."], suspect.Rogue.Select(rogue => rogue.Name.ToString()));
        Assert.Equal(["ns1.host.net.", "ns2.host.net."], suspect.Baseline!.Data.Select(rdata => rdata.ToString()));
        Assert.Equal((SmallWorld.Day(100), SmallWorld.Day(102)), (suspect.Interval.FirstSeen, suspect.Interval.LastSeen));

        // The baseline's one interval goes over it, so it was seen at least 48 hours before and after.
        Assert.Equal((SmallWorld.Day(98), SmallWorld.Day(104)), (suspect.Interval.StartedAfter, suspect.Interval.EndedBefore));
        Assert.True(suspect.Interval.Begin.MayBe(SmallWorld.Day(99)) && suspect.Interval.End.MayBe(SmallWorld.Day(103)) && !suspect.Interval.End.MayBe(SmallWorld.Day(101)));
        Assert.False(suspect.IsOpen);

        // By hand: 60 days of age are passed, n = 220 sightings at the parent's and the zone's side, a stranger's servers; two days; back; new and nobody else's but the co-victim's.
        Assert.Equal(220.0 / 223, Value(suspect, HijackIndicatorKind.Deviation), 9);
        Assert.Equal(Math.Exp(-2.0 / 7), Value(suspect, HijackIndicatorKind.ShortLife), 9);
        Assert.Equal(1, Value(suspect, HijackIndicatorKind.Reversion));
        Assert.Equal(1, Value(suspect, HijackIndicatorKind.Novelty), 9);
        Assert.Equal(1, Value(suspect, HijackIndicatorKind.NameServerChange));
        Assert.Equal(1, Value(suspect, HijackIndicatorKind.DsChange));
        Assert.Equal(1, Value(suspect, HijackIndicatorKind.HostsChange));
        Assert.Equal(1, Value(suspect, HijackIndicatorKind.ParentApexDisagreement)); // the zone's own NS were seen, and not these
        Assert.Equal(1, Value(suspect, HijackIndicatorKind.SensitiveLabel));
        Assert.Equal(Math.Log(2), Value(suspect, HijackIndicatorKind.CoVictims), 9);
        Assert.Equal("other.com.", Assert.Single(suspect.CoVictims).Name.ToString());
        Assert.Empty(suspect.BenignExplanations);
        Assert.Equal(suspect.Indicators.Sum(indicator => indicator.Value * indicator.Weight), suspect.Score, 9);
        Assert.Contains(suspect.Evidence, row => row.Type == RecordType.NS && row.History.FirstSeen == SmallWorld.Day(100));
    }

    [Theory]
    [InlineData(100.2, "com", 1)]
    [InlineData(99.5, "com", 0)] // while all was well
    [InlineData(100.2, "bank.com", 0)] // the hijacker's word on his own zone is none on the parent's
    public async Task A_chain_of_trust_that_was_cut_for_hours_is_known_from_denials(double day, string zone, int expected)
    {
        MemoryObservationStore store = await new SmallWorld()
            .Add("bank.com", "NS", "ns1.host.net.", 0, 120, zone: "com").Add("bank.com", "NS", "ns1.rogue.net.", 100, 100.5, zone: "com").Add("www.bank.com", "A", "192.0.2.1", 0, 120)
            .Add("bank.com", "DS", "1 13 2 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff", 0, 120, zone: "com")
            .BuildAsync();
        string denial = $$"""{"name":"bank.com.","type":"DS","kind":"no-data","zone":"{{zone}}.","time_first":{{SmallWorld.Day(day)}},"time_last":{{SmallWorld.Day(day)}},"count":1}""";
        Assert.Equal(0, Value(Assert.Single(await ListAsync(store)), HijackIndicatorKind.DsChange));
        Assert.Equal(expected, Value(Assert.Single(await ListAsync(store, new() { Negatives = NegativeTable.Read(new StringReader(denial)) })), HijackIndicatorKind.DsChange));
    }

    [Fact]
    public async Task In_the_recorded_world_the_chain_of_trust_was_cut_where_the_truth_says_so()
    {
        await lab.GetAsync();
        List<HijackSuspect> suspects = await ListAsync(lab.Store, new() { Negatives = lab.Negatives });
        foreach (JsonElement hijack in lab.Questions.GetProperty("q7_hijacks").GetProperty("hijacks").EnumerateArray().Where(hijack => hijack.TryGetProperty("ds_removed", out _)))
        {
            DomainName name = DomainName.Parse(hijack.GetProperty("name").GetString()!);
            Assert.Equal(hijack.GetProperty("ds_removed").GetBoolean() ? 1 : 0, Value(suspects.First(s => s.Name == name), HijackIndicatorKind.DsChange));
        }
    }

    [Fact]
    public async Task A_suspect_of_which_a_part_goes_on_has_not_ended_with_the_others()
    {
        MemoryObservationStore store = await new SmallWorld()
            .Add("bank.com", "NS", "ns1.host.net.", 0, 120, zone: "com").Add("bank.com", "NS", "ns1.rogue.net.", 100, 100.5, zone: "com")
            .Add("www.bank.com", "A", "192.0.2.1", 0, 99).Add("www.bank.com", "A", "203.0.113.1", 100, 104) // nobody asked for it when all was well again
            .BuildAsync();
        HijackSuspect suspect = Assert.Single(await ListAsync(store));
        Assert.Equal(new HijackInterval(SmallWorld.Day(98), SmallWorld.Day(100), SmallWorld.Day(104), null), suspect.Interval);
    }

    [Fact]
    public async Task A_move_that_stayed_is_no_suspect_and_one_that_is_fresh_is_open()
    {
        MemoryObservationStore store = await new SmallWorld()
            .Add("stays.com", "NS", "ns1.host.net.", 0, 80, zone: "com").Add("stays.com", "NS", "ns1.new.net.", 81, 120, zone: "com")
            .Add("fresh.com", "NS", "ns1.host.net.", 0, 118, zone: "com").Add("fresh.com", "NS", "ns1.new.net.", 119, 120, zone: "com")
            .BuildAsync();
        HijackSuspect fresh = Assert.Single(await ListAsync(store), s => s.Kind == HijackKind.DelegationHijack);
        Assert.Equal("fresh.com.", fresh.Name.ToString());
        Assert.True(fresh.IsOpen);
        Assert.Equal(0, Value(fresh, HijackIndicatorKind.Reversion));
        Assert.Null(fresh.Interval.EndedBefore);
    }

    [Fact]
    public async Task Glue_that_changed_under_the_same_names_is_a_hijack_of_the_delegation()
    {
        MemoryObservationStore store = await new SmallWorld()
            .Add("bank.com", "NS", "ns1.bank.com.", 0, 120, zone: "com").Add("bank.com", "NS", "ns1.bank.com.", 0, 120)
            .Add("ns1.bank.com", "A", "192.0.2.53", 0, 120, zone: "com").Add("ns1.bank.com", "A", "192.0.2.53", 0, 120)
            .Add("ns1.bank.com", "A", "203.0.113.5", 100, 100.5, zone: "com")
            .Add("login.bank.com", "A", "192.0.2.10", 0, 120).Add("login.bank.com", "A", "203.0.113.6", 100, 100.5)
            .BuildAsync();
        HijackSuspect suspect = Assert.Single(await ListAsync(store));
        Assert.Equal((HijackKind.DelegationHijack, "bank.com."), (suspect.Kind, suspect.Name.ToString()));
        Assert.Equal((1.0, 0.0), (Value(suspect, HijackIndicatorKind.GlueChange), Value(suspect, HijackIndicatorKind.NameServerChange)));
        Assert.Equal(["203.0.113.5"], suspect.Rogue.Select(rogue => rogue.Address.ToString()!)); // the servers decide, not what they answered
        Assert.Contains("login.bank.com.", suspect.Names.Select(name => name.ToString()));
    }

    [Fact]
    public async Task Addresses_that_led_elsewhere_are_a_hijack_of_records_and_distance_is_graded()
    {
        AddressTable table = AddressTable.Read(new StringReader("192.0.2.0/24,64500,host,NL\n198.51.100.0/24,64500,host,NL\n203.0.113.0/24,64501,rogue,NL"));
        MemoryObservationStore store = await new SmallWorld()
            .Add("www.far.com", "A", "192.0.2.1", 0, 120).Add("www.far.com", "A", "203.0.113.1", 100, 101, ttl: 30)
            .Add("www.near.com", "A", "192.0.2.1", 0, 120).Add("www.near.com", "A", "198.51.100.1", 100, 101)
            .Add("www.next.com", "A", "192.0.2.1", 0, 120).Add("www.next.com", "A", "192.0.2.99", 100, 101)
            .Add("www.part.com", "A", "192.0.2.1", 0, 120).Add("www.part.com", "A", "192.0.2.1|203.0.113.7", 100, 101)
            .BuildAsync();
        List<HijackSuspect> suspects = await ListAsync(store, new() { Enrichment = table });
        Assert.Equal(["www.far.com.", "www.part.com.", "www.near.com.", "www.next.com."], suspects.Select(s => s.Name.ToString()));
        Assert.Equal([1, 0.5, 0.5, 0.25], suspects.Select(s => Math.Round(Value(s, HijackIndicatorKind.Deviation) * 13 / 10, 9))); // ten sightings of each baseline
        Assert.Equal(0.9, Value(suspects[0], HijackIndicatorKind.TtlCollapse), 9);
        Assert.Equal([HijackIndicatorKind.SameOperator], suspects[2].BenignExplanations.Select(indicator => indicator.Kind));
    }

    [Fact]
    public async Task An_alias_whose_target_was_gone_and_came_back_elsewhere_is_a_takeover()
    {
        MemoryObservationStore store = await new SmallWorld()
            .Add("shop.club.com", "CNAME", "app.cloud.net.", 0, 60).Add("kept.club.com", "CNAME", "sparse.cloud.net.", 0, 3)
            .Add("own.cloud.net", "CNAME", "app.cloud.net.", 0, 60)
            .Add("app.cloud.net", "A", "192.0.2.1", 0, 20).Add("app.cloud.net", "A", "192.0.2.77", 45, 60)
            .Add("sparse.cloud.net", "A", "192.0.2.2", 0, 3).Add("sparse.cloud.net", "A", "192.0.2.3", 45, 60)
            .BuildAsync();
        HijackSuspect suspect = Assert.Single(await ListAsync(store)); // an alias in the same domain is its own affair, and one that nobody asked for tells nothing
        Assert.Equal((HijackKind.SubdomainTakeover, "shop.club.com."), (suspect.Kind, suspect.Name.ToString()));
        Assert.Equal(new HijackInterval(SmallWorld.Day(20), SmallWorld.Day(45), SmallWorld.Day(60), null), suspect.Interval);
        Assert.Equal(1 - Math.Exp(-25.0 / 7), Value(suspect, HijackIndicatorKind.Dangling), 9);
    }

    [Fact]
    public async Task A_delegation_to_servers_that_never_answered_is_lame()
    {
        MemoryObservationStore store = await new SmallWorld()
            .Add("lame.com", "NS", "ns1.gone.net.|ns2.here.net.", 0, 60, count: 15, zone: "com").Add("ns2.here.net", "A", "192.0.2.1", 0, 60)
            .Add("fine.com", "NS", "ns2.here.net.", 0, 60, zone: "com").Add("www.fine.com", "A", "192.0.2.1", 0, 60)
            .Add("apex.com", "NS", "ns2.here.net.", 0, 60, zone: "com").Add("apex.com", "A", "192.0.2.1", 0, 60)
            .Add("rare.com", "NS", "ns1.gone.net.", 0, 60, count: 2, zone: "com").Add("com", "NS", "ns1.gone.net.", 0, 60, zone: ".")
            .Add("co.com", "NS", "ns2.here.net.", 0, 60, zone: "com").Add("x.co.com", "NS", "ns2.here.net.", 0, 60, zone: "com").Add("www.x.co.com", "A", "192.0.2.1", 0, 60, zone: "x.co.com")
            .BuildAsync();
        HijackSuspect suspect = Assert.Single(await ListAsync(store));
        Assert.Equal((HijackKind.LameDelegation, "lame.com."), (suspect.Kind, suspect.Name.ToString()));
        Assert.Equal((0.75, 0.5), (Value(suspect, HijackIndicatorKind.Lameness), Value(suspect, HijackIndicatorKind.UnknownServers)));
    }

    [Fact]
    public async Task Shared_infrastructure_and_many_who_move_together_speak_against_it()
    {
        SmallWorld world = new SmallWorld().Add("www.victim.com", "A", "192.0.2.1", 0, 120).Add("www.victim.com", "A", "203.0.113.1", 100, 102);
        for (int i = 0; i < 20; i++) world.Add($"www.tenant{i}.net", "A", "203.0.113.1", 0, 120); // settled
        for (int i = 0; i < 5; i++) world.Add($"www.mover{i}.net", "A", "192.0.2.1", 0, 99).Add($"www.mover{i}.net", "A", "203.0.113.1", 100, 120);
        HijackSuspect suspect = (await ListAsync(await world.BuildAsync())).Find(s => s.Name.ToString() == "www.victim.com.")!;
        Assert.Equal(Math.Log(26) / Math.Log(1001), Value(suspect, HijackIndicatorKind.SharedInfrastructure), 9);
        Assert.Equal(0.5, Value(suspect, HijackIndicatorKind.MassMigration), 9);
        Assert.Equal(new Degree(25, 25, DegreeClass.Shared, null), suspect.Rogue[0].Degree);
        Assert.Empty(suspect.CoVictims);
        AddressTable table = AddressTable.Read(new StringReader("203.0.113.0/24,64501,scrubber,NL"));
        Hijacks known = new(world.Store, new() { Enrichment = table }, new() { BenignNetworks = [64501] });
        Assert.Equal(1, Value((await ListAsync(known, new())).Find(s => s.Name.ToString() == "www.victim.com.")!, HijackIndicatorKind.SharedInfrastructure));
    }

    [Fact]
    public async Task Others_are_victims_with_a_sensitive_name_that_came_back_and_tenants_make_them_count_less()
    {
        SmallWorld world = new();
        foreach (string host in (string[])["mail.one.com", "vpn.two.com", "www.three.com"]) world.Add(host, "A", "192.0.2.1", 0, 120).Add(host, "A", "203.0.113.1", 100, 101);
        world.Add("mail.moved.com", "A", "192.0.2.1", 0, 99).Add("mail.moved.com", "A", "203.0.113.1", 100, 101); // never seen elsewhere again
        world.Add("mail.fresh.com", "A", "203.0.113.1", 100, 101); // had no past
        HijackSuspect alone = (await ListAsync(await world.BuildAsync())).Find(s => s.Name.ToString() == "mail.one.com.")!;
        Assert.Equal(["vpn.two.com."], alone.CoVictims.Select(victim => victim.Name.ToString()));
        Assert.Equal(Math.Log(2), Value(alone, HijackIndicatorKind.CoVictims), 9);
        HijackSuspect tenanted = (await ListAsync(await world.Add("www.tenant.com", "A", "203.0.113.1", 0, 120).BuildAsync())).Find(s => s.Name.ToString() == "mail.one.com.")!;
        Assert.Equal(Math.Log(1.5), Value(tenanted, HijackIndicatorKind.CoVictims), 9);
    }

    [Fact]
    public async Task Lists_of_known_infrastructure_are_asked_by_name_and_by_the_addresses_of_servers()
    {
        MemoryObservationStore store = await new SmallWorld()
            .Add("hit.com", "NS", "ns1.host.net.", 0, 120, zone: "com").Add("hit.com", "NS", "ns1.rogue.net.", 100, 101, zone: "com").Add("ns1.rogue.net", "A", "203.0.113.5", 90, 110)
            .Add("down.com", "NS", "ns1.host.net.", 0, 120, zone: "com").Add("down.com", "NS", "ns1.sink.org.", 100, 101, zone: "com")
            .BuildAsync();
        HijackOptions lists = new() { KnownRogue = InfrastructureList.Read(new StringReader("203.0.113.5:53")), Sinkholes = InfrastructureList.Read(new StringReader("sink.org")) };
        List<HijackSuspect> suspects = await ListAsync(new Hijacks(store, null, lists), new() { Kinds = [HijackKind.DelegationHijack] });
        Assert.Equal(["hit.com.", "down.com."], suspects.Select(s => s.Name.ToString()));
        Assert.Equal([(1.0, 0.0), (0.0, 1.0)], suspects.Select(s => (Value(s, HijackIndicatorKind.KnownRogue), Value(s, HijackIndicatorKind.Sinkhole))));
        Assert.Equal([HijackIndicatorKind.Sinkhole], suspects[1].BenignExplanations.Select(indicator => indicator.Kind));
    }

    [Fact]
    public async Task Addresses_that_the_parent_gives_are_glue_only_of_servers()
    {
        // One server holds parent and child: nobody on the wire can tell whose word it is.
        MemoryObservationStore store = await new SmallWorld().Add("www.bank.com", "A", "192.0.2.1", 0, 120, zone: "com").Add("www.bank.com", "A", "203.0.113.1", 100, 101, zone: "com").BuildAsync();
        Assert.Equal(HijackKind.RecordHijack, Assert.Single(await ListAsync(store)).Kind);
    }

    [Fact]
    public async Task A_budget_that_ends_makes_the_answer_truncated()
    {
        MemoryObservationStore store = await World();
        AnswerStream<HijackSuspect> whole = new Hijacks(store).Find(new());
        await ListAsync(whole);
        for (int rows = 1; rows < whole.Facts.RowsRead; rows++)
        {
            AnswerStream<HijackSuspect> answer = new Hijacks(store, new() { Budget = new() { MaxRows = rows } }).Find(new());
            await ListAsync(answer);
            Assert.Equal(Completeness.Truncated, answer.Facts.Completeness);
            Assert.InRange(answer.Facts.RowsRead, 0, rows);
        }
    }

    [Fact]
    public async Task Who_gives_up_is_obeyed()
    {
        MemoryObservationStore store = await World();
        using CancellationTokenSource gone = new();
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (HijackSuspect _ in new Hijacks(store).Find(new()).WithCancellation(gone.Token)) Assert.Fail("nothing comes any more");
        });
    }

    // Three octets make a row: short bounds, so that what is random deviates.
    [Property(Replay = "(42,43)", MaxTest = 100)]
    public async Task All_terms_keep_to_their_ranges_and_intervals_hold_what_was_seen(byte[] octets)
    {
        SmallWorld world = new();
        HashSet<(string, string, string, int)> keys = [];
        for (int i = 0; i + 2 < octets.Length; i += 3)
        {
            int from = octets[i + 1] % 60;
            string name = octets[i] % 2 == 0 ? "a.test" : $"mail.{(char)('a' + (octets[i] / 2 % 3))}.test";
            (string type, string data) = (octets[i] / 8 % 3) switch { 0 => ("A", $"192.0.{octets[i + 2] % 4}.1"), 1 => ("NS", $"ns.h{octets[i + 2] % 4}.test."), _ => ("MX", $"10 mx.h{octets[i + 2] % 4}.test.") };
            string zone = octets[i + 2] % 5 == 0 ? "test" : name[^6..];
            if (keys.Add((name, type + data, zone, 0))) world.Add(name, type, data, from, from + (octets[i + 1] / 60 * 10), zone: zone);
        }

        HijackOptions tight = new() { MaxDuration = TimeSpan.FromDays(6), BaselineAge = TimeSpan.FromDays(10) };
        foreach (HijackSuspect suspect in await ListAsync(new Hijacks(await world.BuildAsync(), null, tight), new()))
        {
            Assert.All(suspect.Indicators, indicator => Assert.InRange(indicator.Value, 0, indicator.Kind is HijackIndicatorKind.CoVictims or HijackIndicatorKind.Unsteady ? 10 : 1));
            Assert.Equal(suspect.Indicators.Length, suspect.Indicators.Select(indicator => indicator.Kind).Distinct().Count());
            Assert.InRange(suspect.Interval.FirstSeen, suspect.Interval.StartedAfter ?? long.MinValue, suspect.Interval.LastSeen);
            Assert.True(suspect.Interval.EndedBefore is null || suspect.Interval.EndedBefore > suspect.Interval.LastSeen);
            Assert.Contains(suspect.Evidence, row => row.History.FirstSeen >= suspect.Interval.FirstSeen && row.History.LastSeen <= suspect.Interval.LastSeen);
            Assert.All(suspect.Names, name => Assert.True(name.IsAtOrUnder(suspect.RegistrableDomain)));
        }
    }

    [Fact]
    public async Task What_the_own_domain_uses_anyway_is_not_novel()
    {
        MemoryObservationStore store = await new SmallWorld()
            .Add("www.victim.com", "A", "192.0.2.1", 0, 120).Add("www.victim.com", "A", "203.0.113.1", 100, 102)
            .Add("standby.victim.com", "A", "203.0.113.1", 0, 120).BuildAsync();
        HijackSuspect suspect = Assert.Single(await ListAsync(store));
        Assert.Equal((0.0, 1.0), (Value(suspect, HijackIndicatorKind.Novelty), Value(suspect, HijackIndicatorKind.SameOperator)));
    }

    [Fact]
    public async Task A_zone_with_the_same_contact_is_not_a_stranger()
    {
        MemoryObservationStore store = await new SmallWorld()
            .Add("victim.com", "SOA", "ns1.host.net. admin.group.org. 1 2 3 4 5", 0, 120).Add("www.victim.com", "A", "192.0.2.1", 0, 120).Add("www.victim.com", "A", "203.0.113.1", 100, 102)
            .Add("sister.com", "SOA", "ns9.host.net. admin.group.org. 1 2 3 4 5", 0, 120).Add("www.sister.com", "A", "203.0.113.1", 0, 120).BuildAsync();
        Assert.Equal(0, Value(Assert.Single(await ListAsync(store)), HijackIndicatorKind.Novelty));
    }

    [Fact]
    public async Task What_rotates_or_has_no_past_is_no_suspect_or_a_weak_one()
    {
        SmallWorld world = new SmallWorld().Add("once.com", "A", "192.0.2.1", 100, 101).Add("once.com", "A", "203.0.113.1", 101, 102);
        for (int i = 0; i < 40; i++) world.Add("home.dyn.com", "A", $"198.51.100.{i}", 3 * i, 3 * (i + 1)); // a new address every three days
        for (int i = 0; i < 30; i++) world.Add("cdn.com", "A", $"192.0.2.{i % 3}", 4 * i, (4 * i) + 1);
        Assert.DoesNotContain(await ListAsync(await world.BuildAsync()), s => s.Score > 0 && s.Kind != HijackKind.LameDelegation);
    }

    [Fact]
    public async Task The_window_the_subtree_the_kinds_and_the_number_bound_the_answer()
    {
        MemoryObservationStore store = await World();
        Hijacks hijacks = new(store);
        Assert.Empty(await ListAsync(hijacks, new() { Window = new(SmallWorld.Day(0), SmallWorld.Day(90)) }));
        Assert.Equal(["victim.com."], (await ListAsync(hijacks, new() { Under = DomainName.Parse("victim.com") })).Select(s => s.Name.ToString()));
        Assert.Empty(await ListAsync(hijacks, new() { Kinds = [HijackKind.LameDelegation] }));
        Assert.Single(await ListAsync(hijacks, new() { Most = 1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => hijacks.Find(new() { Most = 0 }));
        Assert.Throws<ArgumentException>(() => hijacks.Find(new() { Window = new(2, 1) }));
        Assert.Throws<ArgumentException>(() => new Hijacks(store, null, new() { MaxDuration = TimeSpan.Zero }).Find(new()));
    }

    [Fact]
    public async Task Where_candidates_were_left_out_the_answer_says_so()
    {
        MemoryObservationStore store = await World();
        AnswerStream<HijackSuspect> answer = new Hijacks(store, null, new() { MaxCandidates = 1 }).Find(new());
        Assert.Equal("victim.com.", Assert.Single(await ListAsync(answer)).Name.ToString());
        Assert.Equal(Completeness.Truncated, answer.Facts.Completeness);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task In_the_recorded_world_each_hijack_is_found_and_no_benign_event_ranks_above_one(bool knowsNetworks)
    {
        await lab.GetAsync();
        AddressTable? networks = knowsNetworks ? AddressTable.Load(Path.Combine(LabWorld.Folder!, "asmap.csv")) : null;
        List<HijackSuspect> suspects = await ListAsync(lab.Store, new() { Enrichment = networks });
        JsonElement truth = lab.Questions.GetProperty("q7_hijacks");
        List<int> ranks = [];
        foreach (JsonElement hijack in truth.GetProperty("hijacks").EnumerateArray())
        {
            DomainName name = DomainName.Parse(hijack.GetProperty("name").GetString()!);
            int rank = suspects.FindIndex(s => (s.Name == name || s.RegistrableDomain == name) && s.Interval.FirstSeen <= hijack.GetProperty("observed")[1].GetInt64() && s.Interval.LastSeen >= hijack.GetProperty("observed")[0].GetInt64());
            Assert.True(rank >= 0, $"{hijack.GetProperty("kind").GetString()} of {name} was not found");
            Assert.Equal(hijack.GetProperty("kind").GetString() switch { "record-hijack" => HijackKind.RecordHijack, "subdomain-takeover" => HijackKind.SubdomainTakeover, _ => HijackKind.DelegationHijack }, suspects[rank].Kind);
            ranks.Add(rank + 1);
        }

        string lame = lab.Truth.GetProperty("infrastructure").GetProperty("lame").GetString()!;
        Assert.Equal(DomainName.Parse(lame), Assert.Single(suspects, s => s.Kind == HijackKind.LameDelegation).Name);
        HashSet<string> decoys = [.. truth.GetProperty("decoys").EnumerateArray().Select(id => id.GetString()!)];
        foreach (JsonElement decoy in lab.Truth.GetProperty("events").EnumerateArray().Where(e => decoys.Contains(e.GetProperty("id").GetString()!) && e.TryGetProperty("name", out _)))
        {
            DomainName name = DomainName.Parse(decoy.GetProperty("name").GetString()!);
            int rank = suspects.FindIndex(s => s.Name.IsAtOrUnder(name)) + 1;
            Assert.True(rank == 0 || rank > ranks.Max(), $"{decoy.GetProperty("kind").GetString()} of {name} ranks at {rank}, hijacks at {string.Join(' ', ranks)}");
        }

        // The glue of the fast-flux domain is all that stands between them.
        Assert.Equal([1, 2, 3, 4, 6], ranks.Order());
        Assert.Equal("jade-supply-update.intern.", suspects[4].Name.ToString());
    }

    [Fact]
    public void Each_indicator_has_a_weight()
    {
        HijackWeights weights = new();
        Assert.All(Enum.GetValues<HijackIndicatorKind>(), kind => Assert.Equal(new HijackIndicator(kind, 1, 0).IsBenign, weights.Of(kind) < 0));
    }

    private static double Value(HijackSuspect suspect, HijackIndicatorKind kind) => suspect.Indicators.Single(indicator => indicator.Kind == kind).Value;

    private static Task<List<HijackSuspect>> ListAsync(IObservationReader reader, AnalysisOptions? options = null) => ListAsync(new Hijacks(reader, options), new());

    private static Task<List<HijackSuspect>> ListAsync(Hijacks hijacks, HijackQuery query) => ListAsync(hijacks.Find(query));

    private static async Task<List<HijackSuspect>> ListAsync(AnswerStream<HijackSuspect> answer)
    {
        List<HijackSuspect> suspects = [];
        await foreach (HijackSuspect suspect in answer.WithCancellation(TestContext.Current.CancellationToken)) suspects.Add(suspect);
        return suspects;
    }

    private static async Task<MemoryObservationStore> World() => await new SmallWorld()
        .Add("victim.com", "NS", "ns1.host.net.|ns2.host.net.", 0, 120, count: 120, zone: "com")
        .Add("victim.com", "NS", "ns1.host.net.|ns2.host.net.", 0, 120, count: 100)
        .Add("victim.com", "NS", "ns1.rogue.net.|ns2.rogue.net.", 100, 102, zone: "com")
        .Add("victim.com", "DS", "1 13 2 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff", 0, 99, zone: "com")
        .Add("victim.com", "DS", "1 13 2 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff", 103, 120, zone: "com")
        .Add("mail.victim.com", "A", "192.0.2.1", 0, 120)
        .Add("mail.victim.com", "A", "203.0.113.1", 100, 102)
        .Add("other.com", "NS", "ns1.host.net.|ns2.host.net.", 0, 120, zone: "com")
        .Add("other.com", "NS", "ns1.rogue.net.|ns2.rogue.net.", 106, 107, zone: "com")
        .Add("www.other.com", "A", "192.0.2.2", 0, 120)
        .BuildAsync();
}
