using System.Collections.Immutable;

namespace PassiveDns.Analysis;

/// <summary>Something that was observed for the first time.</summary>
public sealed record Newcomer
{
    /// <summary>What is new.</summary>
    public required NewcomerKind Kind { get; init; }

    /// <summary>The domain, the host, or the owner name of the RRset.</summary>
    public required DomainName Name { get; init; }

    /// <summary>The registrable domain, or <c>null</c> if the name is a public suffix.</summary>
    public required DomainName? RegistrableDomain { get; init; }

    /// <summary>When it was first seen, in Unix seconds.</summary>
    public required long FirstSeen { get; init; }

    /// <summary>The row that was seen first: of several in the same second the first in the order of keys.</summary>
    public required ImmutableArray<Observation> Evidence { get; init; }
}
