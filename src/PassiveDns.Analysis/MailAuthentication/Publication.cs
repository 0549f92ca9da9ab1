using System.Collections.Immutable;

namespace PassiveDns.Analysis;

/// <summary>What a name publishes of one kind, as of a time, and what it published before.</summary>
/// <typeparam name="T">The kind of record.</typeparam>
public sealed record Publication<T>
    where T : class
{
    /// <summary>The name that was looked at.</summary>
    public required DomainName Name { get; init; }

    /// <summary>Whether it publishes one.</summary>
    public required PublicationState State { get; init; }

    /// <summary>The record; <c>null</c> unless the state is <see cref="PublicationState.Published"/>.</summary>
    public T? Record { get; init; }

    /// <summary>The texts of that time; more than one if the state is <see cref="PublicationState.Multiple"/>.</summary>
    public ImmutableArray<string> Texts { get; init; } = [];

    /// <summary>What is wrong with an invalid record, with the section of the standard; else <c>null</c>.</summary>
    public string? Problem { get; init; }

    /// <summary>All texts of the kind in the window, in the order in which they came.</summary>
    public ImmutableArray<PublishedText> Timeline { get; init; } = [];

    /// <summary>When that which decided the state was last observed, in Unix seconds; <c>null</c> if nothing was.</summary>
    public long? LastSeen { get; init; }

    /// <summary>The names between <see cref="Name"/> and the holder of the text, the holder last; empty without aliases.</summary>
    public ImmutableArray<DomainName> Aliases { get; init; } = [];

    /// <summary>Where servers said that there is none (<see cref="AnalysisOptions.Negatives"/>): what they said since the text was last observed.</summary>
    public ImmutableArray<NegativeSighting> Denials { get; init; } = [];

    /// <summary>The rows that decided the state.</summary>
    public ImmutableArray<Observation> Evidence { get; init; } = [];
}
