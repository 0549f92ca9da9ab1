using System.Collections.Immutable;

namespace PassiveDns.Analysis;

/// <summary>A place where a DKIM key was published.</summary>
public sealed record DkimKeyUse
{
    /// <summary>The domain that it signs for.</summary>
    public required DomainName Domain { get; init; }

    /// <summary>Its registrable domain.</summary>
    public required DomainName RegistrableDomain { get; init; }

    /// <summary>The selector.</summary>
    public required string Selector { get; init; }

    /// <summary>The key record.</summary>
    public required DkimKey Key { get; init; }

    /// <summary>When it was there; by aliases: when all links of the chain were there at once.</summary>
    public required Presence Presence { get; init; }

    /// <summary>The names between the selector's and the holder of the key, the holder last; empty if the key stands in the domain's own zone.</summary>
    public ImmutableArray<DomainName> Aliases { get; init; } = [];

    /// <summary>The rows behind it: the aliases and the key.</summary>
    public required ImmutableArray<Observation> Evidence { get; init; }
}
