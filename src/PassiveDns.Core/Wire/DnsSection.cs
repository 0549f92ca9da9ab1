namespace PassiveDns;

/// <summary>The section of a message that an item stands in (RFC 1035 section 4.1).</summary>
public enum DnsSection : byte
{
    /// <summary>The question; its items have no TTL and no data.</summary>
    Question,

    /// <summary>Records that answer the question.</summary>
    Answer,

    /// <summary>Records that point to an authority, or an SOA in a negative answer.</summary>
    Authority,

    /// <summary>Records that help, such as glue, and the OPT record.</summary>
    Additional,
}
