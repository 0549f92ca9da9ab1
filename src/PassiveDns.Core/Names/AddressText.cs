using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;

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

    /// <summary>Reads an address: four decimal numbers, or IPv6 in any form of RFC 4291 section 2.2. No scope, no octal or short IPv4.</summary>
    /// <param name="text">The text.</param>
    /// <param name="destination">16 octets.</param>
    /// <param name="length">The octets of the address, 4 or 16.</param>
    public static bool TryParse(ReadOnlySpan<byte> text, Span<byte> destination, out int length)
    {
        length = text.Contains((byte)':') ? 16 : 4;
        return length == 4 ? TryParseDotted(text, destination) : TryParseIPv6(text, destination[..16]);
    }

    private static bool TryParseDotted(ReadOnlySpan<byte> text, Span<byte> destination)
    {
        for (int i = 0; i < 4; i++)
        {
            int dot = text.IndexOf((byte)'.');
            ReadOnlySpan<byte> number = dot < 0 ? text : text[..dot];
            if ((dot < 0) != (i == 3) || number.Length is 0 or > 3 || number is [(byte)'0', _, ..]
                || !byte.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out destination[i]))
            {
                return false;
            }

            text = text[(dot + 1)..];
        }

        return true;
    }

    private static bool TryParseIPv6(ReadOnlySpan<byte> text, Span<byte> destination)
    {
        int written = 0;
        int gap = -1; // where "::" stands
        while (true)
        {
            if (text.StartsWith("::"u8))
            {
                if (gap >= 0) return false;
                gap = written;
                text = text[2..];
                if (text.IsEmpty) break;
            }

            int colon = text.IndexOf((byte)':');
            ReadOnlySpan<byte> group = colon < 0 ? text : text[..colon];
            if (colon < 0 && group.Contains((byte)'.'))
            {
                if (written > 12 || !TryParseDotted(group, destination[written..])) return false;
                written += 4;
                break;
            }

            if (written == 16 || group.Length is 0 or > 4
                || !ushort.TryParse(group, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort value))
            {
                return false;
            }

            BinaryPrimitives.WriteUInt16BigEndian(destination[written..], value);
            written += 2;
            if (colon < 0) break;
            text = text[colon..];
            if (text.StartsWith("::"u8)) continue;
            text = text[1..];
            if (text.IsEmpty) return false;
        }

        if (gap < 0) return written == 16;
        if (written == 16) return false;
        int tail = written - gap;
        destination[gap..written].CopyTo(destination[(16 - tail)..]);
        destination[gap..(16 - tail)].Clear();
        return true;
    }

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
