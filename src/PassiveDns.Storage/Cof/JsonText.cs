using System.Buffers.Text;
using System.Text;

namespace PassiveDns.Storage.Cof;

/// <summary>Escapes in JSON strings (RFC 8259 section 7). Half of a surrogate pair is an error value here, not an exception.</summary>
internal static class JsonText
{
    /// <summary>Unescapes a string whose escapes are known to be well formed.</summary>
    /// <param name="escaped">What stands between the quotes.</param>
    /// <param name="destination">As much room.</param>
    /// <returns>The octets written, or -1 if an escape names half of a pair of surrogates.</returns>
    public static int Unescape(ReadOnlySpan<byte> escaped, Span<byte> destination)
    {
        int written = 0;
        for (int at = 0; at < escaped.Length; at++)
        {
            byte octet = escaped[at];
            if (octet != '\\')
            {
                destination[written++] = octet;
                continue;
            }

            octet = escaped[++at];
            if (octet == 'u')
            {
                int unit = Unit(escaped.Slice(at + 1, 4));
                at += 4;
                if (char.IsHighSurrogate((char)unit))
                {
                    if (at + 6 >= escaped.Length || escaped[at + 1] != '\\' || escaped[at + 2] != 'u') return -1;
                    int low = Unit(escaped.Slice(at + 3, 4));
                    if (!char.IsLowSurrogate((char)low)) return -1;
                    unit = char.ConvertToUtf32((char)unit, (char)low);
                    at += 6;
                }

                if (!Rune.TryCreate(unit, out Rune rune)) return -1;
                written += rune.EncodeToUtf8(destination[written..]);
                continue;
            }

            destination[written++] = octet switch
            {
                (byte)'b' => (byte)'\b',
                (byte)'f' => (byte)'\f',
                (byte)'n' => (byte)'\n',
                (byte)'r' => (byte)'\r',
                (byte)'t' => (byte)'\t',
                _ => octet,
            };
        }

        return written;
    }

    private static int Unit(ReadOnlySpan<byte> hex) => Utf8Parser.TryParse(hex, out int unit, out _, 'x') ? unit : 0;
}
