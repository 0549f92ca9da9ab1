using System.Net;

namespace PassiveDns.Storage.Conformance;

internal sealed partial class CaseRun
{
    internal static ConformanceCase[] Anchors =>
    [
        new("anchors", "An owner name finds its rrsets in the order of type and bailiwick", static run => run.AnOwnerNameFindsItsRrsetsInTheOrderOfTypeAndBailiwick()),
        new("anchors", "Rrsets of DNSSEC types stand among the others in the order of keys", static run => run.RrsetsOfDnssecTypesStandAmongTheOthersInTheOrderOfKeys()),
        new("anchors", "A name that nobody saw gives one empty exact page", static run => run.ANameThatNobodySawGivesOneEmptyExactPage()),
        .. Each<(string Apex, string Owners)>("anchors", "A subtree ends at label borders", static (run, given) => run.ASubtreeEndsAtLabelBorders(given.Apex, given.Owners),
        [
            ("example.com", "example.com. a.b.example.com. www.example.com."), // and not badexample.com
            ("b.example.com", "a.b.example.com."),
            ("com", "badexample.com. www.badexample.com. example.com. a.b.example.com. www.example.com."),
            ("ample.com", ""),
            ("example", "www.example."),
            ("tcp.example.net", ""),
        ]),
        new("anchors", "The subtree of the root is everything", static run => run.TheSubtreeOfTheRootIsEverything()),
        .. Prefixes,
        .. Each<(string Target, bool Subtree, string Found)>("anchors", "A target finds single records that point to it", static (run, given) => run.ATargetFindsSingleRecordsThatPointToIt(given.Target, given.Subtree, given.Found),
        [
            ("ns1.dns.example", false, "example.com. NS ns1.dns.example.|example.com. NS ns1.dns.example.|example.com. SOA ns1.dns.example. admin.example.com. 1 2 3 4 5"),
            ("www.example.com", false, "a.b.example.com. CNAME www.example.com."),
            ("mail.example.com", false, "example.com. MX 10 mail.example.com."),
            ("dns.example", false, ""),
            ("dns.example", true, "_sip._tcp.example.net. SRV 1 2 5060 sip.dns.example.|example.com. MX 20 mail.dns.example.|example.com. NS ns1.dns.example.|example.com. NS ns1.dns.example.|example.com. NS ns2.dns.example.|example.com. NS ns2.dns.example.|example.com. SOA ns1.dns.example. admin.example.com. 1 2 3 4 5"),
            ("s.example", true, ""),
        ]),
        new("anchors", "A target can be asked for with a type", static run => run.ATargetCanBeAskedForWithAType()),
        .. Each<(string Network, string Found)>("anchors", "A network finds single addresses", static (run, given) => run.ANetworkFindsSingleAddresses(given.Network, given.Found),
        [
            ("192.0.2.1/32", "example.net. A 192.0.2.1|www.example.com. A 192.0.2.1"),
            ("192.0.2.0/30", "badexample.com. A 192.0.2.3|example.net. A 192.0.2.1|www.example.com. A 192.0.2.1|www.example.com. A 192.0.2.2"),
            ("192.0.2.4/30", ""),
            ("255.255.255.255/32", "www.examples.org. A 255.255.255.255"),
            ("0.0.0.0/0", "badexample.com. A 192.0.2.3|example.net. A 192.0.2.1|www.badexample.com. A 198.51.100.1|www.example. A 203.0.113.7|www.example.com. A 192.0.2.1|www.example.com. A 192.0.2.2|www.examples.org. A 255.255.255.255"),
            ("::/0", "www.example.com. AAAA 2001:db8::1"),
            ("2001:db8::1/128", "www.example.com. AAAA 2001:db8::1"),
            ("2001:db8::2/128", ""),
        ]),
        .. Each<(string First, string Last, int Found)>("anchors", "A range of addresses need not be a network", static (run, given) => run.ARangeOfAddressesNeedNotBeANetwork(given.First, given.Last, given.Found),
        [
            ("192.0.2.2", "198.51.100.1", 3),
            ("192.0.2.3", "192.0.2.3", 1),
            ("203.0.113.8", "255.255.255.255", 1),
            ("203.0.113.8", "255.255.255.254", 0),
            ("2001:db8::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 1),
        ]),
        .. Each<(string First, string Last)>("anchors", "A range upside down is refused", static (run, given) => run.ARangeUpsideDownIsRefused(given.First, given.Last),
        [
            ("1.0.0.2", "1.0.0.1"),
            ("1.0.0.2", "::3"),
        ]),
        .. Each<(string Type, string Hex, bool Prefix, string Found)>("anchors", "Raw rdata finds single records", static (run, given) => run.RawRdataFindsSingleRecords(given.Type, given.Hex, given.Prefix, given.Found),
        [
            ("TXT", "0b763d73706631202d616c6c", false, "example.com. TXT \"v=spf1 -all\""),
            ("TXT", "0b763d73706631", true, "example.com. TXT \"v=spf1 -all\""),
            ("TXT", "0b763d73706631", false, ""),
            ("TXT", "", true, "example.com. TXT \"another\"|example.com. TXT \"v=spf1 -all\""),
            ("A", "c0000201", false, "example.net. A 192.0.2.1|www.example.com. A 192.0.2.1"),
            ("A", "c633", true, "www.badexample.com. A 198.51.100.1"),
            ("A", "c0000201c0", true, ""),
            ("AAAA", "20", true, "www.example.com. AAAA 2001:db8::1"),
            ("NS", "036e733103646e73076578616d706c6500", false, "example.com. NS ns1.dns.example.|example.com. NS ns1.dns.example."),
            ("NS", "036e7331", true, "example.com. NS ns1.dns.example.|example.com. NS ns1.dns.example."),
            ("MX", "000a", true, "example.com. MX 10 mail.example.com."),
            ("MX", "000a046d61696c076578616d706c6503636f6d00", false, "example.com. MX 10 mail.example.com."),
            ("MX", "000b046d61696c076578616d706c6503636f6d00", false, ""),
            ("TYPE65280", "010200", false, "www.example.org. TYPE65280 \\# 3 010200"),
            ("TYPE65280", "01", true, "www.example.org. TYPE65280 \\# 3 010200"),
            ("TYPE65280", "0102", false, ""),
            ("DS", "3039", true, "example.com. DS 12345 13 2 3A2C7E62E7AC0FD4A6AC6F6C6B7E7D0C2CC65F7E9B0D7AB26B1E47E2A3CC0E8F"),
        ]),
        new("anchors", "Single records have a history of their own over all sets that held them", static run => run.SingleRecordsHaveAHistoryOfTheirOwnOverAllSetsThatHeldThem()),
        new("anchors", "A window finds rows by their first sighting", static run => run.AWindowFindsRowsByTheirFirstSighting()),
        .. Each<(long From, long To, string Found)>("anchors", "A window finds rows with an interval that begins or ends in it", static (run, given) => run.AWindowFindsRowsWithAnIntervalThatBeginsOrEndsInIt(given.From, given.To, given.Found),
        [
            (0, 5 * Day - 1, ""),
            (5 * Day, 5 * Day, "a b"), // both begin, and the first is over in one sighting
            (5 * Day + 1, 9 * Day - 1, ""), // nothing changes while b is seen
            (9 * Day, 9 * Day, "b"),
            (11 * Day + 1, 20 * Day - 1, ""),
            (9 * Day + 1, 20 * Day, "c"), // c comes back within its silence
            (20 * Day, 20 * Day, "c"),
            (21 * Day, 21 * Day, "c"),
            (21 * Day + 1, 21 * Day + 3599, ""),
            (21 * Day + 3599, 21 * Day + 3601, "d"),
            (21 * Day + 3601, 40 * Day, ""),
            (0, long.MaxValue, "a b c d"),
        ]),
        new("anchors", "The changes of a row are those of all its versions merged", static run => run.TheChangesOfARowAreThoseOfAllItsVersionsMerged()),
        new("anchors", "A window upside down is refused", static run => run.AWindowUpsideDownIsRefused()),
    ];

    private Task<IObservationStore> Zoo() => StoreWith(new BatchBuilder()
        .Add("example.com", "NS", "ns1.dns.example.|ns2.dns.example.")
        .Add("example.com", "NS", "ns1.dns.example.|ns2.dns.example.", bailiwick: "com")
        .Add("example.com", "SOA", "ns1.dns.example. admin.example.com. 1 2 3 4 5")
        .Add("example.com", "MX", "10 mail.example.com.|20 mail.dns.example.")
        .Add("example.com", "DS", "12345 13 2 3A2C7E62E7AC0FD4A6AC6F6C6B7E7D0C2CC65F7E9B0D7AB26B1E47E2A3CC0E8F")
        .Add("example.com", "TXT", "\"v=spf1 -all\"|\"another\"")
        .Add("www.example.com", "A", "192.0.2.1|192.0.2.2")
        .Add("www.example.com", "AAAA", "2001:db8::1")
        .Add("a.b.example.com", "CNAME", "www.example.com.")
        .Add("badexample.com", "A", "192.0.2.3")
        .Add("www.badexample.com", "A", "198.51.100.1")
        .Add("example.net", "A", "192.0.2.1")
        .Add("www.example", "A", "203.0.113.7", bailiwick: "example")
        .Add("www.example.org", "TYPE65280", "\\# 3 010200")
        .Add("www.examples.org", "A", "255.255.255.255")
        .Add("_sip._tcp.example.net", "SRV", "1 2 5060 sip.dns.example.")
        .Add(".", "NS", "a.root-servers.net."));

    private async Task AnOwnerNameFindsItsRrsetsInTheOrderOfTypeAndBailiwick()
    {
        Answer answer = await Answer.ReadAsync(await Zoo(), new QueryAnchor.OwnerName(Name("Example.COM")));
        Expect.Equal(
            [
                "example.com. NS ns1.dns.example. ns2.dns.example.", "example.com. NS ns1.dns.example. ns2.dns.example.",
                "example.com. SOA ns1.dns.example. admin.example.com. 1 2 3 4 5", "example.com. MX 10 mail.example.com. 20 mail.dns.example.",
                "example.com. TXT \"another\" \"v=spf1 -all\"",
            ],
            answer.Texts);
        Expect.Equal(["com.", "example.com."], answer.Rows.Take(2).Select(row => row.Bailiwick.ToString()));
        Expect.Equal(Completeness.Exact, answer.Completeness);
        Expect.Equal(1_000_000, answer.AsOf);
    }

    private async Task RrsetsOfDnssecTypesStandAmongTheOthersInTheOrderOfKeys()
    {
        BatchBuilder rows = new();
        foreach (string name in new[] { "a.example.com", "b.example.com", "example.com" })
        {
            rows.Add(name, "DNSKEY", "256 3 13 AAAA").Add(name, "NS", "ns.example.com.").Add(name, "TYPE65280", "\\# 1 01").Add(name, "DS", "1 13 99 00").Add(name, "TXT", "\"x\"");
        }

        IObservationStore store = await StoreWith(rows);
        string[] types = ["NS", "TXT", "DS", "DNSKEY", "TYPE65280"]; // by their numbers
        string[] all = [.. new[] { "example.com.", "a.example.com.", "b.example.com." }.SelectMany(name => types.Select(type => $"{name} {type}"))];
        foreach ((TypeSelection selection, string[] wanted) in new[]
        {
            (TypeSelection.All, types), (TypeSelection.Any, ["NS", "TXT", "TYPE65280"]), (TypeSelection.AnyDnssec, ["DS", "DNSKEY"]),
            (TypeSelection.Of(RecordType.DNSKEY, RecordType.NS), ["NS", "DNSKEY"]), (TypeSelection.Of(RecordType.DS), ["DS"]),
        })
        {
            foreach (QueryAnchor anchor in new QueryAnchor[] { new QueryAnchor.Subtree(Name("example.com")), new QueryAnchor.Everything(), new QueryAnchor.Changed(0, 2_000_000) })
            {
                List<string> walked = [];
                string? continuation = null;
                do
                {
                    Answer part = await Answer.ReadAsync(store, new ObservationQuery(anchor) { Types = selection, Limit = 2, Continuation = continuation }, cancellationToken);
                    walked.AddRange(part.Rows.Select(row => $"{row.RrName} {RecordTypeNames.Format(row.Type)}"));
                    continuation = part.Continuation;
                }
                while (continuation is not null);
                Expect.Equal(all.Where(row => wanted.Contains(row.Split(' ')[1])), walked);
            }
        }

        Expect.Equal(15, (await store.GetStatusAsync(cancellationToken)).Rows);
    }

    private async Task ANameThatNobodySawGivesOneEmptyExactPage()
    {
        Answer answer = await Answer.ReadAsync(await Zoo(), new QueryAnchor.OwnerName(Name("nowhere.example.com")));
        Expect.Empty(answer.Rows);
        Expect.Equal(Completeness.Exact, answer.Completeness);
        Expect.Null((await Answer.ReadAsync(await NewStoreAsync(), new QueryAnchor.Everything())).AsOf);
    }

    private async Task ASubtreeEndsAtLabelBorders(string apex, string owners)
    {
        Answer answer = await Answer.ReadAsync(await Zoo(), new QueryAnchor.Subtree(Name(apex)));
        Expect.Equal(
            owners.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(),
            answer.Rows.Select(row => row.RrName.ToString()).Distinct().Order());
        Expect.Equal(answer.Rows.Select(row => row.RrName), answer.Rows.Select(row => row.RrName).Order());
    }

    private async Task TheSubtreeOfTheRootIsEverything()
    {
        IObservationStore store = await Zoo();
        Answer everything = await Answer.ReadAsync(store, new QueryAnchor.Everything());
        Expect.Equal(everything.Rows, (await Answer.ReadAsync(store, new QueryAnchor.Subtree(DomainName.Root))).Rows);
        Expect.Equal(16, everything.Rows.Count); // all but the DS set
        Expect.Single((await Answer.ReadAsync(store, new QueryAnchor.OwnerName(DomainName.Root))).Rows);
    }

    private async Task ATargetFindsSingleRecordsThatPointToIt(string target, bool subtree, string found)
    {
        Answer answer = await Answer.ReadAsync(await Zoo(), new QueryAnchor.Target(Name(target), subtree));
        Expect.Equal(found.Split('|', StringSplitOptions.RemoveEmptyEntries).Order(), answer.Texts.Order());
    }

    private async Task ATargetCanBeAskedForWithAType()
    {
        ObservationQuery query = new(new QueryAnchor.Target(Name("ns1.dns.example"))) { Types = TypeSelection.Of(RecordType.SOA, RecordType.A, RecordType.SOA) };
        Expect.Equal(["example.com. SOA ns1.dns.example. admin.example.com. 1 2 3 4 5"], (await Answer.ReadAsync(await Zoo(), query)).Texts);
    }

    private async Task ANetworkFindsSingleAddresses(string network, string found)
    {
        Answer answer = await Answer.ReadAsync(await Zoo(), QueryAnchor.Network(IPNetwork.Parse(network)));
        Expect.Equal(found.Split('|', StringSplitOptions.RemoveEmptyEntries), answer.Texts.Order(StringComparer.Ordinal));
    }

    private async Task ARangeOfAddressesNeedNotBeANetwork(string first, string last, int found)
    {
        QueryAnchor anchor = new QueryAnchor.AddressRange(HostAddress.From(IPAddress.Parse(first)), HostAddress.From(IPAddress.Parse(last)));
        Expect.Equal(found, (await Answer.ReadAsync(await Zoo(), anchor)).Rows.Count);
    }

    private async Task ARangeUpsideDownIsRefused(string first, string last)
    {
        IObservationStore store = await Zoo();
        QueryAnchor anchor = new QueryAnchor.AddressRange(HostAddress.From(IPAddress.Parse(first)), HostAddress.From(IPAddress.Parse(last)));
        await Expect.ThrowsAsync<ArgumentException>(() => Answer.ReadAsync(store, anchor));
    }

    private async Task RawRdataFindsSingleRecords(string type, string hex, bool prefix, string found)
    {
        QueryAnchor anchor = new QueryAnchor.RawRdata(BatchBuilder.Type(type), Convert.FromHexString(hex), prefix);
        Answer answer = await Answer.ReadAsync(await Zoo(), anchor);
        Expect.Equal(found.Split('|', StringSplitOptions.RemoveEmptyEntries), answer.Texts.Order(StringComparer.Ordinal));
    }

    private async Task SingleRecordsHaveAHistoryOfTheirOwnOverAllSetsThatHeldThem()
    {
        IObservationStore store = await StoreWith(new BatchBuilder()
            .Add("pool.example.com", "A", "192.0.2.1|192.0.2.2", 1_000, 2_000, 3)
            .Add("pool.example.com", "A", "192.0.2.2|192.0.2.3", 5_000, 6_000, 4));
        Answer both = await Answer.ReadAsync(store, QueryAnchor.Address(HostAddress.From(IPAddress.Parse("192.0.2.2"))));
        Observation row = Expect.Single(both.Rows);
        Expect.Equal((1_000, 6_000, 7), (row.History.FirstSeen, row.History.LastSeen, row.History.Count));
        Answer one = await Answer.ReadAsync(store, QueryAnchor.Address(HostAddress.From(IPAddress.Parse("192.0.2.3"))));
        Expect.Equal((5_000, 6_000, 4), (one.Rows[0].History.FirstSeen, one.Rows[0].History.LastSeen, one.Rows[0].History.Count));
        Expect.Equal(2, (await Answer.ReadAsync(store, new QueryAnchor.OwnerName(Name("pool.example.com")))).Rows.Count);
    }

    private async Task AWindowFindsRowsByTheirFirstSighting()
    {
        IObservationStore store = await StoreWith(new BatchBuilder()
            .Add("a.example.com", "A", "192.0.2.1", 999).Add("b.example.com", "A", "192.0.2.1", 1_000, 9_000)
            .Add("c.example.com", "A", "192.0.2.1", 2_000).Add("d.example.com", "A", "192.0.2.1", 2_001));
        Answer answer = await Answer.ReadAsync(store, new QueryAnchor.FirstSeen(1_000, 2_000));
        Expect.Equal(["b.example.com.", "c.example.com."], answer.Rows.Select(row => row.RrName.ToString()));
    }

    private async Task AWindowFindsRowsWithAnIntervalThatBeginsOrEndsInIt(long from, long to, string found)
    {
        IObservationStore store = await StoreWith(new BatchBuilder()
            .Add("a.example.com", "A", "192.0.2.1", 5 * Day).Add("b.example.com", "A", "192.0.2.1", 5 * Day, 9 * Day)
            .Add("c.example.com", "A", "192.0.2.1", 10 * Day, 11 * Day).Add("d.example.com", "A", "192.0.2.1", 21 * Day + 3600));
        await store.WriteAsync(new BatchBuilder().Add("c.example.com", "A", "192.0.2.1", 20 * Day, 21 * Day).Build(2), cancellationToken);
        await CompactAsync(store);
        Expect.Equal(
            found.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(label => $"{label}.example.com."), await ChangedAsync(store, from, to));
    }

    private async Task TheChangesOfARowAreThoseOfAllItsVersionsMerged()
    {
        IObservationStore store = await NewStoreAsync();
        ulong sequence = 0;
        foreach (long day in new[] { 10, 30, 11, 31 })
        {
            BatchBuilder rows = new BatchBuilder().Add("a.example.com", "A", "192.0.2.1", day * Day, day * Day + 7200).Add("b.example.com", "A", "192.0.2.2", 12 * Day);
            await store.WriteAsync(rows.Build(++sequence), cancellationToken);
            if (sequence == 2) await CompactAsync(store);
        }

        foreach (bool compacted in new[] { false, true })
        {
            if (compacted) await CompactAsync(store);
            Expect.Equal(["a.example.com."], await ChangedAsync(store, 10 * Day, 10 * Day + 7199));
            Expect.Empty(await ChangedAsync(store, 10 * Day + 7200, 11 * Day + 7199)); // the version of day 10 ends here, the row goes on
            Expect.Equal(["a.example.com."], await ChangedAsync(store, 11 * Day + 7200, 12 * Day - 1));
            Expect.Equal(["b.example.com."], await ChangedAsync(store, 12 * Day, 30 * Day - 1));
            Expect.Empty(await ChangedAsync(store, 30 * Day + 1, 31 * Day + 7199));
            Answer first = await Answer.ReadAsync(store, new QueryAnchor.FirstSeen(30 * Day, 31 * Day)); // a version is first seen here, its row was before
            Expect.Empty(first.Rows);
            Answer all = await Answer.ReadAsync(store, new QueryAnchor.Changed(31 * Day, 32 * Day));
            Expect.Equal((2, 4), (Expect.Single(all.Rows).History.Intervals.Length, all.Rows[0].History.Count)); // the whole history, not what lies in the window
        }
    }

    private static async Task<string[]> ChangedAsync(IObservationStore store, long from, long to) =>
        [.. (await Answer.ReadAsync(store, new QueryAnchor.Changed(from, to))).Rows.Select(row => row.RrName.ToString())];

    private async Task AWindowUpsideDownIsRefused()
    {
        IObservationStore store = await Zoo();
        await Expect.ThrowsAsync<ArgumentException>(() => Answer.ReadAsync(store, new QueryAnchor.Changed(2, 1)));
        await Expect.ThrowsAsync<ArgumentException>(() => Answer.ReadAsync(store, new QueryAnchor.FirstSeen(2, 1)));
    }
}
