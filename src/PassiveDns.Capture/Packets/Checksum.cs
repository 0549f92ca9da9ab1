using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace PassiveDns.Capture;

/// <summary>The Internet checksum (RFC 1071) over a UDP datagram and its pseudo header (RFC 768, RFC 8200 section 8.1).</summary>
internal static class Checksum
{
    /// <summary>Whether the checksum is right, or absent where that is allowed: zero over IPv4.</summary>
    public static bool IsAcceptable(ReadOnlySpan<byte> source, ReadOnlySpan<byte> destination, ReadOnlySpan<byte> datagram)
    {
        if (datagram[6] == 0 && datagram[7] == 0) return source.Length == 4;
        ulong sum = Add(source) + Add(destination) + Add(datagram);
        uint tail = (uint)IpPacket.Udp + (uint)datagram.Length;
        sum += BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness((ushort)tail) : tail;
        if (tail > ushort.MaxValue) sum += BitConverter.IsLittleEndian ? 0x0100u : 1u;
        while (sum >> 16 != 0) sum = (sum & 0xFFFF) + (sum >> 16);
        return sum == 0xFFFF;
    }

    // The sum of 16-bit words is the same in either byte order once the carries are folded back (RFC 1071 section 2), so words of
    // 32 bits in the machine's order are added up. 64 KiB of them cannot overflow 64 bits.
    private static ulong Add(ReadOnlySpan<byte> octets)
    {
        Vector256<ulong> sums = Vector256<ulong>.Zero;
        while (octets.Length >= Vector256<byte>.Count)
        {
            Vector256<ulong> words = Vector256.Create(octets).AsUInt64();
            sums += (words & Vector256.Create(0xFFFF_FFFFUL)) + (words >>> 32);
            octets = octets[Vector256<byte>.Count..];
        }

        ulong sum = Vector256.Sum(sums);
        while (octets.Length >= 4)
        {
            sum += MemoryMarshal.Read<uint>(octets);
            octets = octets[4..];
        }

        if (octets.Length >= 2)
        {
            sum += MemoryMarshal.Read<ushort>(octets);
            octets = octets[2..];
        }

        if (!octets.IsEmpty) sum += BitConverter.IsLittleEndian ? octets[0] : (uint)octets[0] << 8;
        return sum;
    }
}
