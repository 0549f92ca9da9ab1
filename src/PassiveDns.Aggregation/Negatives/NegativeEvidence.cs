namespace PassiveDns.Aggregation;

/// <summary>That a zone's server said within one window that a name, or a type at a name, is not there.</summary>
public sealed record NegativeEvidence
{
    /// <summary>The name; behind an alias, the one that the chain of aliases ended at.</summary>
    public required DomainName Name { get; init; }

    /// <summary>The type asked for, or <see cref="RecordType.None"/> where the whole name is not there.</summary>
    public required RecordType Type { get; init; }

    /// <summary>Whether the name or only the type is not there.</summary>
    public required NegativeKind Kind { get; init; }

    /// <summary>The zone that says so: the owner of the SOA record in the answer, which the server was verified to speak for.</summary>
    public required DomainName Zone { get; init; }

    /// <summary>
    /// 0 if <see cref="Name"/> is the name; else it is a wildcard that stands for about so many different names, which were made up faster than they could be kept
    /// (see <see cref="AggregationOptions.FloodGuard"/>).
    /// </summary>
    public long FoldedNames { get; init; }

    /// <summary>When it was said first and last (Unix seconds), how often, and for how long it may be believed (RFC 2308 section 5).</summary>
    public required Sighting Sighting { get; init; }
}
