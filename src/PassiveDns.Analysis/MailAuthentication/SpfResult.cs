namespace PassiveDns.Analysis;

/// <summary>What SPF says of an address and a domain (RFC 7208 section 2.6).</summary>
public enum SpfResult : byte
{
    /// <summary>What was observed does not tell: a record or an address is missing, or a message is needed to expand macros.</summary>
    Unknown,

    /// <summary>The domain publishes no record.</summary>
    None,

    /// <summary>The domain says nothing of the address.</summary>
    Neutral,

    /// <summary>The address may send mail of the domain.</summary>
    Pass,

    /// <summary>It may not.</summary>
    Fail,

    /// <summary>It probably may not.</summary>
    SoftFail,

    /// <summary>The record, or one that it includes, cannot be used.</summary>
    PermError,
}
