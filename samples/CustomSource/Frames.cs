using System.Buffers.Binary;
using System.Net;
using PassiveDns;

namespace CustomSource;

/// <summary>Plays the switch: a question, an answer, and each of them as the datagram that a mirror would send.</summary>
public static class Frames
{
    private const int Vxlan = 8, Ethernet = 14, Ip = 20, Udp = 8;

    /// <summary>A question as a resolver asks it (RD=0), or as a client does (RD=1).</summary>
    public static DnsWriter Question(ushort id, string name, RecordType type, bool recursionDesired = false) =>
        new DnsWriter(id, recursionDesired ? (ushort)0x0100 : (ushort)0).Question(DomainName.Parse(name), type);

    /// <summary>The start of an authoritative server's answer to it.</summary>
    public static DnsWriter Answer(ushort id, string name, RecordType type, bool authoritative) =>
        new DnsWriter(id, authoritative ? (ushort)0x8400 : (ushort)0x8000).Question(DomainName.Parse(name), type);

    /// <summary>VXLAN, Ethernet, IPv4 and UDP around a message. A UDP checksum of zero means that there is none (RFC 768).</summary>
    public static byte[] Mirrored(string source, int sourcePort, string destination, int destinationPort, DnsWriter message)
    {
        byte[] datagram = new byte[Vxlan + Ethernet + Ip + Udp + message.Message.Length];
        datagram[0] = 0x08; // the network identifier is valid
        Span<byte> frame = datagram.AsSpan(Vxlan);
        BinaryPrimitives.WriteUInt16BigEndian(frame[12..], 0x0800);
        Span<byte> packet = frame[Ethernet..];
        packet[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)packet.Length);
        packet[8] = 64;
        packet[9] = 17;
        IPAddress.Parse(source).TryWriteBytes(packet[12..], out _);
        IPAddress.Parse(destination).TryWriteBytes(packet[16..], out _);
        Span<byte> payload = packet[Ip..];
        BinaryPrimitives.WriteUInt16BigEndian(payload, (ushort)sourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(payload[2..], (ushort)destinationPort);
        BinaryPrimitives.WriteUInt16BigEndian(payload[4..], (ushort)payload.Length);
        message.Message.CopyTo(payload[Udp..]);
        return datagram;
    }
}
