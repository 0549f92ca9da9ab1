using System.Runtime.CompilerServices;
using PassiveDns.Storage.Keys;

namespace PassiveDns.Storage.Embedded.Tables;

/// <summary>What tables in memory and in files have in common. The file format is described in docs/file-format.md.</summary>
internal static class TableFormat
{
    /// <summary>A key of the keyspace's own layout behind the octet of its keyspace: all of them make one ordered map.</summary>
    public const int MaxKeyLength = 1 + ObservationKeys.MaxLength;

    /// <summary>The longest entry. A set of records is far below; a length above it is damage.</summary>
    public const int MaxEntryLength = 16 << 20;

    /// <summary>Every so many entries a key is written whole, for searching.</summary>
    public const int RestartInterval = 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int WriteVarint(Span<byte> destination, uint value)
    {
        int at = 0;
        for (; value >= 0x80; value >>= 7) destination[at++] = (byte)(value | 0x80);
        destination[at++] = (byte)value;
        return at;
    }

    /// <summary>Writes a distance in a file like a varint of more bits.</summary>
    public static int WriteDistance(Span<byte> destination, long value)
    {
        int at = 0;
        for (; value >= 0x80; value >>= 7) destination[at++] = (byte)(value | 0x80);
        destination[at++] = (byte)value;
        return at;
    }

    /// <returns>The distance, or -1 if it is cut off or longer than 56 bits.</returns>
    public static long ReadDistance(ReadOnlySpan<byte> source, ref int at)
    {
        long value = 0;
        for (int shift = 0; shift < 56 && (uint)at < (uint)source.Length; shift += 7)
        {
            byte octet = source[at++];
            value |= (long)(octet & 0x7F) << shift;
            if (octet < 0x80) return value;
        }

        return -1;
    }

    /// <returns>The number, or -1 if it is cut off or longer than 31 bits.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int ReadVarint(ReadOnlySpan<byte> source, ref int at)
    {
        if ((uint)at < (uint)source.Length && source[at] < 0x80) return source[at++];
        return ReadLongVarint(source, ref at);
    }

    private static int ReadLongVarint(ReadOnlySpan<byte> source, ref int at)
    {
        uint value = 0;
        for (int shift = 0; shift < 35 && (uint)at < (uint)source.Length; shift += 7)
        {
            byte octet = source[at++];
            if (shift == 28 && octet > 7) return -1;
            value |= (uint)(octet & 0x7F) << shift;
            if (octet < 0x80) return (int)value;
        }

        return -1;
    }
}
