using System.Collections.Immutable;

namespace PassiveDns.Analysis;

/// <summary>A zone that uses name servers which another one uses too.</summary>
public sealed record SimilarZone
{
    /// <summary>The zone.</summary>
    public required DomainName Name { get; init; }

    /// <summary>
    /// The weight of the servers that both use divided by that of the servers that either uses, 0 to 1. Widely used servers weigh little: see <see cref="SimilarZones"/>.
    /// </summary>
    public required double Similarity { get; init; }

    /// <summary>Whether both had exactly the same set of servers at the same time.</summary>
    public required bool HasSameSet { get; init; }

    /// <summary>The servers that both use, with how widely each is used.</summary>
    public required ImmutableArray<(DomainName Server, Degree Degree)> Shared { get; init; }

    /// <summary>The NS rows of the zone that share a server.</summary>
    public required ImmutableArray<Observation> Evidence { get; init; }
}
