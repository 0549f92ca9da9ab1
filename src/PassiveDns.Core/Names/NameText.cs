using System.Text;

namespace PassiveDns;

/// <summary>The presentation form of names: zone-file text with escapes (RFC 1035 section 5.1, RFC 4343 section 2.1).</summary>
internal static class NameText
{
    /// <summary>The longest text of one name: every octet of 255 as <c>\DDD</c>, and the dots.</summary>
    public const int MaxLength = 4 * DomainName.MaxWireLength;

    /// <summary>Writes a name in ASCII text; uncompressed wire in, letters as they are.</summary>
    /// <returns>The octets written, or -1 if <paramref name="destination"/> is too short.</returns>
    public static int Format(ReadOnlySpan<byte> wire, Span<byte> destination)
    {
        int written = 0;
        if (wire.Length <= 1)
        {
            if (destination.IsEmpty) return -1;
            destination[0] = (byte)'.';
            return 1;
        }

        for (int at = 0; wire[at] != 0; at += wire[at] + 1)
        {
            foreach (byte b in wire.Slice(at + 1, wire[at]))
            {
                int need = IsPlain(b) ? 1 : IsPrintable(b) ? 2 : 4;
                if (written + need > destination.Length) return -1;
                if (need == 1)
                {
                    destination[written++] = b;
                    continue;
                }

                destination[written++] = (byte)'\\';
                if (need == 2)
                {
                    destination[written++] = b;
                    continue;
                }

                destination[written++] = (byte)('0' + b / 100);
                destination[written++] = (byte)('0' + b / 10 % 10);
                destination[written++] = (byte)('0' + b % 10);
            }

            if (written == destination.Length) return -1;
            destination[written++] = (byte)'.';
        }

        return written;
    }

    public static string ToString(ReadOnlySpan<byte> wire)
    {
        Span<byte> text = stackalloc byte[MaxLength];
        return Encoding.ASCII.GetString(text[..Format(wire, text)]);
    }

    /// <summary>
    /// Reads zone-file text into uncompressed wire format, letters as they are: <c>\X</c> and <c>\DDD</c> escapes, final dot optional.
    /// </summary>
    /// <returns>The octets written, or -1 if the text is no name.</returns>
    public static int Parse(ReadOnlySpan<byte> text, Span<byte> destination)
    {
        if (text.IsEmpty) return -1;
        if (text is [(byte)'.'])
        {
            destination[0] = 0;
            return 1;
        }

        int length = 0; // where the current label's length octet stands
        int written = 1;
        for (int i = 0; i < text.Length; i++)
        {
            byte b = text[i];
            if (b == '.')
            {
                if (written - length == 1) return -1; // an empty label inside a name
                destination[length] = (byte)(written - length - 1);
                length = written++;
                if (written > DomainName.MaxWireLength) return -1;
                continue;
            }

            if (b == '\\')
            {
                if (++i == text.Length) return -1;
                b = text[i];
                if (b is >= (byte)'0' and <= (byte)'9')
                {
                    if (i + 2 >= text.Length || text[i + 1] is < (byte)'0' or > (byte)'9' || text[i + 2] is < (byte)'0' or > (byte)'9') return -1;
                    int value = (b - '0') * 100 + (text[i + 1] - '0') * 10 + text[i + 2] - '0';
                    if (value > 255) return -1;
                    b = (byte)value;
                    i += 2;
                }
            }

            if (written - length > DomainName.MaxLabelLength || written >= DomainName.MaxWireLength - 1) return -1;
            destination[written++] = b;
        }

        if (written - length == 1)
        {
            destination[length] = 0; // the text ended in a dot
            return written;
        }

        destination[length] = (byte)(written - length - 1);
        destination[written++] = 0;
        return written;
    }

    private static bool IsPrintable(byte b) => b is > 0x20 and < 0x7F;

    private static bool IsPlain(byte b) =>
        IsPrintable(b) && b is not ((byte)'.' or (byte)'\\' or (byte)'"' or (byte)'(' or (byte)')' or (byte)';' or (byte)'@' or (byte)'$');
}
