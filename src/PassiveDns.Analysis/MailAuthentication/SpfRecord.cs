using System.Collections.Immutable;
using System.Globalization;

namespace PassiveDns.Analysis;

/// <summary>An SPF record (RFC 7208).</summary>
public sealed record SpfRecord
{
    private const string Version = "v=spf1";

    /// <summary>The terms, in their order.</summary>
    public required ImmutableArray<SpfTerm> Terms { get; init; }

    /// <summary>What <c>all</c> results in, or <c>null</c> if there is none: then the end of the record is neutral, or a redirect decides.</summary>
    public SpfQualifier? All
    {
        get
        {
            foreach (SpfTerm term in Terms)
            {
                if (term.Kind == SpfTermKind.All) return term.Qualifier;
            }

            return null;
        }
    }

    /// <summary>The terms of this record that cost a look-up (RFC 7208 section 4.6.4); <c>redirect</c> does not count behind <c>all</c>, where it is never used.</summary>
    public int Lookups => Terms.Count(term => term.CostsLookup && (term.Kind != SpfTermKind.Redirect || All is null));

    /// <summary>Whether a text is meant as an SPF record: <c>v=spf1</c>, then a blank or nothing (RFC 7208 section 4.5).</summary>
    public static bool IsMeant(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.StartsWith(Version, StringComparison.OrdinalIgnoreCase) && (text.Length == Version.Length || text[Version.Length] == ' ');
    }

    /// <summary>Reads a record.</summary>
    /// <param name="text">The strings of the TXT record joined.</param>
    /// <param name="record">The record; <c>null</c> if the result is <c>false</c>.</param>
    /// <param name="problem">What is wrong if the result is <c>false</c>: then the result of the record is <c>permerror</c>.</param>
    public static bool TryParse(string text, out SpfRecord? record, out string? problem)
    {
        record = null;
        problem = null;
        if (!IsMeant(text))
        {
            problem = "it does not begin with v=spf1 (RFC 7208 section 4.5)";
            return false;
        }

        ImmutableArray<SpfTerm>.Builder terms = ImmutableArray.CreateBuilder<SpfTerm>();
        foreach (Range range in text.AsSpan(Version.Length).Split(' ')) // terms are apart by blanks alone (section 4.6.1)
        {
            string written = text[Version.Length..][range];
            if (written.Length == 0) continue;
            if (Parse(written) is not { } term)
            {
                problem = $"'{written}' is no term (RFC 7208 section 12)";
                return false;
            }

            // section 6: each of these at most once
            if (term.Kind is SpfTermKind.Redirect or SpfTermKind.Explanation && terms.Any(other => other.Kind == term.Kind))
            {
                problem = $"{(term.Kind == SpfTermKind.Redirect ? "redirect" : "exp")} is there twice (RFC 7208 section 6)";
                return false;
            }

            terms.Add(term);
        }

        record = new() { Terms = terms.DrainToImmutable() };
        return true;
    }

    /// <inheritdoc/>
    public bool Equals(SpfRecord? other) => other is not null && Terms.AsSpan().SequenceEqual(other.Terms.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Terms.Length, Terms.IsEmpty ? 0 : Terms[0].GetHashCode());

    private static SpfTerm? Parse(string written)
    {
        // modifier = name "=" macro-string; a mechanism's name ends at ":" or "/".
        int end = written.AsSpan().IndexOfAny(":/=");
        if (end > 0 && written[end] == '=') return Modifier(written, written[..end], written[(end + 1)..]);
        SpfQualifier? sign = written[0] switch { '+' => SpfQualifier.Pass, '-' => SpfQualifier.Fail, '~' => SpfQualifier.SoftFail, '?' => SpfQualifier.Neutral, _ => null };
        string rest = sign is null ? written : written[1..];
        int border = rest.AsSpan().IndexOfAny(":/");
        string name = border < 0 ? rest : rest[..border], argument = border < 0 ? "" : rest[border..];
        SpfTerm term = new() { Kind = SpfTermKind.All, Qualifier = sign ?? SpfQualifier.Pass, Text = written };
        return name.ToLowerInvariant() switch
        {
            "all" => argument.Length == 0 ? term : null,
            "include" => WithDomain(term with { Kind = SpfTermKind.Include }, argument),
            "exists" => WithDomain(term with { Kind = SpfTermKind.Exists }, argument),
            "ptr" => argument.Length == 0 ? term with { Kind = SpfTermKind.Pointer } : WithDomain(term with { Kind = SpfTermKind.Pointer }, argument),
            "a" => WithPrefixes(term with { Kind = SpfTermKind.Address }, argument),
            "mx" => WithPrefixes(term with { Kind = SpfTermKind.MailServers }, argument),
            "ip4" => WithNetwork(term with { Kind = SpfTermKind.Ipv4 }, argument, isIpv4: true),
            "ip6" => WithNetwork(term with { Kind = SpfTermKind.Ipv6 }, argument, isIpv4: false),
            _ => null,
        };
    }

    private static SpfTerm? Modifier(string written, string name, string value)
    {
        if (!char.IsAsciiLetter(name[0]) || !name.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.')) return null;
        SpfTermKind kind = name.ToLowerInvariant() switch { "redirect" => SpfTermKind.Redirect, "exp" => SpfTermKind.Explanation, _ => SpfTermKind.UnknownModifier };
        bool isValid = kind == SpfTermKind.UnknownModifier ? SpfMacros.IsMacroString(value, out _) : SpfMacros.IsDomainSpec(value);
        return isValid ? new() { Kind = kind, Domain = value, Text = written } : null;
    }

    private static SpfTerm? WithDomain(SpfTerm term, string argument) =>
        argument.Length > 1 && argument[0] == ':' && SpfMacros.IsDomainSpec(argument.AsSpan(1)) ? term with { Domain = argument[1..] } : null;

    // [ ":" domain-spec ] [ "/" ip4-cidr ] [ "//" ip6-cidr ]; a domain-spec may hold slashes itself, so the lengths are looked for from the end.
    private static SpfTerm? WithPrefixes(SpfTerm term, string argument)
    {
        if (TakePrefix(ref argument, "//") is { } six)
        {
            if (six.Length == 0 || Prefix(six, 128) is not { } bits) return null;
            term = term with { Ipv6Prefix = bits };
        }

        if (TakePrefix(ref argument, "/") is { } four)
        {
            if (four.Length == 0 || Prefix(four, 32) is not { } bits) return null;
            term = term with { Ipv4Prefix = bits };
        }

        return argument.Length == 0 ? term : WithDomain(term, argument);
    }

    // Takes digits behind a mark at the end; what is no length stays, and the domain-spec decides on it.
    private static string? TakePrefix(ref string argument, string mark)
    {
        int digits = argument.Length;
        while (digits > 0 && char.IsAsciiDigit(argument[digits - 1])) digits--;
        if (digits < mark.Length || !argument.AsSpan(0, digits).EndsWith(mark)) return null;
        string taken = argument[digits..];
        argument = argument[..(digits - mark.Length)];
        return taken;
    }

    private static SpfTerm? WithNetwork(SpfTerm term, string argument, bool isIpv4)
    {
        if (argument.Length < 2 || argument[0] != ':') return null;
        string address = argument[1..];
        int slash = address.IndexOf('/', StringComparison.Ordinal), bits = isIpv4 ? 32 : 128;
        if (slash >= 0)
        {
            if (Prefix(address[(slash + 1)..], bits) is not { } given) return null;
            bits = given;
            address = address[..slash];
        }

        if (!HostAddress.TryParse(address, out HostAddress parsed) || address.Contains('%', StringComparison.Ordinal)) return null;

        // The text decides on the family: an IPv6 address that maps an IPv4 one is written in ip6.
        if (address.Contains(':', StringComparison.Ordinal) == isIpv4) return null;
        return term with { Address = parsed, Ipv4Prefix = isIpv4 ? bits : 32, Ipv6Prefix = isIpv4 ? 128 : bits };
    }

    // "0" or a number without leading zeros, up to the most bits.
    private static int? Prefix(string digits, int most) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int bits) && bits <= most && (digits[0] != '0' || digits.Length == 1) ? bits : null;
}
