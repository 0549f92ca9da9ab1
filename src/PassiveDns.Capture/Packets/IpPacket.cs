using System.Buffers.Binary;

namespace PassiveDns.Capture;

/// <summary>A checked view of an IPv4 or IPv6 packet up to its transport protocol.</summary>
internal ref struct IpPacket
{
    public const byte Tcp = 6;
    public const byte Udp = 17;

    private const int MaxExtensions = 8; // RFC 8200 allows any number; attackers use that, real packets do not

    /// <summary>4 or 16 octets.</summary>
    public ReadOnlySpan<byte> Source;

    /// <summary>As long as <see cref="Source"/>.</summary>
    public ReadOnlySpan<byte> Destination;

    /// <summary>The transport protocol; of an IPv6 fragment: what its fragment header says comes next.</summary>
    public byte Protocol;

    /// <summary>The octets behind the last header that were captured.</summary>
    public ReadOnlySpan<byte> Payload;

    /// <summary>Whether the packet has fewer octets in the capture than it had on the wire.</summary>
    public bool IsCut;

    public bool IsFragment;
    public bool MoreFragments;
    public int FragmentOffset;
    public uint FragmentId;

    /// <returns><see cref="PacketFate.UdpMessage"/> when the headers are sound; else the packet's fate.</returns>
    public PacketFate Read(ReadOnlySpan<byte> octets, bool snapped)
    {
        if (octets.IsEmpty) return Short(snapped);
        return (octets[0] >> 4) switch
        {
            4 => ReadV4(octets, snapped),
            6 => ReadV6(octets, snapped),
            _ => PacketFate.MalformedIp,
        };
    }

    private PacketFate ReadV4(ReadOnlySpan<byte> octets, bool snapped)
    {
        if (octets.Length < 20) return Short(snapped);
        int header = (octets[0] & 0xF) * 4;
        int total = BinaryPrimitives.ReadUInt16BigEndian(octets[2..]);
        if (total == 0) total = octets.Length; // segmentation offload: the length was not known when the packet was captured
        if (header < 20 || total < header) return PacketFate.MalformedIp;
        if (octets.Length < header) return Short(snapped);
        if (total > octets.Length)
        {
            if (!snapped) return octets[9] is Udp or Tcp ? PacketFate.MalformedIp : PacketFate.OtherProtocol;
            IsCut = true;
            total = octets.Length;
        }

        Source = octets.Slice(12, 4);
        Destination = octets.Slice(16, 4);
        Protocol = octets[9];
        Payload = octets[header..total]; // what follows the total length is Ethernet padding
        int fragment = BinaryPrimitives.ReadUInt16BigEndian(octets[6..]);
        if ((fragment & 0x3FFF) != 0)
        {
            IsFragment = true;
            MoreFragments = (fragment & 0x2000) != 0;
            FragmentOffset = (fragment & 0x1FFF) * 8;
            FragmentId = BinaryPrimitives.ReadUInt16BigEndian(octets[4..]);
        }

        return PacketFate.UdpMessage;
    }

    private PacketFate ReadV6(ReadOnlySpan<byte> octets, bool snapped)
    {
        if (octets.Length < 40) return Short(snapped);
        int length = BinaryPrimitives.ReadUInt16BigEndian(octets[4..]);
        Protocol = octets[6];
        if (length == 0)
        {
            if (Protocol == 0) return PacketFate.MalformedIp; // a jumbogram (RFC 2675): no DNS message needs one
            length = octets.Length - 40; // segmentation offload
        }

        Source = octets.Slice(8, 16);
        Destination = octets.Slice(24, 16);
        Payload = octets[40..];
        if (length > Payload.Length)
        {
            if (!snapped) return PacketFate.MalformedIp;
            IsCut = true;
        }
        else
        {
            Payload = Payload[..length];
        }

        return ReadExtensions();
    }

    /// <summary>Walks the extension headers (RFC 8200 section 4) from <see cref="Protocol"/> on; stops at a fragment header.</summary>
    public PacketFate ReadExtensions()
    {
        for (int i = 0; i <= MaxExtensions; i++)
        {
            int length;
            switch (Protocol)
            {
                case 0 or 43 or 60 or 135 or 139 or 140: // hop-by-hop, routing, destination, mobility, HIP, shim6
                    if (Payload.Length < 8) return Short(IsCut);
                    length = (Payload[1] + 1) * 8;
                    break;
                case 51: // authentication header (RFC 4302): counted in 4 octets
                    if (Payload.Length < 8) return Short(IsCut);
                    length = (Payload[1] + 2) * 4;
                    break;
                case 44:
                    if (Payload.Length < 8) return Short(IsCut);
                    int fragment = BinaryPrimitives.ReadUInt16BigEndian(Payload[2..]);
                    FragmentOffset = fragment & 0xFFF8;
                    MoreFragments = (fragment & 1) != 0;
                    IsFragment = FragmentOffset != 0 || MoreFragments; // else an atomic fragment (RFC 6946): complete by itself
                    FragmentId = BinaryPrimitives.ReadUInt32BigEndian(Payload[4..]);
                    Protocol = Payload[0];
                    Payload = Payload[8..];
                    if (IsFragment) return PacketFate.UdpMessage;
                    continue;
                default:
                    return PacketFate.UdpMessage;
            }

            if (Payload.Length < length) return Short(IsCut);
            Protocol = Payload[0];
            Payload = Payload[length..];
        }

        return PacketFate.MalformedIp;
    }

    private static PacketFate Short(bool cut) => cut ? PacketFate.TruncatedCapture : PacketFate.MalformedIp;
}
