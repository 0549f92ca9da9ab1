using System.Text.RegularExpressions;

namespace PassiveDns.Storage.Privacy;

/// <summary>Which names carry secrets. Every rule is on unless it is turned off.</summary>
public sealed record RedactionOptions
{
    /// <summary>Whether labels with an <c>@</c> are cut away.</summary>
    public bool MailAddresses { get; init; } = true;

    /// <summary>
    /// Whether addresses turned round are cut away, as in <c>1.2.0.192.bl.example</c>. Names in <c>in-addr.arpa</c> and <c>ip6.arpa</c> stay: there the address is the
    /// name of a machine, not the object of somebody's question.
    /// </summary>
    public bool ReversedAddresses { get; init; } = true;

    /// <summary>Whether labels with an IPv4 address written out are cut away, as in <c>host-192-0-2-1.isp.example</c>.</summary>
    public bool AddressLabels { get; init; } = true;

    /// <summary>Whether long labels of hexadecimal or base32 digits are cut away. The owner names of NSEC3 stay: there the digest is the name.</summary>
    public bool OpaqueLabels { get; init; } = true;

    /// <summary>The hexadecimal digits from which on a label is opaque, 8 to 63; hyphens between them do not count. Default 32.</summary>
    public int MinHexDigits { get; init; } = 32;

    /// <summary>The base32 digits (RFC 4648 sections 6 and 7) from which on a label is opaque, 8 to 63, if a tenth of them are figures. Default 26.</summary>
    public int MinBase32Digits { get; init; } = 26;

    /// <summary>
    /// Regular expressions over names as text, in lower case with a dot at the end; what a match touches is cut away. They run without backtracking, in
    /// time linear in the name.
    /// </summary>
    public IReadOnlyList<string> Patterns { get; init; } = [];

    /// <summary>Names that stay as they are, and everything under them.</summary>
    public IReadOnlyList<DomainName> Exempt { get; init; } = [];

    /// <summary>Checks the options.</summary>
    /// <exception cref="ArgumentException">An option is out of its range, or a pattern cannot be used; the message names it.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MinHexDigits, 8);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MinHexDigits, DomainName.MaxLabelLength);
        ArgumentOutOfRangeException.ThrowIfLessThan(MinBase32Digits, 8);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MinBase32Digits, DomainName.MaxLabelLength);
        foreach (string pattern in Patterns) Compile(pattern);
    }

    internal static Regex Compile(string pattern)
    {
        try
        {
            return new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new ArgumentException($"Patterns: '{pattern}' cannot be used ({e.Message.TrimEnd('.')}); give a regular expression without back references and look-around.", nameof(pattern), e);
        }
    }
}
