namespace PassiveDns.Analysis;

/// <summary>One term of an SPF record.</summary>
public sealed record SpfTerm
{
    /// <summary>What it is.</summary>
    public required SpfTermKind Kind { get; init; }

    /// <summary>Of a mechanism, what a match results in.</summary>
    public SpfQualifier Qualifier { get; init; }

    /// <summary>The domain-spec as it is written, macros included, or <c>null</c> where there is none; then the domain itself is meant. Of an unknown modifier its value.</summary>
    public string? Domain { get; init; }

    /// <summary>Of <c>ip4</c> and <c>ip6</c> the address.</summary>
    public HostAddress? Address { get; init; }

    /// <summary>How many leading bits of IPv4 addresses count, 0 to 32.</summary>
    public int Ipv4Prefix { get; init; } = 32;

    /// <summary>How many leading bits of IPv6 addresses count, 0 to 128.</summary>
    public int Ipv6Prefix { get; init; } = 128;

    /// <summary>The term as it is written.</summary>
    public required string Text { get; init; }

    /// <summary>Whether the domain-spec has macros (RFC 7208 section 7), which need a message to be expanded.</summary>
    public bool HasMacros => Domain?.Contains('%', StringComparison.Ordinal) == true;

    /// <summary>Whether its evaluation costs one of the ten look-ups (RFC 7208 section 4.6.4).</summary>
    public bool CostsLookup => Kind is SpfTermKind.Include or SpfTermKind.Address or SpfTermKind.MailServers or SpfTermKind.Pointer or SpfTermKind.Exists or SpfTermKind.Redirect;

    /// <summary>Whether it is a mechanism.</summary>
    public bool IsMechanism => Kind < SpfTermKind.Redirect;
}
