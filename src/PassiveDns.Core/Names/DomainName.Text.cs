using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace PassiveDns;

public readonly partial struct DomainName : ISpanParsable<DomainName>, ISpanFormattable, IUtf8SpanFormattable
{
    /// <summary>The presentation form with its final dot: "www.example.com.", escapes as in RFC 1035 section 5.1.</summary>
    public override string ToString() => NameText.ToString(Wire);

    /// <inheritdoc/>
    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    /// <inheritdoc/>
    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format = default, IFormatProvider? provider = null)
    {
        Span<byte> ascii = stackalloc byte[NameText.MaxLength];
        int length = NameText.Format(Wire, ascii);
        if (length > destination.Length)
        {
            charsWritten = 0;
            return false;
        }

        charsWritten = Encoding.ASCII.GetChars(ascii[..length], destination);
        return true;
    }

    /// <inheritdoc/>
    public bool TryFormat(Span<byte> utf8Destination, out int bytesWritten, ReadOnlySpan<char> format = default, IFormatProvider? provider = null)
    {
        int length = NameText.Format(Wire, utf8Destination);
        bytesWritten = Math.Max(length, 0);
        return length >= 0;
    }

    /// <summary>Reads a name as a person or a zone file writes it.</summary>
    /// <param name="s">Zone-file text (escapes, final dot optional). Labels with non-ASCII letters become A-labels (UTS 46, IDNA 2008).</param>
    /// <exception cref="FormatException">The text is no domain name.</exception>
    public static DomainName Parse(string s) => Parse(s.AsSpan());

    /// <inheritdoc cref="Parse(string)"/>
    public static DomainName Parse(ReadOnlySpan<char> s) =>
        TryParse(s, out DomainName name)
            ? name
            : throw new FormatException($"'{s}' is not a domain name: labels have 1 to 63 octets, a name at most 255, and '\\' starts an escape.");

    /// <summary>Reads a name as a person or a zone file writes it.</summary>
    /// <param name="s">See <see cref="Parse(string)"/>.</param>
    /// <param name="result">The name, or the root when the result is <c>false</c>.</param>
    public static bool TryParse([NotNullWhen(true)] string? s, out DomainName result) => TryParse(s.AsSpan(), out result);

    /// <inheritdoc cref="TryParse(string, out DomainName)"/>
    public static bool TryParse(ReadOnlySpan<char> s, out DomainName result)
    {
        result = default;
        if (s.Length > NameText.MaxLength) return false;
        if (!Ascii.IsValid(s) && !TryToALabels(s, out s)) return false;
        if (s.Length > NameText.MaxLength) return false;
        Span<byte> ascii = stackalloc byte[NameText.MaxLength];
        Span<byte> wire = stackalloc byte[MaxWireLength + 1];
        Ascii.FromUtf16(s, ascii, out int length);
        int written = NameText.Parse(ascii[..length], wire);
        return written > 0 && TryFromWire(wire[..written], out result);
    }

    /// <summary>Reads a name in zone-file text into uncompressed wire form, with its letters as they are: a name that nobody keeps and that costs no allocation.</summary>
    /// <param name="text">ASCII text: escapes, final dot optional (RFC 1035 section 5.1).</param>
    /// <param name="destination">Room for the name; <see cref="MaxWireLength"/> octets always suffice.</param>
    /// <param name="written">The octets written; 0 if the result is <c>false</c>.</param>
    /// <returns><c>false</c> if the text is no name, or if the room is too small.</returns>
    public static bool TryReadText(ReadOnlySpan<byte> text, Span<byte> destination, out int written)
    {
        written = 0;
        if (text.Length > NameText.MaxLength) return false;
        Span<byte> wire = stackalloc byte[MaxWireLength + 1];
        int length = NameText.Parse(text, wire);
        if (length <= 0 || length > MaxWireLength || !wire[..length].TryCopyTo(destination)) return false;
        written = length;
        return true;
    }

    // No culture changes how a name reads, so the forms with a provider are there for generic code only, as with IPAddress.
    static DomainName IParsable<DomainName>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static DomainName ISpanParsable<DomainName>.Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<DomainName>.TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out DomainName result) => TryParse(s, out result);

    static bool ISpanParsable<DomainName>.TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out DomainName result) => TryParse(s, out result);

    /// <summary>
    /// Turns each label with non-ASCII letters into its A-label. Only such labels are touched, because underscores, stars and escapes are
    /// legal DNS and IDNA would refuse them. Full-width and ideographic dots separate labels as UTS 46 section 2.3 says.
    /// </summary>
    private static bool TryToALabels(ReadOnlySpan<char> text, out ReadOnlySpan<char> converted)
    {
        converted = default;
        StringBuilder name = new();
        IdnMapping idna = new() { UseStd3AsciiRules = false };
        foreach (Range range in text.SplitAny('.', '\u3002', '\uFF0E', '\uFF61'))
        {
            if (range.Start.Value != 0) name.Append('.');
            ReadOnlySpan<char> label = text[range];
            if (Ascii.IsValid(label))
            {
                name.Append(label);
                continue;
            }

            if (label.Contains('\\')) return false; // Punycode moves ASCII characters, so an escape would no longer stand before its letter
            try
            {
                name.Append(idna.GetAscii(label.ToString()));
            }
            catch (ArgumentException)
            {
                return false; // IdnMapping has no Try form; it throws for labels that IDNA does not allow
            }
        }

        converted = name.ToString();
        return true;
    }
}
