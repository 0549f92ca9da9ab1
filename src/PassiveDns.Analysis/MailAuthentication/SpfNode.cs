using System.Collections.Immutable;

namespace PassiveDns.Analysis;

/// <summary>One record in the graph that <c>include</c> and <c>redirect</c> span.</summary>
public sealed record SpfNode
{
    /// <summary>The domain as the term names it; with macros it is known only for a message.</summary>
    public required string Domain { get; init; }

    /// <summary>How the record above comes here: <see cref="SpfTermKind.Include"/> or <see cref="SpfTermKind.Redirect"/>; <c>null</c> at the root.</summary>
    public SpfTermKind? Through { get; init; }

    /// <summary>Whether the domain publishes a record.</summary>
    public required PublicationState State { get; init; }

    /// <summary>The text of the record, or <c>null</c>.</summary>
    public string? Text { get; init; }

    /// <summary>Whether the domain stands above itself: a loop, which no receiver follows to its end.</summary>
    public bool IsLoop { get; init; }

    /// <summary>The terms of this record alone that cost a look-up.</summary>
    public int OwnLookups { get; init; }

    /// <summary>The records that this one includes or redirects to, in the order of the terms.</summary>
    public ImmutableArray<SpfNode> Nodes { get; init; } = [];

    /// <summary>The look-ups of this record and all below: what a receiver needs if no mechanism matches early. More than ten are an error (RFC 7208 section 4.6.4).</summary>
    public int Lookups => OwnLookups + Nodes.Sum(static node => node.Lookups);

    /// <summary>Whether everything below is known.</summary>
    public bool IsComplete => State != PublicationState.Unknown && Nodes.All(static node => node.IsComplete);
}
