namespace PassiveDns.Analysis;

/// <summary>What a DKIM key record's key is good for.</summary>
public enum DkimKeyState : byte
{
    /// <summary>It can be used.</summary>
    Usable,

    /// <summary><c>p=</c> is empty: the key was revoked (RFC 6376 section 3.6.1).</summary>
    Revoked,

    /// <summary>An RSA key under 1,024 bits, which verifiers must not use (RFC 8301 section 3.2).</summary>
    TooShort,

    /// <summary>The octets of <c>p=</c> are no key of the type that <c>k=</c> names.</summary>
    Unreadable,

    /// <summary>The type that <c>k=</c> names is not known; verifiers ignore the key.</summary>
    UnknownType,
}
