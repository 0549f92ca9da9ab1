using System.Net;

namespace PassiveDns.Storage.Tests;

public abstract partial class StoreBehaviour
{
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

    [Fact]
    public async Task An_owner_name_finds_its_rrsets_in_the_order_of_type_and_bailiwick()
    {
        Answer answer = await Answer.ReadAsync(await Zoo(), new QueryAnchor.OwnerName(Name("Example.COM")));
        Assert.Equal(
            [
                "example.com. NS ns1.dns.example. ns2.dns.example.", "example.com. NS ns1.dns.example. ns2.dns.example.",
                "example.com. SOA ns1.dns.example. admin.example.com. 1 2 3 4 5", "example.com. MX 10 mail.example.com. 20 mail.dns.example.",
                "example.com. TXT \"another\" \"v=spf1 -all\"",
            ],
            answer.Texts);
        Assert.Equal(["com.", "example.com."], answer.Rows.Take(2).Select(row => row.Bailiwick.ToString()));
        Assert.Equal(Completeness.Exact, answer.Completeness);
        Assert.Equal(1_000_000, answer.AsOf);
    }

    [Fact]
    public async Task A_name_that_nobody_saw_gives_one_empty_exact_page()
    {
        Answer answer = await Answer.ReadAsync(await Zoo(), new QueryAnchor.OwnerName(Name("nowhere.example.com")));
        Assert.Empty(answer.Rows);
        Assert.Equal(Completeness.Exact, answer.Completeness);
        Assert.Null((await Answer.ReadAsync(NewStore(), new QueryAnchor.Everything())).AsOf);
    }

    [Theory]
    [InlineData("example.com", "example.com. a.b.example.com. www.example.com.")] // and not badexample.com
    [InlineData("b.example.com", "a.b.example.com.")]
    [InlineData("com", "badexample.com. www.badexample.com. example.com. a.b.example.com. www.example.com.")]
    [InlineData("ample.com", "")]
    [InlineData("example", "www.example.")]
    [InlineData("tcp.example.net", "")]
    public async Task A_subtree_ends_at_label_borders(string apex, string owners)
    {
        Answer answer = await Answer.ReadAsync(await Zoo(), new QueryAnchor.Subtree(Name(apex)));
        Assert.Equal(
            owners.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(),
            answer.Rows.Select(row => row.RrName.ToString()).Distinct().Order());
        Assert.Equal(answer.Rows.Select(row => row.RrName), answer.Rows.Select(row => row.RrName).Order());
    }

    [Fact]
    public async Task The_subtree_of_the_root_is_everything()
    {
        IObservationStore store = await Zoo();
        Answer everything = await Answer.ReadAsync(store, new QueryAnchor.Everything());
        Assert.Equal(everything.Rows, (await Answer.ReadAsync(store, new QueryAnchor.Subtree(DomainName.Root))).Rows);
        Assert.Equal(16, everything.Rows.Count); // all but the DS set
        Assert.Single((await Answer.ReadAsync(store, new QueryAnchor.OwnerName(DomainName.Root))).Rows);
    }

    [Fact]
    public async Task A_name_prefix_ends_at_label_borders()
    {
        Answer answer = await Answer.ReadAsync(await Zoo(), new QueryAnchor.NamePrefix(Name("www.example")));
        Assert.Equal(
            ["www.example.", "www.example.com.", "www.example.com.", "www.example.org."], answer.Rows.Select(row => row.RrName.ToString()).Order());
    }

    [Theory]
    [InlineData("ns1.dns.example", false, "example.com. NS ns1.dns.example.|example.com. NS ns1.dns.example.|example.com. SOA ns1.dns.example. admin.example.com. 1 2 3 4 5")]
    [InlineData("www.example.com", false, "a.b.example.com. CNAME www.example.com.")]
    [InlineData("mail.example.com", false, "example.com. MX 10 mail.example.com.")]
    [InlineData("dns.example", false, "")]
    [InlineData("dns.example", true, "_sip._tcp.example.net. SRV 1 2 5060 sip.dns.example.|example.com. MX 20 mail.dns.example.|example.com. NS ns1.dns.example.|example.com. NS ns1.dns.example.|example.com. NS ns2.dns.example.|example.com. NS ns2.dns.example.|example.com. SOA ns1.dns.example. admin.example.com. 1 2 3 4 5")]
    [InlineData("s.example", true, "")]
    public async Task A_target_finds_single_records_that_point_to_it(string target, bool subtree, string found)
    {
        Answer answer = await Answer.ReadAsync(await Zoo(), new QueryAnchor.Target(Name(target), subtree));
        Assert.Equal(found.Split('|', StringSplitOptions.RemoveEmptyEntries).Order(), answer.Texts.Order());
    }

    [Fact]
    public async Task A_target_can_be_asked_for_with_a_type()
    {
        ObservationQuery query = new(new QueryAnchor.Target(Name("ns1.dns.example"))) { Types = TypeSelection.Of(RecordType.SOA, RecordType.A, RecordType.SOA) };
        Assert.Equal(["example.com. SOA ns1.dns.example. admin.example.com. 1 2 3 4 5"], (await Answer.ReadAsync(await Zoo(), query)).Texts);
    }

    [Theory]
    [InlineData("192.0.2.1/32", "example.net. A 192.0.2.1|www.example.com. A 192.0.2.1")]
    [InlineData("192.0.2.0/30", "badexample.com. A 192.0.2.3|example.net. A 192.0.2.1|www.example.com. A 192.0.2.1|www.example.com. A 192.0.2.2")]
    [InlineData("192.0.2.4/30", "")]
    [InlineData("255.255.255.255/32", "www.examples.org. A 255.255.255.255")]
    [InlineData("0.0.0.0/0", "badexample.com. A 192.0.2.3|example.net. A 192.0.2.1|www.badexample.com. A 198.51.100.1|www.example. A 203.0.113.7|www.example.com. A 192.0.2.1|www.example.com. A 192.0.2.2|www.examples.org. A 255.255.255.255")]
    [InlineData("::/0", "www.example.com. AAAA 2001:db8::1")]
    [InlineData("2001:db8::1/128", "www.example.com. AAAA 2001:db8::1")]
    [InlineData("2001:db8::2/128", "")]
    public async Task A_network_finds_single_addresses(string network, string found)
    {
        Answer answer = await Answer.ReadAsync(await Zoo(), QueryAnchor.Network(IPNetwork.Parse(network)));
        Assert.Equal(found.Split('|', StringSplitOptions.RemoveEmptyEntries), answer.Texts.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("192.0.2.2", "198.51.100.1", 3)]
    [InlineData("192.0.2.3", "192.0.2.3", 1)]
    [InlineData("203.0.113.8", "255.255.255.255", 1)]
    [InlineData("203.0.113.8", "255.255.255.254", 0)]
    [InlineData("2001:db8::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 1)]
    public async Task A_range_of_addresses_need_not_be_a_network(string first, string last, int found)
    {
        QueryAnchor anchor = new QueryAnchor.AddressRange(HostAddress.From(IPAddress.Parse(first)), HostAddress.From(IPAddress.Parse(last)));
        Assert.Equal(found, (await Answer.ReadAsync(await Zoo(), anchor)).Rows.Count);
    }

    [Theory]
    [InlineData("1.0.0.2", "1.0.0.1")]
    [InlineData("1.0.0.2", "::3")]
    public async Task A_range_upside_down_is_refused(string first, string last)
    {
        IObservationStore store = await Zoo();
        QueryAnchor anchor = new QueryAnchor.AddressRange(HostAddress.From(IPAddress.Parse(first)), HostAddress.From(IPAddress.Parse(last)));
        await Assert.ThrowsAsync<ArgumentException>(() => Answer.ReadAsync(store, anchor));
    }

    [Theory]
    [InlineData("TXT", "0b763d73706631202d616c6c", false, "example.com. TXT \"v=spf1 -all\"")]
    [InlineData("TXT", "0b763d73706631", true, "example.com. TXT \"v=spf1 -all\"")]
    [InlineData("TXT", "0b763d73706631", false, "")]
    [InlineData("TXT", "", true, "example.com. TXT \"another\"|example.com. TXT \"v=spf1 -all\"")]
    [InlineData("A", "c0000201", false, "example.net. A 192.0.2.1|www.example.com. A 192.0.2.1")]
    [InlineData("A", "c633", true, "www.badexample.com. A 198.51.100.1")]
    [InlineData("A", "c0000201c0", true, "")]
    [InlineData("AAAA", "20", true, "www.example.com. AAAA 2001:db8::1")]
    [InlineData("NS", "036e733103646e73076578616d706c6500", false, "example.com. NS ns1.dns.example.|example.com. NS ns1.dns.example.")]
    [InlineData("NS", "036e7331", true, "example.com. NS ns1.dns.example.|example.com. NS ns1.dns.example.")]
    [InlineData("MX", "000a", true, "example.com. MX 10 mail.example.com.")]
    [InlineData("MX", "000a046d61696c076578616d706c6503636f6d00", false, "example.com. MX 10 mail.example.com.")]
    [InlineData("MX", "000b046d61696c076578616d706c6503636f6d00", false, "")]
    [InlineData("TYPE65280", "010200", false, "www.example.org. TYPE65280 \\# 3 010200")]
    [InlineData("TYPE65280", "01", true, "www.example.org. TYPE65280 \\# 3 010200")]
    [InlineData("TYPE65280", "0102", false, "")]
    [InlineData("DS", "3039", true, "example.com. DS 12345 13 2 3A2C7E62E7AC0FD4A6AC6F6C6B7E7D0C2CC65F7E9B0D7AB26B1E47E2A3CC0E8F")]
    public async Task Raw_rdata_finds_single_records(string type, string hex, bool prefix, string found)
    {
        QueryAnchor anchor = new QueryAnchor.RawRdata(BatchBuilder.Type(type), Convert.FromHexString(hex), prefix);
        Answer answer = await Answer.ReadAsync(await Zoo(), anchor);
        Assert.Equal(found.Split('|', StringSplitOptions.RemoveEmptyEntries), answer.Texts.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Single_records_have_a_history_of_their_own_over_all_sets_that_held_them()
    {
        IObservationStore store = await StoreWith(new BatchBuilder()
            .Add("pool.example.com", "A", "192.0.2.1|192.0.2.2", 1_000, 2_000, 3)
            .Add("pool.example.com", "A", "192.0.2.2|192.0.2.3", 5_000, 6_000, 4));
        Answer both = await Answer.ReadAsync(store, QueryAnchor.Address(HostAddress.From(IPAddress.Parse("192.0.2.2"))));
        Observation row = Assert.Single(both.Rows);
        Assert.Equal((1_000, 6_000, 7), (row.History.FirstSeen, row.History.LastSeen, row.History.Count));
        Answer one = await Answer.ReadAsync(store, QueryAnchor.Address(HostAddress.From(IPAddress.Parse("192.0.2.3"))));
        Assert.Equal((5_000, 6_000, 4), (one.Rows[0].History.FirstSeen, one.Rows[0].History.LastSeen, one.Rows[0].History.Count));
        Assert.Equal(2, (await Answer.ReadAsync(store, new QueryAnchor.OwnerName(Name("pool.example.com")))).Rows.Count);
    }

    [Fact]
    public async Task A_window_finds_rows_by_their_first_sighting()
    {
        IObservationStore store = await StoreWith(new BatchBuilder()
            .Add("a.example.com", "A", "192.0.2.1", 999).Add("b.example.com", "A", "192.0.2.1", 1_000, 9_000)
            .Add("c.example.com", "A", "192.0.2.1", 2_000).Add("d.example.com", "A", "192.0.2.1", 2_001));
        Answer answer = await Answer.ReadAsync(store, new QueryAnchor.FirstSeen(1_000, 2_000));
        Assert.Equal(["b.example.com.", "c.example.com."], answer.Rows.Select(row => row.RrName.ToString()));
    }
}
