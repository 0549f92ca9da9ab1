using System.Text.Json;
using FsCheck.Xunit;
using PassiveDns.Storage;
using PassiveDns.Storage.Conformance;
using PassiveDns.Storage.Memory;

namespace PassiveDns.Analysis.Tests;

public class MailAuthenticationsTests(LabWorld lab)
{
    private const string Key = "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
    private const string KeyDigest = "21fe31dfa154a261626bf854046fd2271b7bed4b6abe45aa58877ef47f9721b9";

    [Fact]
    public async Task All_kinds_are_told_with_their_states()
    {
        MailAuthentication found = Assert.Single(await AskAsync("example.com"));
        Assert.Equal((PublicationState.Published, SpfQualifier.Fail), (found.Spf.State, found.Spf.Record!.All));
        Assert.Equal(["v=spf1 ip4:192.0.2.0/24 ~all", "v=spf1 a mx include:_spf.host.net -all"], found.Spf.Timeline.Select(text => text.Text));
        Assert.Equal(SmallWorld.Day(30), found.Spf.LastSeen);
        Assert.Equal(new("v=spf1 +all", Presence.Of(SmallWorld.Day(3), SmallWorld.Day(4))), Assert.Single(found.HistoricSpf)); // and of no consequence
        Assert.Equal((PublicationState.Multiple, 2), (found.Dmarc.State, found.Dmarc.Texts.Length));
        Assert.Equal(
            [("cn", PublicationState.Published, 1), ("gone", PublicationState.Published, 0), ("s1", PublicationState.Published, 0)],
            found.Dkim.Select(selector => (selector.Selector, selector.Key.State, selector.Key.Aliases.Length)));
        Assert.Equal([DkimKeyState.Usable, DkimKeyState.Revoked, DkimKeyState.Usable], found.Dkim.Select(selector => selector.Key.Record!.State));
        Assert.Equal(KeyDigest, found.Dkim[2].Key.Record!.Sha256);
        Assert.Equal((PublicationState.Invalid, PublicationState.Published, PublicationState.Unknown), (found.TransportPolicy.State, found.TransportReports.State, found.BrandIndicator.State));
        Assert.Contains("RFC 8461", found.TransportPolicy.Problem, StringComparison.Ordinal);
        Assert.All([found.Spf.Evidence, found.Dmarc.Evidence, found.Dkim[0].Key.Evidence], rows => Assert.NotEmpty(rows));
    }

    [Fact]
    public async Task What_a_record_includes_is_followed_and_its_look_ups_are_counted()
    {
        SpfNode root = Assert.Single(await AskAsync("example.com")).SpfGraph;
        Assert.Equal((5, true), (root.Lookups, root.IsComplete)); // a, mx, include; then include and a loop back
        SpfNode host = Assert.Single(root.Nodes);
        Assert.Equal(("_spf.host.net", SpfTermKind.Include), (host.Domain, host.Through));
        Assert.Equal([("net1.host.net", false), ("example.com", true)], host.Nodes.Select(node => (node.Domain, node.IsLoop)));
    }

    [Fact]
    public async Task An_answer_is_as_of_a_time()
    {
        MailAuthentication then = Assert.Single(await AskAsync("example.com", new(long.MinValue, SmallWorld.Day(7))));
        Assert.Equal("v=spf1 ip4:192.0.2.0/24 ~all", then.Spf.Texts.Single());
        Assert.Equal((PublicationState.Unknown, SmallWorld.Day(5)), (then.Dmarc.State, then.Spf.LastSeen)); // it was last observed before
        Assert.Empty(await AskAsync("example.com", new(long.MinValue, SmallWorld.Day(-1))));
        Assert.Empty(await AskAsync("unknown.example"));
    }

    [Fact]
    public async Task Absent_is_what_a_server_denied_or_what_other_texts_were_observed_without()
    {
        string[] lines =
        [
            Denial("_dmarc.shop.org", "name-error", "shop.org", 9, 9), Denial("example.com", "no-data\",\"type\":\"TXT", "example.com", 40, 41), Denial("_smtp._tls.example.com", "name-error", "example.com", 1, 1),
        ];
        AnalysisOptions options = new() { Negatives = NegativeTable.Read(new StringReader(string.Join('\n', lines))) };
        MailAuthentication shop = Assert.Single(await AskAsync("shop.org", options: options));
        Assert.Equal((PublicationState.Absent, PublicationState.Absent), (shop.Spf.State, shop.Dmarc.State));
        Assert.NotEmpty(shop.Spf.Evidence); // another text
        Assert.Single(shop.Dmarc.Denials);
        MailAuthentication gone = Assert.Single(await AskAsync("example.com", options: options));
        Assert.Equal((PublicationState.Absent, 2), (gone.Spf.State, gone.Spf.Timeline.Length)); // the record was removed
        Assert.Equal(PublicationState.Published, gone.TransportReports.State); // it came after the denial

        static string Denial(string name, string kind, string zone, double from, double to) =>
            $$"""{"name":"{{name}}.","kind":"{{kind}}","zone":"{{zone}}.","time_first":{{SmallWorld.Day(from)}},"time_last":{{SmallWorld.Day(to)}}}""";
    }

    [Fact]
    public async Task Every_domain_under_a_name_that_publishes_is_found()
    {
        List<MailAuthentication> found = [];
        await foreach (MailAuthentication one in new MailAuthentications(await World()).Find(new(DomainName.Parse("com")) { IncludeSubtree = true }).WithCancellation(TestContext.Current.CancellationToken)) found.Add(one);
        Assert.Equal(["example.com.", "news.example.com."], found.Select(one => one.Name.ToString()));
        Assert.Equal(PublicationState.Multiple, found[1].InheritedDmarc!.State);
        Assert.Null(found[0].InheritedDmarc);
    }

    [Theory]
    [InlineData("192.0.2.7", -1, "example.com", "ip4:192.0.2.0/24", "example.com TXT")]
    [InlineData("192.0.2.7", 30, null, null, null)] // it changed its record
    [InlineData("198.51.100.9", 30, "example.com", "a", "example.com TXT,example.com A")]
    [InlineData("198.51.100.25", 30, "example.com", "mx", "example.com TXT,example.com MX,mail.example.com A")]
    [InlineData("203.0.113.7", 30, "example.com", "include:_spf.host.net,include:net1.host.net,ip4:203.0.113.0/28", "example.com TXT,_spf.host.net TXT,net1.host.net TXT")]
    [InlineData("::ffff:203.0.113.7", 30, "example.com", "include:_spf.host.net,include:net1.host.net,ip4:203.0.113.0/28", "example.com TXT,_spf.host.net TXT,net1.host.net TXT")]
    public async Task Whose_record_let_an_address_send_is_told_with_the_way(string address, int day, string? domain, string? path, string? evidence)
    {
        Assert.True(HostAddress.TryParse(address, out HostAddress parsed));
        List<SpfAuthorisation> found = await ListAsync(new SpfAuthorisations(await World()).Find(parsed, new(long.MinValue, SmallWorld.Day(day < 0 ? 5 : day))));
        SpfAuthorisation[] own = [.. found.Where(one => one.RegistrableDomain == DomainName.Parse("example.com"))];
        Assert.Equal(domain is null ? [] : [DomainName.Parse(domain)], own.Select(one => one.Name));
        if (path is null) return;
        Assert.Equal(path.Split(','), own[0].Path.Select(step => step.Term));
        Assert.Equal(evidence!.Split(','), own[0].Evidence.Select(row => $"{row.RrName.ToString().TrimEnd('.')} {row.Type}"));
    }

    [Fact]
    public async Task Domains_with_one_key_are_found_also_by_aliases()
    {
        List<DkimKeyUse> uses = [];
        await foreach (DkimKeyUse use in new DkimKeyUses(await World()).Find(KeyDigest.ToUpperInvariant()).WithCancellation(TestContext.Current.CancellationToken)) uses.Add(use);
        Assert.Equal([("example.com.", "cn", 1), ("example.com.", "s1", 0), ("other.net.", "k", 0)], uses.Select(use => (use.Domain.ToString(), use.Selector, use.Aliases.Length)).Order());
        Assert.Equal(Presence.Of(SmallWorld.Day(12), SmallWorld.Day(14)), uses.Single(use => use.Selector == "cn").Presence); // both links at once
        Assert.Throws<ArgumentException>(() => new DkimKeyUses(lab.Store).Find("abc"));
    }

    [Fact]
    public async Task In_the_recorded_world_each_observed_record_is_told_with_its_times_and_each_observed_absence()
    {
        await lab.GetAsync();
        JsonElement truth = lab.Questions.GetProperty("q5_mail_auth");
        int records = 0, absences = 0;
        MailAuthentications mail = new(lab.Store, new() { Negatives = lab.Negatives });
        foreach (JsonProperty domain in truth.GetProperty("observed").EnumerateObject())
        {
            MailAuthentication found = Assert.Single(await ListAsync(mail.Find(new(DomainName.Parse(domain.Name)))));
            records += Check(domain.Value, "spf", owner => found.Spf.Name == owner ? found.Spf.Timeline : []);
            records += Check(domain.Value, "dmarc", owner => found.Dmarc.Name == owner ? found.Dmarc.Timeline : []);
            records += Check(domain.Value, "dkim", owner => [.. found.Dkim.Where(selector => selector.Key.Name == owner).SelectMany(selector => selector.Key.Timeline)]);
            if (!domain.Value.TryGetProperty("dkim_via_cname", out JsonElement aliases)) continue;
            foreach (JsonElement alias in aliases.EnumerateArray())
            {
                DomainName owner = DomainName.Parse(alias.GetProperty("owner").GetString()!);
                Assert.Equal(DomainName.Parse(alias.GetProperty("target").GetString()!), found.Dkim.Single(selector => selector.Key.Name == owner).Key.Aliases[^1]);
                records++;
            }
        }

        foreach (JsonProperty absence in truth.GetProperty("observed_absent").EnumerateObject())
        {
            DomainName owner = DomainName.Parse(absence.Name);
            DomainName domain = MailNames.DomainOf(owner, out string? selector) ?? owner;
            long at = absence.Value[0][0].GetInt64();
            List<MailAuthentication> found = await ListAsync(mail.Find(new(domain) { Window = new(long.MinValue, at) }));
            if (selector is not null) continue; // a selector of which nothing is known makes no line
            Assert.Equal((absence.Name, PublicationState.Absent), (absence.Name, owner == domain ? found.Single().Spf.State : found.Single().Dmarc.State));
            absences++;
        }

        TestContext.Current.SendDiagnosticMessage($"{records} records, {absences} absences");
        Assert.True(records > 350 && absences > 150, $"{records} records, {absences} absences");

        static int Check(JsonElement domain, string kind, Func<DomainName, IEnumerable<PublishedText>> timeline)
        {
            if (!domain.TryGetProperty(kind, out JsonElement expected)) return 0;
            foreach (JsonElement record in expected.EnumerateArray())
            {
                PublishedText? text = timeline(DomainName.Parse(record.GetProperty("owner").GetString()!)).FirstOrDefault(text => text.Text == record.GetProperty("record").GetString());
                Assert.True(text is not null, $"{record.GetProperty("owner")} {kind}");
                Assert.Equal((record.GetProperty("first").GetInt64(), record.GetProperty("last").GetInt64()), (text.Presence.First, text.Presence.Last));
            }

            return expected.GetArrayLength();
        }
    }

    /// <summary>Reverse SPF against a plain walk over the truth: who has the address in a record of his own.</summary>
    [Fact]
    public async Task In_the_recorded_world_all_that_name_an_address_authorise_it()
    {
        await lab.GetAsync();
        Dictionary<string, HashSet<DomainName>> senders = [];
        foreach (JsonProperty domain in lab.Questions.GetProperty("q5_mail_auth").GetProperty("observed").EnumerateObject())
        {
            if (!domain.Value.TryGetProperty("spf", out JsonElement records) || records.GetArrayLength() != 1) continue;
            foreach (string term in records[0].GetProperty("record").GetString()!.Split(' ').Where(term => term.StartsWith("ip4:", StringComparison.Ordinal)))
            {
                if (!senders.TryGetValue(term[4..], out HashSet<DomainName>? domains)) senders.Add(term[4..], domains = []);
                domains.Add(DomainName.Parse(domain.Name));
            }
        }

        Assert.True(senders.Count > 20);
        foreach ((string text, HashSet<DomainName> domains) in senders)
        {
            Assert.True(HostAddress.TryParse(text, out HostAddress address));
            List<SpfAuthorisation> found = await ListAsync(new SpfAuthorisations(lab.Store).Find(address));
            Assert.Superset(domains, found.Select(one => one.Name).ToHashSet());
            Assert.All(found, one => Assert.True(domains.Contains(one.Name) || one.Path[^1].Term is "a" or "mx"));
        }
    }

    /// <summary>Rows that have nothing to do with a question, and the way in which rows came, never change an answer.</summary>
    [Property(Replay = "(42,43)", MaxTest = 60)]
    public async Task Neither_unrelated_rows_nor_the_cut_of_batches_change_an_answer(byte[] seed, byte[] others, byte cut)
    {
        int at = Math.Min(cut, seed.Length) / 3 * 3;
        Assert.Equal(await TellAsync(await StoreAsync(seed)), await TellAsync(await StoreAsync(seed[..at], seed[at..], others)));
    }

    // Three octets make a row; the third batch is of strangers.
    private static async Task<IObservationReader> StoreAsync(params byte[][] batches)
    {
        string[] names = ["a.test", "b.test", "_dmarc.a.test", "s._domainkey.a.test", "t._domainkey.b.test"];
        string[] texts = ["v=spf1 ip4:192.0.2.0/30 include:b.test -all", "v=spf1 mx ?all", "v=DMARC1; p=none", Key, "v=spf1 a:b.test redirect=a.test", "hello"];
        MemoryObservationStore store = new();
        for (int number = 0; number < batches.Length; number++)
        {
            BatchBuilder builder = new();
            for (int i = 0; i + 3 <= batches[number].Length; i += 3)
            {
                ReadOnlySpan<byte> octets = batches[number].AsSpan(i, 3);
                bool isStranger = number == 2;
                long first = SmallWorld.Day(octets[1] % 40);
                string name = isStranger ? $"n{octets[0] % 5}.other" : names[octets[0] % 5];
                (string type, string rdata) = (octets[2] % 8) switch
                {
                    6 => ("A", isStranger ? "198.51.100.1" : "192.0.2.9"),
                    7 => ("MX", isStranger ? "10 n1.other." : "10 b.test."),
                    _ => ("TXT", isStranger ? "\"v=spf1 ip4:198.51.100.0/24 -all\"" : $"\"{texts[octets[2] % 8]}\""),
                };
                builder.Add(name, type, rdata, first, first + ((octets[1] / 40) * 86_400));
            }

            await store.WriteAsync(builder.Build((ulong)number + 1));
        }

        return store;
    }

    private static async Task<List<string>> TellAsync(IObservationReader reader)
    {
        List<string> told = [];
        TimeWindow window = new(long.MinValue, SmallWorld.Day(20));
        foreach (MailAuthentication one in await ListAsync(new MailAuthentications(reader).Find(new(DomainName.Parse("test")) { IncludeSubtree = true, Window = window })))
        {
            told.Add($"{one.Name} {one.Spf.State} {string.Join('|', one.Spf.Texts)} {one.Spf.LastSeen} {one.SpfGraph.Lookups} {one.Dmarc.State} {string.Join('|', one.Dmarc.Timeline.Select(text => text.Presence))}");
            told.AddRange(one.Dkim.Select(selector => $"{selector.Selector} {selector.Key.State} {selector.Key.LastSeen}"));
        }

        foreach (string address in (string[])["192.0.2.1", "192.0.2.9"])
        {
            HostAddress parsed = HostAddress.From(System.Net.IPAddress.Parse(address));
            foreach (SpfAuthorisation one in await ListAsync(new SpfAuthorisations(reader).Find(parsed, window))) told.Add($"{address} {one.Name} {string.Join(' ', one.Path)}");
        }

        foreach (DkimKeyUse use in await ListAsync(new DkimKeyUses(reader).Find(KeyDigest))) told.Add($"{use.Domain} {use.Selector} {string.Join(' ', use.Presence.Stretches)}");
        return told;
    }

    private static async Task<List<MailAuthentication>> AskAsync(string name, TimeWindow? window = null, AnalysisOptions? options = null) =>
        await ListAsync(new MailAuthentications(await World(), options).Find(new(DomainName.Parse(name)) { Window = window ?? TimeWindow.Always }));

    private static async Task<List<T>> ListAsync<T>(AnswerStream<T> answer)
    {
        List<T> found = [];
        await foreach (T one in answer.WithCancellation(TestContext.Current.CancellationToken)) found.Add(one);
        return found;
    }

    private static async Task<IObservationReader> World() => await new SmallWorld()
        .Add("example.com", "TXT", "\"v=spf1 ip4:192.0.2.0/24 ~all\"|\"some=verification\"", 0, 5)
        .Add("example.com", "TXT", "\"v=spf1 a mx\" \" include:_spf.host.net -all\"", 10, 30) // two strings, joined without a blank between them
        .Add("example.com", "A", "198.51.100.9", 0, 30)
        .Add("example.com", "MX", "10 mail.example.com.", 0, 30)
        .Add("mail.example.com", "A", "198.51.100.25", 0, 30)
        .Add("_spf.host.net", "TXT", "\"v=spf1 include:net1.host.net include:example.com ~all\"", 0, 30)
        .Add("net1.host.net", "TXT", "\"v=spf1 ip4:203.0.113.0/28 ?all\"", 0, 30)
        .Add("_dmarc.example.com", "TXT", "\"v=DMARC1; p=none\"|\"v=DMARC1; p=reject\"", 10, 30)
        .Add("s1._domainkey.example.com", "TXT", $"\"{Key[..20]}\" \"{Key[20..]}\"", 0, 30)
        .Add("gone._domainkey.example.com", "TXT", "\"v=DKIM1; p=\"", 0, 30)
        .Add("wild._domainkey.example.com", "TXT", "\"v=spf1 -all\"", 0, 30) // a wildcard's
        .Add("cn._domainkey.example.com", "CNAME", "k._domainkey.other.net.", 12, 20)
        .Add("k._domainkey.other.net", "TXT", $"\"{Key}\"", 0, 14)
        .Add("_mta-sts.example.com", "TXT", "\"v=STSv1; id=not/valid\"", 0, 30)
        .Add("_smtp._tls.example.com", "TXT", "\"v=TLSRPTv1; rua=mailto:t@example.com\"", 5, 30)
        .Add("example.com", "SPF", "\"v=spf1 +all\"", 3, 4)
        .Add("news.example.com", "TXT", "\"v=spf1 -all\"", 0, 30)
        .Add("shop.org", "TXT", "\"hello\"", 0, 30)
        .BuildAsync();
}
