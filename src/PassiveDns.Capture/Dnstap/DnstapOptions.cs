namespace PassiveDns.Capture;

/// <summary>What of a dnstap stream may be observed. A resolver's own RESOLVER_RESPONSE messages always may; the rest is refused unless declared here.</summary>
public sealed class DnstapOptions
{
    /// <summary>The highest value of <see cref="MaxFrameLength"/>.</summary>
    internal const int HighestFrameLength = 1 << 24;

    /// <summary>
    /// The senders that are authoritative servers, by the identity that they send (<c>server: identity</c>, usually the host's name), whose
    /// AUTH_RESPONSE messages are observed then. <c>*</c> declares every sender. Empty by default, for resolvers log their own clients as AUTH_*.
    /// </summary>
    public IList<string> AuthoritativeServers { get; } = [];

    /// <summary>
    /// The zones for which those servers speak, such as <c>example.com</c>. AUTH_RESPONSE names neither the zone nor, often, the server's address, so
    /// without them only the answers' own hints at their zone are left, and what comes out is estimated.
    /// </summary>
    public IList<string> AuthoritativeZones { get; } = [];

    /// <summary>Whether responses of resolvers need their queries.</summary>
    public DnstapPairing Pairing { get; set; } = DnstapPairing.WhereQueriesAreLogged;

    /// <summary>
    /// Whether the addresses in the messages are held against <see cref="VantageOptions.Resolvers"/> where both are there: a query of another host and an
    /// answer of one of the resolvers are refused. Default <c>true</c>. Switch it off where addresses are anonymised or translated.
    /// </summary>
    public bool CheckResolvers { get; set; } = true;

    /// <summary>The longest data frame in octets, 1,024 to 2^24; a longer one ends its stream. Default 1 MiB, as the format's own library has it.</summary>
    public int MaxFrameLength { get; set; } = 1 << 20;

    /// <summary>Checks every value. A source does so when it is made.</summary>
    /// <exception cref="ArgumentException">A value is out of its range; the message names the option and the mend.</exception>
    public void Validate()
    {
        if (MaxFrameLength is < 1024 or > HighestFrameLength)
            throw new ArgumentException("Vantage.Dnstap.MaxFrameLength is out of range: give 1024 to 16777216, such as 1048576.");
        if (!Enum.IsDefined(Pairing))
            throw new ArgumentException("Vantage.Dnstap.Pairing has no such value: give WhereQueriesAreLogged or Always.");
        if (AuthoritativeServers.Any(string.IsNullOrEmpty))
            throw new ArgumentException("Vantage.Dnstap.AuthoritativeServers holds an empty name: give the identity that the server sends, or * for every sender.");
        foreach (string zone in AuthoritativeZones)
        {
            if (!DomainName.TryParse(zone, out _))
                throw new ArgumentException($"Vantage.Dnstap.AuthoritativeZones: '{zone}' is no domain name; write it as example.com.");
        }

        if (AuthoritativeZones.Count > 0 && AuthoritativeServers.Count == 0)
            throw new ArgumentException("Vantage.Dnstap.AuthoritativeZones needs Vantage.Dnstap.AuthoritativeServers: name the servers that speak for these zones, or * for every sender.");
    }
}
