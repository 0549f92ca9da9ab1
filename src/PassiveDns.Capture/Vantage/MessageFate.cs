namespace PassiveDns.Capture;

/// <summary>What became of a DNS message; every message has exactly one fate at every moment.</summary>
public enum MessageFate : byte
{
    /// <summary>A response handed on.</summary>
    Observed,

    /// <summary>A matched response that is still held back for the contest window.</summary>
    Held,

    /// <summary>A resolver's own query to a server.</summary>
    Query,

    /// <summary>A copy of a response that was accepted already.</summary>
    Duplicate,

    /// <summary>Between a client and a configured resolver: never observed.</summary>
    RefusedClientSide,

    /// <summary>Between two configured resolvers (a forwarder hop): not an authoritative server's word.</summary>
    RefusedForwarder,

    /// <summary>A query that asks for recursion, or a response to one: a stub or a forwarder speaks to a resolver.</summary>
    RefusedRecursionDesired,

    /// <summary>No resolvers are configured, and the answering server offers recursion: it may speak from its cache to a client.</summary>
    RefusedRecursiveServer,

    /// <summary>Neither side is a configured resolver.</summary>
    RefusedOtherHosts,

    /// <summary>A query that does not go to port 53, or a response that does not come from it.</summary>
    RefusedDirection,

    /// <summary>An opcode other than QUERY: NOTIFY, UPDATE and others.</summary>
    RefusedOpcode,

    /// <summary>A response to no query that was seen: a spoofing attempt, or the query was not captured.</summary>
    Unsolicited,

    /// <summary>A response after its query's time was over.</summary>
    Late,

    /// <summary>Different responses answered one query: none of them is believed.</summary>
    Contested,

    /// <summary>Fewer than the 12 octets of a header (RFC 1035 section 4.1.1).</summary>
    MalformedHeader,

    /// <summary>Not exactly one question (RFC 9619), or one that cannot be read.</summary>
    MalformedQuestion,

    /// <summary>Its records cannot be read, while another response to the same query can: the resolver took that one.</summary>
    MalformedRecords,
}
