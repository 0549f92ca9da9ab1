using System.Net;
using System.Text.Json;
using PassiveDns.Storage;

namespace PassiveDns.Analysis.Tests;

public class SharedAddressesTests(LabWorld lab)
{
    [Fact]
    public async Task Names_that_held_an_address_at_different_times_share_it_without_overlap()
    {
        SharedAddresses shared = new(await World());
        AddressShare share = Assert.Single(await ListAsync(shared.Find(Query("192.0.2.1/32"))));
        Assert.Equal(["a.example.com.", "b.example.com.", "shop.example.org.", "www.example.org.", "cdn.example.net."], share.Names.Select(n => n.Name.ToString()));
        (AddressName a, AddressName b, AddressName shop) = (share.Names[0], share.Names[1], share.Names[2]);
        Assert.Equal(0, AddressShare.Overlap(a, b));
        Assert.Equal((5 * 86_400) + 1, AddressShare.Overlap(a, shop));
        Assert.Equal(new Degree(3, 2, DegreeClass.Dedicated, null), share.Degree);
    }

    [Fact]
    public async Task Aliases_count_only_while_their_target_was_there()
    {
        AddressShare share = Assert.Single(await ListAsync(new SharedAddresses(await World()).Find(Query("192.0.2.1/32"))));
        AddressName www = share.Names.Single(n => n.Name == DomainName.Parse("www.example.org"));
        Assert.Equal(["shop.example.org."], www.Aliases.Select(name => name.ToString()));
        Assert.Equal(Presence.Of(SmallWorld.Day(5), SmallWorld.Day(8)), www.Presence); // the alias was there from day 2 to 8, its target from day 5
        AddressName cdn = share.Names.Single(n => n.Name == DomainName.Parse("cdn.example.net"));
        Assert.Equal(["www.example.org.", "shop.example.org."], cdn.Aliases.Select(name => name.ToString()));
        Assert.Equal(3, cdn.Evidence.Length);
        Assert.DoesNotContain(share.Names, n => n.Name == DomainName.Parse("gone.example.net")); // it had ended before
    }

    [Fact]
    public async Task A_window_cuts_presences_and_names()
    {
        SharedAddressQuery query = Query("192.0.2.1/32") with { Window = TimeWindow.At(SmallWorld.Day(7)), IncludeAliases = false };
        AddressShare share = Assert.Single(await ListAsync(new SharedAddresses(await World()).Find(query)));
        Assert.Equal(["a.example.com.", "shop.example.org."], share.Names.Select(n => n.Name.ToString()));
        Assert.All(share.Names, n => Assert.Equal(Presence.Of(SmallWorld.Day(7), SmallWorld.Day(7)), n.Presence));
    }

    [Fact]
    public async Task Hints_stand_beside_the_addresses_of_a_range_in_order()
    {
        List<AddressShare> shares = await ListAsync(new SharedAddresses(await World()).Find(Query("192.0.2.0/24") with { IncludeHints = true, IncludeAliases = false }));
        Assert.Equal(["192.0.2.1", "192.0.2.7", "192.0.2.9"], shares.Select(s => s.Address.ToString()));
        Assert.True(Assert.Single(shares[1].Names).IsHint);
        Assert.Equal(0, shares[1].Degree.Names); // a hint is no holder
    }

    [Fact]
    public async Task What_an_address_was_is_told_as_of_its_last_sighting()
    {
        AddressTable table = AddressTable.Read(new StringReader($"192.0.2.0/24,64500,old,NL,,{SmallWorld.Day(15)}\n192.0.2.0/24,64501,new,NL,{SmallWorld.Day(16)},"));
        List<AddressShare> shares = await ListAsync(new SharedAddresses(await World(), new() { Enrichment = table }).Find(Query("192.0.2.0/24")));
        Assert.Equal(["new", "old"], shares.Select(s => s.Facts?.Organisation));
    }

    [Fact]
    public async Task An_address_nobody_had_is_an_empty_and_exact_answer()
    {
        AnswerStream<AddressShare> answer = new SharedAddresses(await World()).Find(Query("198.51.100.0/24"));
        Assert.Empty(await ListAsync(answer));
        Assert.Equal(Completeness.Exact, answer.Facts.Completeness);
    }

    [Fact]
    public async Task A_cut_list_says_so_and_the_degree_is_counted_on()
    {
        AddressShare share = Assert.Single(await ListAsync(new SharedAddresses(await World()).Find(Query("192.0.2.1/32") with { MaxNamesPerAddress = 1 })));
        Assert.True(share.IsCut);
        Assert.Equal(3, share.Degree.Names);
        Assert.Single(share.Names);
    }

    [Fact]
    public async Task Related_names_are_those_that_were_there_together()
    {
        AnswerStream<Relatedness> answer = new RelatedNames(await World()).Find(DomainName.Parse("a.example.com"));
        List<Relatedness> related = [];
        await foreach (Relatedness one in answer.WithCancellation(TestContext.Current.CancellationToken)) related.Add(one);
        Relatedness shop = Assert.Single(related);
        Assert.Equal("shop.example.org.", shop.Name.ToString());
        Assert.Equal(6 / Math.Log(3), shop.AdamicAdar, 9); // together on days 5 to 10 at an address with two domains
        Assert.Equal(0.5, shop.Jaccard); // 192.0.2.1 of 192.0.2.1 and 192.0.2.9
        Assert.Equal(["a.example.com.", "shop.example.org."], shop.Evidence.Select(row => row.RrName.ToString()));
        Assert.All(shop.Evidence, row => Assert.Equal("192.0.2.1", Assert.Single(row.Rdata).ToString()));
    }

    [Fact]
    public async Task A_name_is_related_by_what_its_aliases_led_to_while_they_did()
    {
        IObservationReader store = await new SmallWorld()
            .Add("www.example.com", "CNAME", "a.host.net.", 0, 10).Add("www.example.com", "CNAME", "b.host.net.", 20, 30)
            .Add("a.host.net", "CNAME", "c.host.net.", 5, 30)
            .Add("c.host.net", "A", "192.0.2.1", 0, 30).Add("b.host.net", "A", "192.0.2.2", 0, 30).Add("b.host.net", "CNAME", "www.example.com.", 21, 22) // a loop
            .Add("early.example.org", "A", "192.0.2.1", 0, 4).Add("there.example.org", "A", "192.0.2.1", 8, 15).Add("late.example.org", "A", "192.0.2.2", 12, 22)
            .BuildAsync();
        List<Relatedness> related = [];
        await foreach (Relatedness one in new RelatedNames(store).Find(DomainName.Parse("www.example.com")).WithCancellation(TestContext.Current.CancellationToken)) related.Add(one);
        Assert.Equal([("late.example.org.", 3), ("there.example.org.", 3)], related.Select(one => (one.Name.ToString(), Assert.Single(one.Shared).Days)).Order());
        Relatedness there = related.Single(one => one.Name == DomainName.Parse("there.example.org"));
        Assert.Equal(0.5, there.Jaccard);
        Assert.Equal(
            ["a.host.net. CNAME", "b.host.net. CNAME", "c.host.net. A", "there.example.org. A", "www.example.com. CNAME", "www.example.com. CNAME"],
            there.Evidence.Select(row => $"{row.RrName} {row.Type}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task In_the_recorded_world_each_question_is_answered_with_exactly_the_names_times_and_counts_of_the_truth()
    {
        await lab.GetAsync();
        SharedAddresses shared = new(lab.Store);

        // Two different answers to one query: which of them was observed is open, so these may count less (see the truth's list).
        HashSet<string> contested = [.. lab.Truth.GetProperty("exceptions").EnumerateArray().Select(e => DomainName.Parse(e.GetProperty("name").GetString()!).ToString())];
        foreach (JsonProperty question in lab.Questions.GetProperty("q1_names_by_ip").EnumerateObject())
        {
            string text = question.Name.Contains('/', StringComparison.Ordinal) ? question.Name : question.Name + (question.Name.Contains(':', StringComparison.Ordinal) ? "/128" : "/32");
            SortedSet<string> expected = [.. question.Value.EnumerateArray().Select(r =>
                $"{DomainName.Parse(r[0].GetString()!)} {r[2].GetString()} {r[3].GetInt64()} {r[4].GetInt64()} {r[5].GetInt64()}").Where(IsCertain)];
            SortedSet<string> found = [];
            await foreach (AddressShare share in shared.Find(Query(text) with { IncludeAliases = false }).WithCancellation(TestContext.Current.CancellationToken))
            {
                foreach (AddressName name in share.Names) found.Add($"{name.Name} {share.Address} {name.Presence.First} {name.Presence.Last} {name.Count}");
            }

            found.RemoveWhere(row => !IsCertain(row));
            Assert.Equal(expected, found);
        }

        bool IsCertain(string row) => !contested.Contains(row.Split(' ')[0]);
    }

    private static SharedAddressQuery Query(string network) => SharedAddressQuery.Of(IPNetwork.Parse(network));

    private static async Task<List<AddressShare>> ListAsync(AnswerStream<AddressShare> answer)
    {
        List<AddressShare> shares = [];
        await foreach (AddressShare share in answer.WithCancellation(TestContext.Current.CancellationToken)) shares.Add(share);
        return shares;
    }

    private static async Task<IObservationReader> World() => await new SmallWorld()
        .Add("a.example.com", "A", "192.0.2.1", 0, 10)
        .Add("b.example.com", "A", "192.0.2.1", 12, 20)
        .Add("shop.example.org", "A", "192.0.2.1", 5, 11)
        .Add("shop.example.org", "A", "192.0.2.9", 14, 15)
        .Add("www.example.org", "CNAME", "shop.example.org.", 2, 8)
        .Add("cdn.example.net", "CNAME", "www.example.org.", 6, 30)
        .Add("gone.example.net", "CNAME", "shop.example.org.", 0, 3)
        .Add("loop.example.net", "CNAME", "loop.example.net.", 0, 30)
        .Add("svc.example.net", "HTTPS", "1 . ipv4hint=192.0.2.7,203.0.113.1", 3, 4)
        .BuildAsync();
}
