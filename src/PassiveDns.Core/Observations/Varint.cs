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
    public static bool TryRead(ReadOnlySpan<byte> source, ref int at, out ulong value)
    {
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
