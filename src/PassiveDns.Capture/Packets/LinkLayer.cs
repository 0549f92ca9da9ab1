using System.Buffers.Binary;

namespace PassiveDns.Capture;

/// <summary>Finds the IP packet behind a link layer's header.</summary>
internal static class LinkLayer
{
    private const int MaxTags = 4; // VLAN tags, nested (IEEE 802.1Q, 802.1ad)
    private const int MaxLabels = 8; // MPLS label stack (RFC 3032)

    public static bool IsKnown(LinkType link) => Enum.IsDefined(link);

    /// <returns><see cref="PacketFate.UdpMessage"/> when an IP packet starts at <paramref name="offset"/>; else the packet's fate.</returns>
    public static PacketFate Locate(LinkType link, ReadOnlySpan<byte> packet, out int offset)
    {
        offset = 0;
        switch (link)
        {
            case LinkType.Ethernet:
                return packet.Length < 14 ? PacketFate.MalformedLink : ByEtherType(U16(packet, 12), packet, 14, out offset);
            case LinkType.LinuxSll:
                return packet.Length < 16 ? PacketFate.MalformedLink : ByEtherType(U16(packet, 14), packet, 16, out offset);
            case LinkType.LinuxSll2:
                return packet.Length < 20 ? PacketFate.MalformedLink : ByEtherType(U16(packet, 0), packet, 20, out offset);
            case LinkType.Raw or LinkType.RawBsd or LinkType.RawOpenBsd or LinkType.IPv4 or LinkType.IPv6:
                return packet.IsEmpty ? PacketFate.MalformedLink : PacketFate.UdpMessage;
            case LinkType.Null or LinkType.Loop:
                offset = 4;
                return packet.Length < 4 ? PacketFate.MalformedLink : ByFamily(BinaryPrimitives.ReadUInt32BigEndian(packet));
            case LinkType.CiscoHdlc:
                return packet.Length < 4 ? PacketFate.MalformedLink : ByEtherType(U16(packet, 2), packet, 4, out offset);
            case LinkType.Pppoe:
                return packet.Length < 8 ? PacketFate.MalformedLink : ByPpp(packet, 6, out offset);
            case LinkType.Ppp or LinkType.PppHdlc:
                // Cisco HDLC inside PPP_HDLC starts with 0F or 8F and goes on with an EtherType
                if (packet is [0x0F or 0x8F, ..]) goto case LinkType.CiscoHdlc;
                return ByPpp(packet, packet.Length >= 2 && packet[0] == 0xFF && packet[1] == 0x03 ? 2 : 0, out offset);
            default:
                return PacketFate.UnknownLink;
        }
    }

    private static PacketFate ByEtherType(int type, ReadOnlySpan<byte> packet, int at, out int offset)
    {
        int tags = 0;
        while (type is 0x8100 or 0x88A8 or 0x9100 or 0x9200)
        {
            offset = at;
            if (++tags > MaxTags || packet.Length < at + 4) return PacketFate.MalformedLink;
            type = U16(packet, at + 2);
            at += 4;
        }

        offset = at;
        switch (type)
        {
            case 0x0800 or 0x86DD:
                return PacketFate.UdpMessage;
            case 0x8864: // PPPoE session (RFC 2516): version/type, code, session, length, then PPP
                return packet.Length < at + 8 ? PacketFate.MalformedLink : ByPpp(packet, at + 6, out offset);
            case 0x8847 or 0x8848:
                return ByLabels(packet, at, out offset);
            default:
                return PacketFate.NotIp;
        }
    }

    private static PacketFate ByLabels(ReadOnlySpan<byte> packet, int at, out int offset)
    {
        for (int i = 0; i < MaxLabels && packet.Length > at + 4; i++)
        {
            bool bottom = (packet[at + 2] & 1) != 0;
            offset = at += 4;
            if (bottom) return packet[at] >> 4 is 4 or 6 ? PacketFate.UdpMessage : PacketFate.NotIp;
        }

        offset = at;
        return PacketFate.MalformedLink;
    }

    private static PacketFate ByPpp(ReadOnlySpan<byte> packet, int at, out int offset)
    {
        offset = at;
        if (packet.Length < at + 2) return PacketFate.MalformedLink;

        // RFC 1661 section 2: the low octet of a protocol is odd, so an odd first octet is a compressed protocol field
        int protocol = (packet[at] & 1) != 0 ? packet[at] : U16(packet, at);
        offset = at + ((packet[at] & 1) != 0 ? 1 : 2);
        return protocol is 0x0021 or 0x0057 ? PacketFate.UdpMessage : PacketFate.NotIp;
    }

    // Address families differ between systems (AF_INET6 is 10, 24, 28 or 30), and the file may come from the other byte order.
    private static PacketFate ByFamily(uint family) =>
        (family > 0xFFFF ? BinaryPrimitives.ReverseEndianness(family) : family) is 2 or 10 or 24 or 28 or 30
            ? PacketFate.UdpMessage
            : PacketFate.NotIp;

    private static int U16(ReadOnlySpan<byte> octets, int at) => BinaryPrimitives.ReadUInt16BigEndian(octets[at..]);
}
