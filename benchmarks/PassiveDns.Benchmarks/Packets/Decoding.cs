using System.Buffers.Binary;
using PassiveDns.Capture;

namespace PassiveDns.Benchmarks.Packets;

/// <summary>Ethernet, IP and UDP by PassiveDns.Capture: the same for every file reader that hands out octets.</summary>
internal static class Decoding
{
    public static void Add(ref PacketCounts counts, LinkType link, ReadOnlySpan<byte> packet, bool isCut)
    {
        counts.Packets++;
        if (LinkLayer.Locate(link, packet, out int offset) != PacketFate.UdpMessage) return;
        IpPacket ip = default;
        if (ip.Read(packet[offset..], isCut) != PacketFate.UdpMessage || ip.IsFragment || ip.Protocol != IpPacket.Udp || ip.Payload.Length < 8) return;
        int length = BinaryPrimitives.ReadUInt16BigEndian(ip.Payload[4..]);
        if (length < 8 || length > ip.Payload.Length) return;
        counts.Datagrams++;
        counts.Octets += length - 8;
    }
}
