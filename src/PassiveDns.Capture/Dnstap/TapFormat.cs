namespace PassiveDns.Capture;

/// <summary>How a DNS server writes down its conversations.</summary>
internal enum TapFormat
{
    /// <summary>Dnstap in Frame Streams.</summary>
    Dnstap,

    /// <summary>The messages of PowerDNS, each behind its length.</summary>
    PowerDns,
}
