namespace PassiveDns.Analysis;

/// <summary>The mechanisms and modifiers of SPF (RFC 7208 sections 5 and 6).</summary>
public enum SpfTermKind : byte
{
    /// <summary><c>all</c>: always matches.</summary>
    All,

    /// <summary><c>include</c>: matches if the record of another domain passes.</summary>
    Include,

    /// <summary><c>a</c>: the addresses of a name.</summary>
    Address,

    /// <summary><c>mx</c>: the addresses of the mail servers of a name.</summary>
    MailServers,

    /// <summary><c>ptr</c>: what the address's name is under. Not to be used.</summary>
    Pointer,

    /// <summary><c>ip4</c></summary>
    Ipv4,

    /// <summary><c>ip6</c></summary>
    Ipv6,

    /// <summary><c>exists</c>: a name, mostly made by macros, has an address.</summary>
    Exists,

    /// <summary><c>redirect=</c>: the record of another domain decides, if no mechanism matched.</summary>
    Redirect,

    /// <summary><c>exp=</c>: where an explanation stands.</summary>
    Explanation,

    /// <summary>A modifier that the standard does not know, and that is ignored.</summary>
    UnknownModifier,
}
