using System.Buffers.Binary;

namespace PassiveDns.Capture.Tests;

/// <summary>Writes pcap and pcapng in either byte order.</summary>
internal sealed class CaptureWriter(bool bigEndian)
{
    private readonly List<byte> _octets = [];

    public byte[] ToArray() => [.. _octets];

    public CaptureWriter PcapHeader(uint magic = 0xA1B2C3D4, int link = 101, int major = 2, int minor = 4) =>
        U32(magic).U16(major).U16(minor).U32(0).U32(0).U32(262_144).U32((uint)link);

    public CaptureWriter PcapPacket(uint seconds, uint fraction, byte[] packet, int extra = 0, uint? length = null)
    {
        U32(seconds).U32(fraction).U32(length ?? (uint)packet.Length).U32((uint)packet.Length);
        _octets.AddRange(new byte[extra]);
        _octets.AddRange(packet);
        return this;
    }

    public CaptureWriter Section(byte[]? options = null) =>
        Block(0x0A0D0D0A, [.. Word(0x1A2B3C4D), .. Half(1), .. Half(0), .. Enumerable.Repeat((byte)0xFF, 8), .. options ?? []]);

    public CaptureWriter Interface(int link = 101, byte? resolution = null, long? offset = null, uint snap = 0, bool endOfOptions = true)
    {
        List<byte> body = [.. Half(link), .. Half(0), .. Word(snap)];
        if (resolution is byte r) body.AddRange([.. Half(9), .. Half(1), r, 0, 0, 0]);
        if (offset is long o) body.AddRange([.. Half(14), .. Half(8), .. bigEndian ? LongBig(o) : BitConverter.GetBytes(o)]);
        if (endOfOptions && body.Count > 8) body.AddRange(Word(0));
        return Block(1, [.. body]);
    }

    public CaptureWriter Packet(ulong stamp, byte[] packet, uint number = 0) => Block(6, [.. Word(number), .. Stamped(stamp, packet)]);

    public CaptureWriter ObsoletePacket(ulong stamp, byte[] packet) => Block(2, [.. Half(0), .. Half(0), .. Stamped(stamp, packet)]);

    public CaptureWriter SimplePacket(byte[] packet) => Block(3, [.. Word((uint)packet.Length), .. Padded(packet)]);

    public CaptureWriter Block(uint type, byte[] body, uint? length = null, uint? trailer = null)
    {
        uint whole = length ?? (uint)body.Length + 12;
        U32(type).U32(whole);
        _octets.AddRange(body);
        return U32(trailer ?? whole);
    }

    public CaptureWriter Raw(params byte[] octets)
    {
        _octets.AddRange(octets);
        return this;
    }

    private CaptureWriter U32(uint value)
    {
        _octets.AddRange(Word(value));
        return this;
    }

    private CaptureWriter U16(int value)
    {
        _octets.AddRange(Half(value));
        return this;
    }

    private byte[] Word(uint value)
    {
        byte[] octets = new byte[4];
        if (bigEndian) BinaryPrimitives.WriteUInt32BigEndian(octets, value);
        else BinaryPrimitives.WriteUInt32LittleEndian(octets, value);
        return octets;
    }

    private byte[] Half(int value) => bigEndian ? [(byte)(value >> 8), (byte)value] : [(byte)value, (byte)(value >> 8)];

    private static byte[] LongBig(long value)
    {
        byte[] octets = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(octets, value);
        return octets;
    }

    private byte[] Stamped(ulong stamp, byte[] packet) =>
        [.. Word((uint)(stamp >> 32)), .. Word((uint)stamp), .. Word((uint)packet.Length), .. Word((uint)packet.Length), .. Padded(packet)];

    private static byte[] Padded(byte[] octets) => [.. octets, .. new byte[-octets.Length & 3]];
}
