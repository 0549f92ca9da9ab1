namespace PassiveDns.Analysis;

/// <summary>What a change is about.</summary>
public enum ChangeKind : byte
{
    /// <summary>A name of which nothing was known before.</summary>
    NewName,

    /// <summary>A type that was not known before at a name that was, or that its zone had not told of before.</summary>
    NewType,

    /// <summary>Records came to a set, and none went.</summary>
    Added,

    /// <summary>Records went from a set, or all of it, and none came.</summary>
    Removed,

    /// <summary>Records went and others came.</summary>
    Replaced,

    /// <summary>A set came back that the name had had before.</summary>
    Reverted,

    /// <summary>The name servers of a zone changed; <see cref="ObservedChange.Side"/> tells who says so.</summary>
    DelegationChanged,

    /// <summary>The address of a name server changed as the parent zone gives it, beside its delegation.</summary>
    GlueChanged,

    /// <summary>The DS set changed: the chain of trust (RFC 4034 section 5).</summary>
    DsChanged,

    /// <summary>SPF, DKIM, DMARC, MTA-STS, TLS reporting or BIMI records changed.</summary>
    MailAuthChanged,

    /// <summary>The TTL of a set changed while its records stayed. When is only known to lie within its life.</summary>
    TimeToLiveShift,

    /// <summary>Only the serial number of a zone changed (RFC 1035 section 3.3.13): something in it did, or its signatures.</summary>
    SoaOnly,
}
