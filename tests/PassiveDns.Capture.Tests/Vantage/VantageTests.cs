using System.Net;

namespace PassiveDns.Capture.Tests;

/// <summary>What may be observed, and what must never come out.</summary>
public class VantageTests
{
    private const string Client = "10.1.2.3";
    private const string OtherResolver = "192.0.2.54";

    [Fact]
    public void A_resolvers_own_exchange_with_a_server_is_observed()
    {
        Decoding decoding = new(Decoding.Vantage());
        decoding.Add(Wire.Query(1, "example.org"));
        decoding.Add(Wire.Response(1, "example.org"));
        decoding.Complete();
        ObservedResponse observed = Assert.Single(decoding.Observed);
        Assert.Equal(Wire.Server, observed.Server.ToString());
        Assert.Equal(Wire.Message(1, "example.org", true), observed.Octets);
    }

    [Theory]
    [InlineData(0x0000)] // RD=0: a client that looks into the cache
    [InlineData(0x0100)]
    public void What_a_client_and_a_configured_resolver_say_never_comes_out(int flags)
    {
        Decoding decoding = new(Decoding.Vantage());
        decoding.Add(Wire.Query(1, "example.org", flags: flags, from: Client, to: Wire.Resolver));
        decoding.Add(Wire.Response(1, "example.org", flags: flags | 0x0080, from: Wire.Resolver, to: Client));
        decoding.Complete();
        Assert.Empty(decoding.Observed);
        Assert.Equal(2, decoding.Decoder.MessageFates[MessageFate.RefusedClientSide]);
    }

    [Fact]
    public void A_forwarder_hop_between_two_resolvers_is_refused()
    {
        Decoding decoding = new(Decoding.Vantage(Wire.Resolver + "/32", OtherResolver + "/32"));
        decoding.Add(Wire.Query(1, "example.org", to: OtherResolver));
        decoding.Add(Wire.Response(1, "example.org", from: OtherResolver));
        decoding.Complete();
        Assert.Empty(decoding.Observed);
        Assert.Equal(2, decoding.Decoder.MessageFates[MessageFate.RefusedForwarder]);
    }

    [Fact]
    public void A_query_with_RD_and_its_response_are_refused()
    {
        Decoding decoding = new(Decoding.Vantage());
        decoding.Add(Wire.Query(1, "example.org", flags: 0x0100));
        decoding.Add(Wire.Response(1, "example.org", flags: 0x0100));
        decoding.Complete();
        Assert.Empty(decoding.Observed);
        Assert.Equal(2, decoding.Decoder.MessageFates[MessageFate.RefusedRecursionDesired]);
    }

    [Fact]
    public void Hosts_that_are_no_resolvers_of_ours_are_refused()
    {
        Decoding decoding = new(Decoding.Vantage());
        decoding.Add(Wire.Query(1, "example.org", from: OtherResolver));
        decoding.Add(Wire.Response(1, "example.org", to: OtherResolver));
        decoding.Complete();
        Assert.Empty(decoding.Observed);
        Assert.Equal(2, decoding.Decoder.MessageFates[MessageFate.RefusedOtherHosts]);
    }

    [Fact]
    public void Other_opcodes_and_wrong_directions_are_refused()
    {
        Decoding decoding = new(Decoding.Vantage());
        decoding.Add(Wire.Query(1, "example.org", flags: 4 << 11)); // NOTIFY
        decoding.Add(Wire.UdpPacket(Wire.Server, Wire.Resolver, 53, 4000, Wire.Message(1, "example.org", false))); // a query from port 53
        decoding.Add(Wire.UdpPacket(Wire.Resolver, Wire.Server, 4000, 53, Wire.Message(1, "example.org", true))); // a response to port 53
        Assert.Equal(1, decoding.Decoder.MessageFates[MessageFate.RefusedOpcode]);
        Assert.Equal(2, decoding.Decoder.MessageFates[MessageFate.RefusedDirection]);
    }

    [Fact]
    public void Without_resolvers_the_direction_is_inferred_and_the_notes_say_so_without_an_address()
    {
        Decoding decoding = new();
        decoding.Add(Wire.Query(1, "example.org"));
        decoding.Add(Wire.Response(1, "example.org"));
        decoding.Add(Wire.Query(2, "example.org", from: Wire.Resolver6, to: Wire.Server6));
        decoding.Add(Wire.Response(2, "example.org", from: Wire.Server6, to: Wire.Resolver6));
        decoding.Add(Wire.Query(3, "example.org", flags: 0x0100, from: Client, to: Wire.Resolver));
        decoding.Add(Wire.Response(3, "example.org", flags: 0x0180, from: Wire.Resolver, to: Client));
        decoding.Add(Wire.Query(4, "example.org", from: Client, to: Wire.Resolver)); // RD=0, answered from the cache
        decoding.Add(Wire.Response(4, "example.org", flags: 0x0080, from: Wire.Resolver, to: Client));
        decoding.Complete();
        Assert.Equal(2, decoding.Observed.Count);
        Assert.Equal(2, decoding.Decoder.MessageFates[MessageFate.RefusedRecursiveServer]);
        IReadOnlyList<string> notes = decoding.Decoder.GetNotes();
        Assert.Contains(notes, note => note.Contains("took 2 addresses (1 IPv4, 1 IPv6) for resolvers", StringComparison.Ordinal));
        string all = string.Join(' ', notes);
        string[] addresses = [Client, Wire.Resolver, Wire.Resolver6, Wire.Server, Wire.Server6];
        Assert.All(addresses, address => Assert.DoesNotContain(address, all, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("192.0.2.0/24", "192.0.2.255", true)]
    [InlineData("192.0.2.0/24", "192.0.3.0", false)]
    [InlineData("0.0.0.0/0", "203.0.113.9", true)]
    [InlineData("0.0.0.0/0", "2001:db8::1", false)]
    [InlineData("2001:db8::/32", "2001:db8:ffff::1", true)]
    [InlineData("2001:db8::/32", "2001:db9::", false)]
    [InlineData("::/0", "fe80::1", true)]
    [InlineData("::ffff:192.0.2.0/120", "192.0.2.7", true)]
    public void Resolvers_are_given_as_prefixes(string prefix, string address, bool contained)
    {
        AddressSet set = new([IPNetwork.Parse(prefix), IPNetwork.Parse("198.18.0.0/15"), IPNetwork.Parse("198.18.7.0/24")]);
        Assert.Equal(contained, set.Contains(IPAddress.Parse(address).GetAddressBytes()));
        Assert.True(set.Contains([198, 19, 255, 255])); // the nested prefix does not end the one around it
    }

    [Fact]
    public void Options_out_of_range_are_named()
    {
        static string Refusal(VantageOptions options) => Assert.Throws<ArgumentException>(() => new PacketDecoder(options)).Message;
        Assert.Contains("MaxOutstandingQueries", Refusal(new() { MaxOutstandingQueries = 0 }), StringComparison.Ordinal);
        Assert.Contains("ContestWindow", Refusal(new() { ContestWindow = TimeSpan.FromHours(1) }), StringComparison.Ordinal);
        Assert.Contains("QueryTimeout", Refusal(new() { QueryTimeout = TimeSpan.Zero }), StringComparison.Ordinal);
        Assert.Contains("MaxHeldOctets", Refusal(new() { MaxHeldOctets = 5 }), StringComparison.Ordinal);
    }
}
