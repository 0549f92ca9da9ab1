namespace PassiveDns;

/// <summary>
/// How it is known that the server which gave an answer speaks for the data in it. Part of an observation's key, so that data of
/// different trust is never mixed into one row.
/// </summary>
public enum Provenance : byte
{
    /// <summary>Seen in traffic; the server's address belongs to a name server of the bailiwick, as verified from accepted data alone.</summary>
    VerifiedTraffic = 1,

    /// <summary>A resolver said which zone it asked the server for (dnstap <c>query_zone</c>).</summary>
    ResolverStated = 2,

    /// <summary>Seen in traffic; the bailiwick is estimated from the answer itself (AA, SOA, RRSIG signer).</summary>
    Estimated = 3,

    /// <summary>Seen in traffic, and nothing supports it: the "chaff".</summary>
    Unverified = 4,

    /// <summary>Read from a zone file or a zone transfer.</summary>
    ZoneFile = 5,

    /// <summary>The answer to a question that this product asked itself.</summary>
    Probe = 6,
}
