using System.Text;
using System.Text.RegularExpressions;

namespace PassiveDns.Storage.Privacy;

/// <summary>Finds what must be cut from a name. No rule looks twice at an octet more often than the name has labels.</summary>
internal sealed class SecretName
{
    private const int Reversed4 = 4; // labels of an IPv4 address
    private const int Reversed6 = 16; // nibbles of an IPv6 network of 64 bits: block lists are asked for these too

    private static readonly byte[][] s_reverseZones = [[7, .. "in-addr"u8, 4, .. "arpa"u8, 0], [3, .. "ip6"u8, 4, .. "arpa"u8, 0]];

    private readonly RedactionOptions _options;
    private readonly Regex[] _patterns;
    private readonly byte[][] _exempt;
    private readonly byte[] _starts = new byte[DomainName.MaxLabels];

    public SecretName(RedactionOptions options)
    {
        options.Validate();
        _options = options;
        _patterns = [.. options.Patterns.Select(RedactionOptions.Compile)];
        _exempt = [.. options.Exempt.Select(name => name.Wire.ToArray())];
    }

    /// <summary>Looks at a name.</summary>
    /// <param name="name">The name in canonical wire format.</param>
    /// <param name="bailiwickLabels">The labels of its zone, if they are known: a mail address is cut down to them, as it may stretch over labels. Else -1.</param>
    /// <param name="isDigest">Whether the first label is a digest by design (NSEC3, RFC 5155 section 3).</param>
    /// <param name="keep">The octets at the end of the name that stay.</param>
    public RedactionRule Find(ReadOnlySpan<byte> name, int bailiwickLabels, bool isDigest, out int keep)
    {
        keep = name.Length;
        foreach (byte[] exempt in _exempt)
        {
            if (IsAtOrUnder(name, exempt)) return RedactionRule.None;
        }

        int labels = 0;
        for (int at = 0; name[at] != 0; at += name[at] + 1) _starts[labels++] = (byte)at;

        // The rule that cuts most wins, so that nothing of a second secret stays.
        RedactionRule rule = RedactionRule.None;
        int decimals = 0, nibbles = 0;
        bool isReverse = IsAtOrUnder(name, s_reverseZones[0]) || IsAtOrUnder(name, s_reverseZones[1]);
        for (int i = 0; i < labels; i++)
        {
            int next = _starts[i] + name[_starts[i]] + 1;
            ReadOnlySpan<byte> label = name[(_starts[i] + 1)..next];
            decimals = IsOctet(label) ? decimals + 1 : 0;
            nibbles = label.Length == 1 && char.IsAsciiHexDigit((char)label[0]) ? nibbles + 1 : 0;
            RedactionRule found =
                _options.MailAddresses && label.Contains((byte)'@') ? RedactionRule.MailAddress
                : _options.ReversedAddresses && !isReverse && (decimals >= Reversed4 || nibbles >= Reversed6) ? RedactionRule.ReversedAddress
                : _options.AddressLabels && !isReverse && HoldsAddress(label) ? RedactionRule.AddressLabel
                : _options.OpaqueLabels && !(isDigest && i == 0) && IsOpaque(label) ? RedactionRule.OpaqueLabel
                : RedactionRule.None;
            if (found == RedactionRule.None) continue;
            bool toZone = found == RedactionRule.MailAddress && bailiwickLabels >= 0 && labels - bailiwickLabels > i;
            int rest = name.Length - (toZone ? StartOf(labels - bailiwickLabels, labels, name) : next);
            if (rest >= keep) continue;
            keep = rest;
            rule = found;
        }

        return _patterns.Length == 0 ? rule : MatchPatterns(name, rule, ref keep);
    }

    private int StartOf(int label, int labels, ReadOnlySpan<byte> name) => label < labels ? _starts[label] : name.Length - 1;

    private RedactionRule MatchPatterns(ReadOnlySpan<byte> name, RedactionRule rule, ref int keep)
    {
        // As text with one character for each octet, so that places in the text are places in the name; a label's length octet is the dot before it.
        Span<char> text = stackalloc char[DomainName.MaxWireLength];
        int length = Encoding.Latin1.GetChars(name[1..], text);
        for (int at = name[0] + 1; at < name.Length; at += name[at] + 1) text[at - 1] = '.';
        foreach (Regex pattern in _patterns)
        {
            foreach (ValueMatch match in pattern.EnumerateMatches(text[..Math.Max(length, 0)]))
            {
                if (match.Length == 0) continue;
                int last = match.Index + match.Length; // the octet in the name that the last character stands for
                if (text[last - 1] == '.') last--; // the dot is the end of the label before it
                int next = 0;
                while (next <= last && name[next] != 0 && next + name[next] + 1 <= last) next += name[next] + 1;
                int rest = name.Length - (name[next] == 0 ? next : next + name[next] + 1);
                if (rest >= keep) continue;
                keep = rest;
                rule = RedactionRule.Pattern;
            }
        }

        return rule;
    }

    private static bool IsAtOrUnder(ReadOnlySpan<byte> name, ReadOnlySpan<byte> ancestor)
    {
        int surplus = name.Length - ancestor.Length;
        if (surplus < 0 || !name[surplus..].SequenceEqual(ancestor)) return false;
        int at = 0;
        while (at < surplus) at += name[at] + 1;
        return at == surplus;
    }

    private static bool IsOctet(ReadOnlySpan<byte> label)
    {
        if (label.Length is 0 or > 3 || (label.Length > 1 && label[0] == '0')) return false;
        int value = 0;
        foreach (byte b in label)
        {
            if (!char.IsAsciiDigit((char)b)) return false;
            value = value * 10 + b - '0';
        }

        return value <= 255;
    }

    /// <summary>Whether four numbers of 0 to 255 stand in a label with a hyphen, a dot or an underscore between them.</summary>
    private static bool HoldsAddress(ReadOnlySpan<byte> label)
    {
        int numbers = 0;
        int at = 0;
        while (at < label.Length)
        {
            int start = at;
            while (at < label.Length && char.IsAsciiDigit((char)label[at])) at++;
            if (at == start)
            {
                numbers = 0;
                at++;
                continue;
            }

            numbers = IsOctet(label[start..at].TrimStart((byte)'0') is { IsEmpty: false } digits ? digits : "0"u8) ? numbers + 1 : 0;
            if (numbers == 4) return true;
            if (at < label.Length && label[at] is (byte)'-' or (byte)'.' or (byte)'_') at++;
            else numbers = 0;
        }

        return false;
    }

    private bool IsOpaque(ReadOnlySpan<byte> label)
    {
        if (label.Length > 0 && label[0] == '_') label = label[1..]; // as in the names by which certificate authorities validate
        int hex = 0, hyphens = 0, base32 = 0, base32Hex = 0, figures = 0;
        foreach (byte b in label)
        {
            if (char.IsAsciiHexDigit((char)b)) hex++;
            if (b == '-') hyphens++;
            if (b is >= (byte)'a' and <= (byte)'z' or >= (byte)'2' and <= (byte)'7') base32++; // RFC 4648 section 6
            if (b is >= (byte)'a' and <= (byte)'v' or >= (byte)'0' and <= (byte)'9') base32Hex++; // RFC 4648 section 7
            if (char.IsAsciiDigit((char)b)) figures++;
        }

        if (hex >= _options.MinHexDigits && hex + hyphens == label.Length) return true;
        return Math.Max(base32, base32Hex) == label.Length && label.Length >= _options.MinBase32Digits && figures * 10 >= label.Length;
    }
}
