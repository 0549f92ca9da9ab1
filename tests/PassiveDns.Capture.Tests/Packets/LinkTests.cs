namespace PassiveDns.Capture.Tests;

public class LinkTests
{
    private static readonly byte[] s_ip = Wire.Query(1, "example.org");
    private static readonly byte[] s_ip6 = Wire.Query(1, "example.org", from: Wire.Resolver6, to: Wire.Server6);

    public static TheoryData<LinkType, byte[]> Headers() => new()
    {
        { LinkType.Null, [2, 0, 0, 0] },
        { LinkType.Null, [0, 0, 0, 2] },
        { LinkType.Loop, [0, 0, 0, 2] },
        { LinkType.Raw, [] },
        { LinkType.RawBsd, [] },
        { LinkType.RawOpenBsd, [] },
        { LinkType.IPv4, [] },
        { LinkType.Ethernet, [.. new byte[12], 0x08, 0x00] },
        { LinkType.Ethernet, [.. new byte[12], 0x81, 0x00, 0, 5, 0x08, 0x00] },
        { LinkType.Ethernet, [.. new byte[12], 0x88, 0xA8, 0, 5, 0x81, 0x00, 0, 6, 0x08, 0x00] },
        { LinkType.Ethernet, [.. new byte[12], 0x91, 0x00, 0, 5, 0x81, 0x00, 0, 6, 0x81, 0x00, 0, 7, 0x81, 0x00, 0, 8, 0x08, 0x00] },
        { LinkType.Ethernet, [.. new byte[12], 0x88, 0x64, 0x11, 0, 0, 1, 0, 60, 0x00, 0x21] },
        { LinkType.Ethernet, [.. new byte[12], 0x88, 0x47, 0, 1, 0, 64, 0, 2, 1, 64] },
        { LinkType.Ppp, [0xFF, 0x03, 0x00, 0x21] },
        { LinkType.Ppp, [0x21] },
        { LinkType.PppHdlc, [0x0F, 0x00, 0x08, 0x00] },
        { LinkType.CiscoHdlc, [0x0F, 0x00, 0x08, 0x00] },
        { LinkType.Pppoe, [0x11, 0, 0, 1, 0, 60, 0x00, 0x21] },
        { LinkType.LinuxSll, [.. new byte[14], 0x08, 0x00] },
        { LinkType.LinuxSll2, [0x08, 0x00, .. new byte[18]] },
    };

    [Theory]
    [MemberData(nameof(Headers))]
    public void A_message_is_found_behind_every_link_header(LinkType link, byte[] header)
    {
        Decoding decoding = new();
        byte[] packet = [.. header, .. s_ip];
        Assert.Equal(PacketFate.UdpMessage, decoding.Add(packet, link));
        Assert.Equal(Wire.Message(1, "example.org", false), Assert.Single(decoding.Messages).Octets);

        // Cut anywhere by the snapshot length, or damaged as if cut, it has another fate and no message.
        for (int length = 0; length < packet.Length; length++)
        {
            decoding.Messages.Clear();
            Decoding cut = new();
            Assert.Equal(PacketFate.TruncatedCapture, cut.Add(packet[..length], link, packet.Length));
            Assert.Empty(cut.Messages);
            Assert.NotEqual(PacketFate.UdpMessage, cut.Add(packet[..length], link));
        }
    }

    [Theory]
    [InlineData(LinkType.Null, new byte[] { 30, 0, 0, 0 })]
    [InlineData(LinkType.Null, new byte[] { 0, 0, 0, 24 })]
    [InlineData(LinkType.Null, new byte[] { 28, 0, 0, 0 })]
    [InlineData(LinkType.Null, new byte[] { 10, 0, 0, 0 })]
    [InlineData(LinkType.IPv6, new byte[0])]
    [InlineData(LinkType.LinuxSll2, new byte[] { 0x86, 0xDD, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 })]
    public void So_is_one_over_IPv6(LinkType link, byte[] header) =>
        Assert.Equal(PacketFate.UdpMessage, new Decoding().Add([.. header, .. s_ip6], link));

    [Fact]
    public void Tags_nested_too_deep_other_protocols_and_unknown_links_have_fates_of_their_own()
    {
        Decoding decoding = new();
        Assert.Equal(PacketFate.MalformedLink, decoding.Add(Wire.Ethernet(s_ip, 0x8100, 0x8100, 0x8100, 0x8100, 0x8100), LinkType.Ethernet));
        Assert.Equal(PacketFate.NotIp, decoding.Add([.. new byte[12], 0x08, 0x06, .. new byte[28]], LinkType.Ethernet));
        Assert.Equal(PacketFate.NotIp, decoding.Add([.. new byte[12], 0, 40, .. s_ip], LinkType.Ethernet));
        Assert.Equal(PacketFate.UnknownLink, decoding.Add(s_ip, (LinkType)105));
        Assert.Equal(PacketFate.OtherPort, decoding.Add(Wire.UdpPacket(Wire.Resolver, Wire.Server, 4000, 5353, [1, 2, 3])));
        Assert.Equal(PacketFate.EmptyUdp, decoding.Add(Wire.UdpPacket(Wire.Resolver, Wire.Server, 4000, 53, [])));
        Assert.Equal(PacketFate.OtherProtocol, decoding.Add(Wire.Ip(Wire.Resolver, Wire.Server, 1, s_ip))); // DNS quoted in ICMP
    }

    [Fact]
    public void Octets_behind_the_IP_packet_are_padding()
    {
        Decoding decoding = new();
        decoding.Add([.. s_ip, .. new byte[20]]);
        decoding.Add([.. s_ip6, .. new byte[20]]);
        Assert.All(decoding.Messages, m => Assert.Equal(Wire.Message(1, "example.org", false), m.Octets));
    }

    [Fact]
    public void A_chain_of_IPv6_extension_headers_is_walked_up_to_eight()
    {
        byte[] udp = s_ip6[40..];
        byte[] Chained(int count)
        {
            IEnumerable<byte> options = Enumerable.Range(0, count).SelectMany(i => new byte[] { i + 1 < count ? (byte)60 : (byte)17, 0, 1, 4, 0, 0, 0, 0 });
            byte[] packet = [.. s_ip6[..40], .. options, .. udp];
            packet[4] = (byte)((packet.Length - 40) >> 8);
            packet[5] = (byte)(packet.Length - 40);
            packet[6] = 60;
            return packet;
        }

        for (int count = 1; count <= 8; count++) Assert.Equal(PacketFate.UdpMessage, new Decoding().Add(Chained(count)));
        Assert.Equal(PacketFate.MalformedIp, new Decoding().Add(Chained(9)));
        Assert.Equal(PacketFate.MalformedIp, new Decoding().Add(Chained(100)));
    }
}
