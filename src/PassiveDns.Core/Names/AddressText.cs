using System.Buffers.Binary;
using System.Buffers.Text;

namespace PassiveDns;

/// <summary>
/// Addresses as text. The framework's own text is not used: it prints dotted tails for ISATAP and for <c>::ffff:0:192.0.2.1</c>, where
/// RFC 5952 and every name server print hexadecimal.
/// </summary>
internal static class AddressText
{
    /// <summary>The longest text: eight groups of four digits, or six of them and a dotted tail.</summary>
    public const int MaxLength = 45;

    private const int Groups = 8;

    /// <summary>Writes 4 or 16 octets of an address.</summary>
    /// <param name="octets">The address in network order.</param>
    /// <param name="destination">At least <see cref="MaxLength"/> octets.</param>
    /// <returns>The octets written.</returns>
    public static int Format(ReadOnlySpan<byte> octets, Span<byte> destination) =>
        octets.Length == 4 ? FormatDotted(octets, destination) : FormatIPv6(octets, destination);

    private static int FormatDotted(ReadOnlySpan<byte> octets, Span<byte> destination)
    {
        int written = 0;
        for (int i = 0; i < 4; i++)
        {
            if (i > 0) destination[written++] = (byte)'.';
            Utf8Formatter.TryFormat(octets[i], destination[written..], out int digits);
            written += digits;
        }

        return written;
    }

    private static int FormatIPv6(ReadOnlySpan<byte> octets, Span<byte> destination)
    {
        FindZeros(octets, out int zeros, out int length);

        // RFC 5952 section 5: a dotted tail where the prefix tells that an IPv4 address stands in it: ::ffff:0:0/96, and ::/96 beyond ::ffff
        bool mapped = zeros == 0 && length == 5 && Group(octets, 5) == 0xFFFF;
        bool compatible = zeros == 0 && length == 6;
        int groups = mapped || compatible ? 6 : Groups;
        int written = 0;
        for (int i = 0; i < groups;)
        {
            if (i == zeros)
            {
                destination[written++] = (byte)':';
                destination[written++] = (byte)':';
                i += length;
                continue;
            }

            if (i > 0 && destination[written - 1] != ':') destination[written++] = (byte)':';
            Utf8Formatter.TryFormat(Group(octets, i), destination[written..], out int digits, 'x');
            written += digits;
            i++;
        }

        if (groups == Groups) return written;
        if (destination[written - 1] != ':') destination[written++] = (byte)':';
        return written + FormatDotted(octets[12..], destination[written..]);
    }

    /// <summary>The longest run of at least two zero groups, the first of equals (RFC 5952 section 4.2).</summary>
    private static void FindZeros(ReadOnlySpan<byte> octets, out int start, out int length)
    {
        start = -1;
        length = 1;
        for (int i = 0; i < Groups; i++)
        {
            int run = 0;
            while (i + run < Groups && Group(octets, i + run) == 0) run++;
            if (run > length)
            {
                start = i;
                length = run;
            }

            i += run;
        }
    }

    private static ushort Group(ReadOnlySpan<byte> octets, int index) => BinaryPrimitives.ReadUInt16BigEndian(octets[(2 * index)..]);
}
