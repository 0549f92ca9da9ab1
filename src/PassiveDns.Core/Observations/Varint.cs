using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace PassiveDns;

/// <summary>Unsigned LEB128 numbers: seven bits an octet, lowest first.</summary>
internal static class Varint
{
    public const int MaxLength = 10;

    public static int Write(Span<byte> destination, ulong value)
    {
        int written = 0;
        while (value >= 0x80)
        {
            destination[written++] = (byte)(value | 0x80);
            value >>= 7;
        }

        destination[written++] = (byte)value;
        return written;
    }

    /// <returns><c>false</c> if the number is cut off or longer than 64 bits.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRead(ReadOnlySpan<byte> source, ref int at, out ulong value)
    {
        if ((uint)at < (uint)source.Length && source[at] < 0x80)
        {
            value = source[at++];
            return true;
        }

        return TryReadLong(source, ref at, out value);
    }

    private static bool TryReadLong(ReadOnlySpan<byte> source, ref int at, out ulong value)
    {
        if (at <= source.Length - sizeof(ulong))
        {
            // All octets at once: the first one without its upper bit ends the number, and the groups of seven bits are pushed together in pairs.
            ulong word = BinaryPrimitives.ReadUInt64LittleEndian(source[at..]), ends = ~word & 0x8080808080808080;
            if (ends != 0)
            {
                at += (BitOperations.TrailingZeroCount(ends) >> 3) + 1;
                word &= (ends ^ (ends - 1)) & 0x7F7F7F7F7F7F7F7F;
                word = (word & 0x007F007F007F007F) | (word & 0x7F007F007F007F00) >> 1;
                word = (word & 0x00003FFF00003FFF) | (word & 0x3FFF00003FFF0000) >> 2;
                value = (word & 0x000000000FFFFFFF) | (word & 0x0FFFFFFF00000000) >> 4;
                return true;
            }
        }

        value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            if ((uint)at >= (uint)source.Length) return false;
            byte octet = source[at++];
            value |= (ulong)(octet & 0x7F) << shift;
            if (octet < 0x80) return shift < 63 || octet <= 1;
        }

        return false;
    }
}
