using System.Diagnostics.CodeAnalysis;

namespace PassiveDns.Tool.Diagnosis;

/// <summary>Every fate of every stage, and what it means. A test holds that none is missing.</summary>
internal static class Reasons
{
    private const string GiveResolvers = "name the resolvers with --resolver, so that their addresses decide instead of a guess";
    private const string CaptureFragments =
        "capture fragments too: a filter of 'port 53' alone loses all but the first; add 'or (ip[6:2] & 0x1fff != 0) or (ip6[6] == 44)'";

    private const string CaptureWhole = "capture whole packets (tcpdump -s 0)";
    private const string CaptureBothWays = "capture both directions, and start the capture before the questions that matter";
    private const string ShowDelegations =
        "a resolver asks for delegations rarely: capture longer, or give --root-hints a file with more delegations, such as the root zone; rows like these answer --provenance all";

    private static readonly string[] s_damages =
    [
        "header-too-short", "question-count", "record-count", "name-overrun", "name-too-long", "label-type", "pointer-into-header", "pointer-not-backwards",
        "too-many-pointers", "name-work", "record-overrun", "rdata-overrun", "too-many-records", "opt-misplaced", "opt-malformed",
    ];

    private static readonly Dictionary<(string Stage, string Fate), Reason> s_all = Packets()
        .Concat(Frames()).Concat(Items()).Concat(Messages()).Concat(LoggedMessages()).Concat(Queries()).Concat(Responses()).Concat(Rrsets())
        .ToDictionary(entry => (entry.Stage, entry.Fate), entry => entry.Reason);

    /// <summary>All fates that are known, in the order of the walk.</summary>
    public static IEnumerable<(string Stage, string Fate)> All => s_all.Keys;

    /// <summary>What a fate means.</summary>
    public static bool TryFind(string stage, string fate, [NotNullWhen(true)] out Reason? reason) => s_all.TryGetValue((stage, fate), out reason);

    private static IEnumerable<(string Stage, string Fate, Reason Reason)> Of(string stage, params (string Fate, Reason Reason)[] reasons) =>
        reasons.Select(reason => (stage, reason.Fate, reason.Reason));

    private static IEnumerable<(string Stage, string Fate, Reason Reason)> Packets() => Of("packets",
        ("udp-message", new("carried a DNS message over UDP, or completed one")),
        ("tcp-segment", new("carried part of a DNS message over TCP")),
        ("tcp-control", new("a TCP packet without data")),
        ("tcp-retransmission", new("a TCP segment that brought nothing new")),
        ("fragment-joined", new("a fragment of a datagram that became whole")),
        ("fragment-waiting", new("a fragment that still waits for the others")),
        ("fragment-duplicate", new("an exact copy of a fragment")),
        ("other-port", new("neither port is 53")),
        ("other-protocol", new("neither UDP nor TCP; DNS inside tunnels is not looked for")),
        ("not-ip", new("no IP packet")),
        ("unknown-link", new("its link type cannot be decoded", "capture on an Ethernet, VLAN, cooked or raw IP interface")),
        ("no-time", new("it has no time in the file, so nothing in it can be observed at any time", "capture with a tool that stamps packets")),
        ("truncated-capture", new("it was cut when it was captured, and its DNS message is not whole", CaptureWhole)),
        ("malformed-link", new("its link layer header is damaged")),
        ("malformed-ip", new("its IP header is damaged")),
        ("malformed-udp", new("its UDP header or length is damaged")),
        ("malformed-tcp", new("its TCP header is damaged")),
        ("empty-udp", new("a UDP datagram on port 53 without a payload")),
        ("checksum-incorrect", new(
            "a response with a wrong UDP checksum, which the resolver's host did not accept either",
            "if this was captured on the answering server's own host, its interface computes checksums later: switch off checksum offloading, or capture elsewhere")),
        ("fragment-invalid", new("a fragment of a datagram whose fragments overlap or have impossible lengths, as in an attack with forged fragments")),
        ("fragment-incomplete", new("the other fragments of its datagram never came", CaptureFragments)),
        ("fragment-evicted", new("more fragments were waiting than there is room for")),
        ("tcp-midstream", new("the start of its TCP stream was not seen, and no message surely starts here", "start the capture earlier; streams that begin in it are read whole")),
        ("tcp-conflict", new("its TCP stream holds two different copies of the same octets, and neither is believed")),
        ("tcp-limit", new("its TCP stream has too large or too many holes", "look for packet loss where the capture was made")),
        ("tcp-incomplete", new("its TCP stream ended before the message was whole", "look for packet loss where the capture was made, and capture whole packets (tcpdump -s 0)")));

    // Of dnstap and of PowerDNS.
    private static IEnumerable<(string Stage, string Fate, Reason Reason)> Frames() => Of("packets",
        ("message", new("a frame with a message, which is counted by what became of it")),
        ("malformed-protobuf", new("a frame that is no Protocol Buffers message")),
        ("not-a-message", new("a frame that holds no message")),
        ("unknown-message-type", new("a message of a kind that came later than this program", "take a newer version of it")),
        ("too-long", new("longer than a frame, or than a message, may be; of dnstap nothing behind it can be found", "raise Vantage.Dnstap.MaxFrameLength if the file is sound")),
        ("cut", new("the file ends inside it", "get a whole copy of the file")));

    private static IEnumerable<(string Stage, string Fate, Reason Reason)> Items() => Of("packets",
        ("query-and-response", new("an item of C-DNS with a question and its response")),
        ("query-only", new("an item of C-DNS with a question alone")),
        ("response-only", new("an item of C-DNS with a response alone")),
        ("refused-by-kind", new("the sensor says that it comes from a cache, or lies between a stub, a client or a forwarder and the resolver: never observed")),
        ("address-cut", new("the sensor cut its addresses to prefixes, so that a resolver cannot be told from a client", "let the sensor keep whole server addresses")),
        ("not-kept", new("the sensor did not keep all that an observation needs", "let it keep flags, server addresses and all sections with TTLs and data (in Compactor: include = all)")),
        ("malformed-message", new("a message that the sensor could not read")),
        ("malformed-item", new("it points outside the tables of its block, or its parts are not of their kind", "get a whole copy of the file")));

    private static IEnumerable<(string Stage, string Fate, Reason Reason)> Messages() => Of("messages",
        ("observed", new("an authoritative server's answer to a resolver's own question")),
        ("held", new("held back to see whether a different answer comes")),
        ("query", new("a resolver's own question to a server")),
        ("duplicate", new("a copy of a response that was accepted already")),
        ("refused-client-side", new("between a client and a resolver: never observed")),
        ("refused-forwarder", new("between two of the configured resolvers, so no authoritative server's word")),
        ("refused-recursion-desired", new(
            "it has RD=1: a client or a forwarder speaks to a resolver",
            "this capture was taken below the resolver; capture between the resolver and the Internet, or take the resolver's dnstap (RESOLVER_RESPONSE)")),
        ("refused-recursive-server", new("the server offers recursion (RA=1), so that it may speak from its cache to a client", GiveResolvers)),
        ("refused-other-hosts", new(
            "neither side is a configured resolver",
            "check --resolver: give the addresses from which the resolvers ask, which behind NAT or with several interfaces are not those that clients use")),
        ("refused-direction", new("a question that does not go to port 53, or a response that does not come from it")),
        ("refused-opcode", new("no ordinary query, but a NOTIFY, UPDATE or the like")),
        ("unsolicited", new("no question for it was seen: a spoofing attempt, or the question was not captured", CaptureBothWays)),
        ("late", new("it came after its question's time was over")),
        ("contested", new("different responses answered the same question, as in a spoofing race, and neither is believed", "look at these packets: somebody may be spoofing")),
        ("malformed-header", new("shorter than the header of a DNS message")),
        ("malformed-question", new("it does not hold exactly one question that can be read")),
        ("malformed-records", new("its records cannot be read, and another response to the same question can")));

    // What only the log of a DNS server can hold.
    private static IEnumerable<(string Stage, string Fate, Reason Reason)> LoggedMessages() => Of("messages",
        ("server-query", new("a question as a declared authoritative server logs it; only its response is observed")),
        ("refused-stub", new("between a stub and a resolver: never observed")),
        ("refused-tool", new("of a tool, not of a resolver")),
        ("refused-update", new("a dynamic update")),
        ("refused-undeclared-server", new(
            "logged as an authoritative server's (AUTH), and the sender is not declared to be one: resolvers log their own clients so",
            "if the sender is an authoritative server, declare it in Vantage.Dnstap.AuthoritativeServers")),
        ("refused-policy", new("a local policy (RPZ) changed the answer, so that it is not the server's")),
        ("no-message", new("the log names a question or a response, but does not hold it; of a PowerDNS Recursor a timeout looks so")),
        ("no-server-address", new("the server's address is missing or shortened", "let the DNS server log the whole addresses of servers")),
        ("no-time", new("it has no time", "let the DNS server log times")),
        ("dropped-queue-full", new("the queue was full, and the policy is to drop then")));

    private static IEnumerable<(string Stage, string Fate, Reason Reason)> Queries() => Of("queries",
        ("waiting", new("still waits for its response")),
        ("answered", new("a response came")),
        ("repeated", new("the same question again while the first one stood")),
        ("unanswered", new("no response came", CaptureBothWays)),
        ("evicted", new("more questions were waiting than there is room for")));

    private static IEnumerable<(string Stage, string Fate, Reason Reason)> Responses() => Of("responses",
    [
        ("accepted", new("a positive answer or a referral")),
        ("negative", new("NXDOMAIN or no data; what proves it is observed")),
        ("empty", new("there is no record in it")),
        ("not-a-response", new("a question, not a response")),
        ("opcode", new("no ordinary query, but a NOTIFY, UPDATE or the like")),
        ("truncated", new("it says itself that it was cut (TC); the resolver asks again over TCP", null)),
        ("no-question", new("it holds no question")),
        ("class", new("it is of another class than IN")),
        ("rcode-formerr", new("the server said FORMERR")),
        ("rcode-servfail", new("the server said SERVFAIL")),
        ("rcode-notimp", new("the server said NOTIMP")),
        ("rcode-refused", new("the server said REFUSED")),
        ("rcode-other", new("the server said another error")),
        .. s_damages.Select(damage => ("malformed-" + damage, new Reason($"the message is damaged ({damage.Replace('-', ' ')}), so nothing of it is believed"))),
    ]);

    private static IEnumerable<(string Stage, string Fate, Reason Reason)> Rrsets() => Of("rrsets",
        ("observed-verified", new("observed: the server is known to serve the zone {zone}")),
        ("observed-resolver-stated", new("observed: the resolver said that it asked for the zone {zone}")),
        ("observed-estimated", new("kept apart as estimated: only the answer itself says that it is from {zone}", ShowDelegations)),
        ("observed-unverified", new("kept apart as unverified: the closest zone whose servers are known is {zone}, and this server is none of them", ShowDelegations)),
        ("observed-probe", new("observed as a probe in the zone {zone}")),
        ("dropped-probe-out-of-zone", new("the answer to a question of our own, but not in the zone asked")),
        ("dropped-unverified", new("not verified: the closest zone whose servers are known is {zone}, and this server is none of them", ShowDelegations)),
        ("waiting", new("still waits for the delegation that would verify it")),
        ("repeated", new("the same set stands in another section of the response and counts once")),
        ("dropped-scrubbed-out-of-chain", new("its owner is not on the chain of aliases from the name asked for")),
        ("dropped-scrubbed-answer-type", new("it is of a type that was not asked for")),
        ("dropped-scrubbed-bad-alias", new("more than one alias at a name, or a CNAME that its DNAME does not yield")),
        ("dropped-scrubbed-authority-type", new("it is of a type that has no business in the authority section")),
        ("dropped-scrubbed-authority-owner", new("its owner in the authority section is no ancestor of the name asked for")),
        ("dropped-scrubbed-ns-in-negative", new("an NS set in a negative answer, where forged fragments put them")),
        ("dropped-scrubbed-second-ns", new("a second NS set in the authority section")),
        ("dropped-scrubbed-additional-type", new("it is of a type that has no business in the additional section")),
        ("dropped-scrubbed-unmentioned", new("no record that was kept mentions its owner")),
        ("dropped-scrubbed-orphan-signature", new("a signature without what it signs")),
        ("rdata-malformed", new("the data of a record does not have the shape of its type, so the whole set is dropped")),
        ("rdata-compressed", new("a name is compressed in a type where RFC 3597 does not allow it, and --strict-compression drops such sets")),
        ("too-large", new("it has more records or octets than a set may have")),
        ("meta-type", new("its type exists in messages only, not in zones")),
        ("class", new("it is of another class than IN")));
}
