namespace PassiveDns.Analysis;

/// <summary>What a host does for a name.</summary>
public enum ServerRole : byte
{
    /// <summary>It serves the zone (NS).</summary>
    NameServer,

    /// <summary>It takes its mail (MX).</summary>
    MailServer,
}
