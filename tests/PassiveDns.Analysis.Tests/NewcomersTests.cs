using System.Text.Json;
using FsCheck.Xunit;
using PassiveDns.Storage;
using PassiveDns.Storage.Conformance;
using PassiveDns.Storage.Memory;

namespace PassiveDns.Analysis.Tests;

public class NewcomersTests(LabWorld lab)
{
    [Theory]
    [InlineData(NewcomerKind.Domain, "fresh.com.")]
    [InlineData(NewcomerKind.Host, "fresh.com.", "www.fresh.com.", "shop.old.com.")]
    [InlineData(NewcomerKind.Record, "fresh.com. NS", "www.fresh.com. A", "www.fresh.com. A", "shop.old.com. A", "www.old.com. A")]
    public async Task Domains_hosts_and_records_are_new_when_nothing_was_seen_of_them_before(NewcomerKind kind, params string[] expected)
    {
        AnswerStream<Newcomer> answer = new Newcomers(await World()).Find(new(From(10)) { Kind = kind });
        List<Newcomer> found = await ListAsync(answer);
        Assert.Equal(expected.Order(), found.Select(n => kind == NewcomerKind.Record ? $"{n.Name} {n.Evidence[0].Type}" : n.Name.ToString()).Order());
        Assert.Equal(Completeness.Exact, answer.Facts.Completeness);
    }

    [Fact]
    public async Task A_newcomer_comes_with_the_row_that_was_its_first()
    {
        Newcomer fresh = Assert.Single(await ListAsync(new Newcomers(await World()).Find(new(From(10)))));
        Assert.Equal((SmallWorld.Day(12), "www.fresh.com."), (fresh.FirstSeen, Assert.Single(fresh.Evidence).RrName.ToString())); // the host was seen before the delegation
        Assert.Equal(DomainName.Parse("fresh.com"), fresh.RegistrableDomain);
    }

    [Fact]
    public async Task A_window_ends_what_is_new_and_a_subtree_bounds_it()
    {
        Newcomers newcomers = new(await World());
        Assert.Empty(await ListAsync(newcomers.Find(new(new(SmallWorld.Day(10), SmallWorld.Day(11))))));
        Assert.Equal(["shop.old.com."], (await ListAsync(newcomers.Find(new(From(10)) { Kind = NewcomerKind.Host, Under = DomainName.Parse("old.com") }))).Select(n => n.Name.ToString()));
        Assert.Equal(["fresh.com."], (await ListAsync(newcomers.Find(new(From(10)) { Types = TypeSelection.Of(RecordType.NS) }))).Select(n => n.Evidence[0].RrName.ToString()));
    }

    [Fact]
    public async Task A_public_suffix_is_no_domain_but_a_host()
    {
        MemoryObservationStore store = await new SmallWorld().Add("com", "NS", "a.nic.com.", 5, 6, zone: ".").BuildAsync();
        Assert.Empty(await ListAsync(new Newcomers(store).Find(new(From(1)))));
        Newcomer com = Assert.Single(await ListAsync(new Newcomers(store).Find(new(From(1)) { Kind = NewcomerKind.Host })));
        Assert.Null(com.RegistrableDomain);
    }

    [Fact]
    public async Task What_is_not_trusted_neither_is_news_nor_makes_it_old()
    {
        MemoryObservationStore store = await new SmallWorld()
            .Add("a.example.com", "A", "192.0.2.1", 0, 1, provenance: Provenance.Unverified)
            .Add("a.example.com", "A", "192.0.2.1", 5, 6).BuildAsync();
        Assert.Equal(SmallWorld.Day(5), Assert.Single(await ListAsync(new Newcomers(store).Find(new(From(4))))).FirstSeen);
        Assert.Empty(await ListAsync(new Newcomers(store, new() { Provenance = ProvenanceSelection.All }).Find(new(From(4)))));
    }

    [Fact]
    public async Task Nothing_is_called_new_whose_past_was_not_read_any_more()
    {
        MemoryObservationStore store = await World();
        for (int rows = 1; rows < 12; rows++)
        {
            AnswerStream<Newcomer> answer = new Newcomers(store, new() { Budget = new() { MaxRows = rows } }).Find(new(From(10)));
            List<Newcomer> found = await ListAsync(answer);
            Assert.All(found, n => Assert.Equal("fresh.com.", n.Name.ToString()));
            Assert.True(found.Count == 1 || answer.Facts.Completeness == Completeness.Truncated);
        }
    }

    [Property(Replay = "(42,43)", MaxTest = 100)]
    public async Task Each_newcomer_is_told_once_as_a_scan_of_all_rows_would_tell_it(byte[] octets, byte since)
    {
        BatchBuilder builder = new();
        List<(DomainName Name, long First)> rows = [];
        for (int i = 0; i + 2 < octets.Length; i += 3)
        {
            DomainName name = DomainName.Parse($"h{octets[i] % 4}.d{octets[i] / 4 % 4}.test");
            long first = SmallWorld.Day(octets[i + 1] % 30);
            builder.Add(name.ToString(), "A", $"192.0.2.{i / 3}", first, first + octets[i + 2]);
            rows.Add((name, first));
        }

        MemoryObservationStore store = new();
        await store.WriteAsync(builder.Build(1));
        long from = SmallWorld.Day(since % 30);
        foreach ((NewcomerKind kind, int labels) in ((NewcomerKind, int)[])[(NewcomerKind.Domain, 2), (NewcomerKind.Host, 3)])
        {
            IEnumerable<string> expected = rows.GroupBy(row => row.Name.Ancestor(labels)).Where(g => g.Min(row => row.First) >= from).Select(g => $"{g.Key} {g.Min(row => row.First)}").Order();
            Assert.Equal(expected, (await ListAsync(new Newcomers(store).Find(new(new(from, long.MaxValue)) { Kind = kind }))).Select(n => $"{n.Name} {n.FirstSeen}").Order());
        }
    }

    [Fact]
    public async Task In_the_recorded_world_exactly_the_names_of_the_truth_are_new_on_each_day()
    {
        await lab.GetAsync();
        HashSet<string> uncertain = [.. lab.Truth.GetProperty("exceptions").EnumerateArray().Select(e => DomainName.Parse(e.GetProperty("name").GetString()!).ToString())];
        foreach (JsonElement malformed in lab.Truth.GetProperty("poison").EnumerateArray().Where(p => p.GetProperty("must").GetString() == "either")) uncertain.Add(DomainName.Parse(malformed.GetProperty("name").GetString()!).ToString());
        Dictionary<DomainName, long> hosts = [], domains = [];
        foreach (JsonElement row in lab.Truth.GetProperty("rrsets").EnumerateArray())
        {
            if (!RecordTypeNames.TryParse(row.GetProperty("t").GetString()!, out RecordType type) || type.IsDnssec()) continue;
            DomainName name = DomainName.Parse(row.GetProperty("n").GetString()!);
            long first = row.GetProperty("first").GetInt64();
            hosts[name] = Math.Min(first, hosts.GetValueOrDefault(name, long.MaxValue));
            if (name.LabelCount < 2) continue;
            DomainName domain = name.Ancestor(2);
            domains[domain] = Math.Min(first, domains.GetValueOrDefault(domain, long.MaxValue));
        }

        // Bursts last under a second; a day and an hour behind the start of each week no burst runs.
        Newcomers newcomers = new(lab.Store, new() { PublicSuffixes = PublicSuffixList.Empty }); // domains are two labels here
        long start = lab.Truth.GetProperty("t0").GetInt64();
        for (long from = start + 86_400 + 1800; from < start + (119 * 86_400); from += 7 * 86_400)
        {
            foreach ((NewcomerKind kind, Dictionary<DomainName, long> known) in ((NewcomerKind, Dictionary<DomainName, long>)[])[(NewcomerKind.Host, hosts), (NewcomerKind.Domain, domains)])
            {
                SortedSet<string> expected = [.. known.Where(pair => pair.Value >= from).Select(pair => pair.Key.ToString()).Where(name => !uncertain.Contains(name))];
                SortedSet<string> found = [.. (await ListAsync(newcomers.Find(new(new(from, long.MaxValue)) { Kind = kind }))).Select(n => n.Name.ToString()).Where(name => !uncertain.Contains(name))];
                Assert.Equal("", string.Join(' ', expected.Except(found)));
                Assert.Equal("", string.Join(' ', found.Except(expected)));
            }
        }
    }

    [Fact]
    public async Task In_the_recorded_world_each_domain_that_was_registered_is_new_from_its_first_sighting()
    {
        await lab.GetAsync();
        List<Newcomer> found = await ListAsync(new Newcomers(lab.Store).Find(new(new(lab.Truth.GetProperty("t0").GetInt64() + (3 * 86_400), long.MaxValue))));
        int seen = 0;
        foreach (JsonElement change in lab.Truth.GetProperty("changes").EnumerateArray())
        {
            if (!change.TryGetProperty("type", out JsonElement type) || type.GetString() != "NS" || change.GetProperty("before").ValueKind != JsonValueKind.Null) continue;
            JsonElement first = change.GetProperty("observed")[1];
            DomainName name = DomainName.Parse(change.GetProperty("name").GetString()!);
            if (first.ValueKind == JsonValueKind.Null || name.LabelCount != 2 || first.GetInt64() < lab.Truth.GetProperty("t0").GetInt64() + (3 * 86_400)) continue;
            Newcomer newcomer = Assert.Single(found, n => n.Name == name);
            Assert.InRange(newcomer.FirstSeen, change.GetProperty("t").GetInt64(), first.GetInt64() + 2);
            seen++;
        }

        Assert.True(seen > 40, $"{seen} registrations were observed");
    }

    private static TimeWindow From(double day) => new(SmallWorld.Day(day), long.MaxValue);

    private static async Task<List<Newcomer>> ListAsync(AnswerStream<Newcomer> answer)
    {
        List<Newcomer> found = [];
        await foreach (Newcomer newcomer in answer.WithCancellation(TestContext.Current.CancellationToken)) found.Add(newcomer);
        return found;
    }

    private static async Task<MemoryObservationStore> World() => await new SmallWorld()
        .Add("old.com", "NS", "ns1.host.net.", 0, 30, zone: "com")
        .Add("www.old.com", "A", "192.0.2.1", 0, 9)
        .Add("www.old.com", "A", "192.0.2.2", 10, 30) // a new record of an old host
        .Add("shop.old.com", "A", "192.0.2.1", 11, 30) // a new host of an old domain
        .Add("fresh.com", "NS", "ns1.host.net.", 13, 30, zone: "com")
        .Add("www.fresh.com", "A", "192.0.2.3", 12, 30)
        .Add("www.fresh.com", "A", "192.0.2.4", 14, 30)
        .BuildAsync();
}
