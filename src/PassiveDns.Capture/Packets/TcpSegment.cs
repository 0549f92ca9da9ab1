using System.Buffers.Binary;

namespace PassiveDns.Capture;

/// <summary>A checked view of a TCP segment (RFC 9293 section 3.1).</summary>
internal ref struct TcpSegment
{
    public const int HeaderLength = 20;

    public ushort SourcePort;
    public ushort DestinationPort;
    public uint Sequence;
    public bool Syn;
    public bool Fin;
    public bool Reset;
    public ReadOnlySpan<byte> Data;

    /// <summary>The sequence number behind the last octet of <see cref="Data"/>.</summary>
    public readonly uint EndSequence => Sequence + (Syn ? 1u : 0u) + (uint)Data.Length;

    /// <returns><see cref="PacketFate.TcpSegment"/> when the header is sound; else the packet's fate.</returns>
    public PacketFate Read(ReadOnlySpan<byte> octets, bool isCut)
    {
        if (octets.Length < 4) return isCut ? PacketFate.TruncatedCapture : PacketFate.MalformedTcp;
        SourcePort = BinaryPrimitives.ReadUInt16BigEndian(octets);
        DestinationPort = BinaryPrimitives.ReadUInt16BigEndian(octets[2..]);
        if (SourcePort != 53 && DestinationPort != 53) return PacketFate.OtherPort;
        if (octets.Length < HeaderLength) return isCut ? PacketFate.TruncatedCapture : PacketFate.MalformedTcp;
        int header = (octets[12] >> 4) * 4;
        if (header < HeaderLength) return PacketFate.MalformedTcp;
        if (header > octets.Length) return isCut ? PacketFate.TruncatedCapture : PacketFate.MalformedTcp;
        Sequence = BinaryPrimitives.ReadUInt32BigEndian(octets[4..]);
        Fin = (octets[13] & 1) != 0;
        Syn = (octets[13] & 2) != 0;
        Reset = (octets[13] & 4) != 0;
        Data = octets[header..];
        return PacketFate.TcpSegment;
    }
}
