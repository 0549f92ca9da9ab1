namespace PassiveDns.Analysis;

/// <summary>What a mechanism that matches results in (RFC 7208 section 4.6.2).</summary>
public enum SpfQualifier : byte
{
    /// <summary><c>+</c>, or nothing.</summary>
    Pass,

    /// <summary><c>-</c></summary>
    Fail,

    /// <summary><c>~</c></summary>
    SoftFail,

    /// <summary><c>?</c></summary>
    Neutral,
}
