namespace PassiveDns.Events;

/// <summary>Something that happened to a store: a row came, and this is new about it.</summary>
public sealed record ObservationEvent
{
    /// <summary>What is new; several kinds at once are the rule.</summary>
    public required ObservationEventKinds Kinds { get; init; }

    /// <summary>The row as it stood in its batch: its history covers that batch alone.</summary>
    public required Observation Observation { get; init; }

    /// <summary>The batch that brought it.</summary>
    public required BatchId Batch { get; init; }

    /// <summary>The registrable domain of the owner name, or <c>null</c> if the name is a public suffix or the root.</summary>
    public DomainName? Domain { get; init; }

    /// <summary>For <see cref="ObservationEventKinds.DelegationChanged"/>: the delegation that was seen last before this one.</summary>
    public Observation? Previous { get; init; }

    /// <summary>
    /// For a change: it happened after this time (Unix seconds), when the previous set was last seen. Later than <see cref="ChangedBefore"/> if both were given
    /// out at the same time, which is how propagation and rotation look.
    /// </summary>
    public long? ChangedAfter => Previous?.History.LastSeen;

    /// <summary>For a change: it happened before this time (Unix seconds), when the new set was first seen.</summary>
    public long? ChangedBefore => Previous is null ? null : Observation.History.FirstSeen;
}
