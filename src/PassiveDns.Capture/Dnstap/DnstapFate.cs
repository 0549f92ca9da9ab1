namespace PassiveDns.Capture;

/// <summary>What became of a dnstap message; every one has exactly one fate at every moment. Names shared with packets mean the same.</summary>
internal enum DnstapFate : byte
{
    /// <summary>A response handed on.</summary>
    Observed,

    /// <summary>A response that waits to be taken.</summary>
    Held,

    /// <summary>A resolver's own query to a server.</summary>
    Query,

    /// <summary>A query as a declared authoritative server logs it. Only its response is observed.</summary>
    ServerQuery,

    /// <summary>A copy of a response that was accepted already.</summary>
    Duplicate,

    /// <summary>CLIENT_QUERY, CLIENT_RESPONSE: between a client and the resolver. Never observed.</summary>
    RefusedClientSide,

    /// <summary>STUB_QUERY, STUB_RESPONSE: between a stub and a resolver. Never observed.</summary>
    RefusedStub,

    /// <summary>FORWARDER_QUERY, FORWARDER_RESPONSE, or a server that is one of the configured resolvers: not an authoritative server's word.</summary>
    RefusedForwarder,

    /// <summary>TOOL_QUERY, TOOL_RESPONSE.</summary>
    RefusedTool,

    /// <summary>UPDATE_QUERY, UPDATE_RESPONSE: a dynamic update.</summary>
    RefusedUpdate,

    /// <summary>AUTH_QUERY, AUTH_RESPONSE of a sender that is not declared to be an authoritative server: some resolvers log their clients so.</summary>
    RefusedUndeclaredServer,

    /// <summary>Recursion was asked for: the answer of a forwarder, whatever the message's type says.</summary>
    RefusedRecursionDesired,

    /// <summary>The resolver's address is none of the configured ones.</summary>
    RefusedOtherHosts,

    /// <summary>An opcode other than QUERY.</summary>
    RefusedOpcode,

    /// <summary>A local policy (RPZ) changed the answer.</summary>
    RefusedPolicy,

    /// <summary>A response to no query that was logged: another question, other letter case, another server, or a second response.</summary>
    Unsolicited,

    /// <summary>A response after its query's time was over.</summary>
    Late,

    /// <summary>A different response to a query that was answered already.</summary>
    Contested,

    /// <summary>The frame names a query or a response, but does not hold its octets.</summary>
    NoMessage,

    /// <summary>The server's address is missing or shortened.</summary>
    NoServerAddress,

    /// <summary>No time at all.</summary>
    NoTime,

    /// <summary>Fewer than the 12 octets of a header (RFC 1035 section 4.1.1), or a response that is none by its header, or more than 65,535 octets.</summary>
    MalformedHeader,

    /// <summary>Not exactly one question (RFC 9619), or one that cannot be read.</summary>
    MalformedQuestion,

    /// <summary>The queue was full, and the policy is to drop then.</summary>
    DroppedQueueFull,
}
