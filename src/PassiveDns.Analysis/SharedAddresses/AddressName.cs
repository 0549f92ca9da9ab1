using System.Collections.Immutable;

namespace PassiveDns.Analysis;

/// <summary>A name that had an address, itself or by aliases.</summary>
public sealed record AddressName
{
    /// <summary>The name.</summary>
    public required DomainName Name { get; init; }

    /// <summary>Its registrable domain.</summary>
    public required DomainName RegistrableDomain { get; init; }

    /// <summary>When it had the address, within the window. By aliases: when all links of the chain were there at once.</summary>
    public required Presence Presence { get; init; }

    /// <summary>How many responses said so; by aliases: how many held the alias.</summary>
    public required long Count { get; init; }

    /// <summary>The names between it and the holder of the address, the holder last; empty for a name with an address record of its own.</summary>
    public ImmutableArray<DomainName> Aliases { get; init; } = [];

    /// <summary>Whether the address is only a hint in an HTTPS or SVCB record of the name (RFC 9460 section 7.3).</summary>
    public bool IsHint { get; init; }

    /// <summary>The rows behind it: the address records, or the alias and the rows behind what it leads to.</summary>
    public required ImmutableArray<Observation> Evidence { get; init; }
}
