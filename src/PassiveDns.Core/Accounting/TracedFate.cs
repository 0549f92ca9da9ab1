namespace PassiveDns;

/// <summary>
/// One thing that entered a stage, and what became of it for good: what a line of an account counts, told one by one. For explaining why something
/// was not observed. There is no place in it for the address of a client or of a resolver, on purpose.
/// </summary>
/// <remarks>Things are told when their fate is settled, which for some is long after they came in: a response is held back, a fragment waits.</remarks>
public sealed record TracedFate
{
    /// <summary>The stage, as in <see cref="StageCount.Stage"/>.</summary>
    public required string Stage { get; init; }

    /// <summary>What became of it, as in <see cref="StageCount.Fate"/>.</summary>
    public required string Fate { get; init; }

    /// <summary>Whether it ended here although it was wanted.</summary>
    public required bool IsDrop { get; init; }

    /// <summary>
    /// Up to the stages <c>messages</c> and <c>queries</c>: the number of the packet, counted from 1 as Wireshark does; of a message in several packets
    /// that of the one which completed it. Behind them: the number of the response, counted from 1 in the order in which responses were handed on.
    /// </summary>
    public required long Number { get; init; }

    /// <summary>When it was seen, in nanoseconds since 1970 (UTC); 0 if the packet has no time.</summary>
    public long UnixNanoseconds { get; init; }

    /// <summary>The name asked for, or the owner of an RRset; <c>null</c> if it cannot be read or there is none.</summary>
    public DomainName? Name { get; init; }

    /// <summary>The type asked for, or that of an RRset.</summary>
    public RecordType? Type { get; init; }

    /// <summary>The address of the authoritative server; <c>null</c> wherever the address could be another's.</summary>
    public HostAddress? Server { get; init; }

    /// <summary>The section in which an RRset stood; <c>null</c> before the stage <c>rrsets</c>.</summary>
    public DnsSection? Section { get; init; }

    /// <summary>
    /// Of an observed RRset the zone that it is kept under; of one that is not verified the closest zone above it whose servers are known, none of which
    /// is the one that answered. <c>null</c> if there is no such zone, and before the stage <c>rrsets</c>.
    /// </summary>
    public DomainName? Zone { get; init; }
}
