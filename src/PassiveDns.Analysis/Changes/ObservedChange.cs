using System.Collections.Immutable;

namespace PassiveDns.Analysis;

/// <summary>A change as sightings tell of it.</summary>
public sealed record ObservedChange
{
    /// <summary>What it is about.</summary>
    public required ChangeKind Kind { get; init; }

    /// <summary>What it did to the set.</summary>
    public required ChangeEffect Effect { get; init; }

    /// <summary>The owner name.</summary>
    public required DomainName Name { get; init; }

    /// <summary>The type.</summary>
    public required RecordType Type { get; init; }

    /// <summary>The zone whose servers said so.</summary>
    public required DomainName Zone { get; init; }

    /// <summary>Of NS records: who says so.</summary>
    public UseSide Side => Type == RecordType.NS && Zone != Name ? UseSide.Parent : UseSide.Apex;

    /// <summary>What was there before, or <c>null</c> if nothing is known to have been.</summary>
    public RrsetState? Before { get; init; }

    /// <summary>What was there then, or <c>null</c> if it was gone.</summary>
    public RrsetState? After { get; init; }

    /// <summary>When: after the last sighting of the old, by the first of the new. A removal that nothing took the place of, and no server denied, is open at its end.</summary>
    public required UncertainTime Time { get; init; }

    /// <summary>The share of that time within the window, 0 to 1.</summary>
    public required double ShareInWindow { get; init; }

    /// <summary>
    /// How sure it is that there was a change, 0 to 1, or <c>null</c> if too little was seen to tell. What was there and then was not is sure: 1. Of a set that is no longer seen
    /// it is 1 - exp(-lambda * silence), lambda being how often its track was seen, lifted where a server said that it is gone; of a set that is new it is the same over the time since when the store
    /// was fed.
    /// </summary>
    public double? Confidence { get; init; }

    /// <summary>Which ordinary variety it is.</summary>
    public ChangeNoise Noise { get; init; }

    /// <summary>How many changes it stands for: more than one where noise was folded. Then <see cref="Time"/> spans all of them, and before and after are the first's and the last's.</summary>
    public int Folded { get; init; } = 1;

    /// <summary>The denials behind it.</summary>
    public ImmutableArray<NegativeSighting> Denials { get; init; } = [];

    /// <summary>The rows behind it.</summary>
    public IEnumerable<Observation> Evidence => (Before?.Evidence ?? []).Concat(After?.Evidence ?? []);
}
