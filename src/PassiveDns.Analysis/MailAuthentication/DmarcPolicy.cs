namespace PassiveDns.Analysis;

/// <summary>What a domain asks receivers to do with mail that fails DMARC (RFC 7489 section 6.3).</summary>
public enum DmarcPolicy : byte
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Treat it as suspicious.</summary>
    Quarantine,

    /// <summary>Reject it.</summary>
    Reject,
}
