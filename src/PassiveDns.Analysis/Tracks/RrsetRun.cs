namespace PassiveDns.Analysis;

/// <summary>A time through which a track had one value, until another took its place.</summary>
/// <remarks>
/// A store joins sightings over silences up to its interval gap (<c>StoreStatus.IntervalGap</c>). So where a value was seen for less than the gap, within a stretch
/// of another, the other was seen at most a gap before and a gap behind it, and nothing tells whether the two were there at once or in turn: it is taken to have
/// interrupted the other, which then has two runs with bounds of up to a gap. A value seen for longer than that stood beside the other.
/// </remarks>
public sealed record RrsetRun
{
    /// <summary>The value.</summary>
    public required RrsetState State { get; init; }

    /// <summary>When it came: after the last sighting of what was before it, by its own first.</summary>
    public required UncertainTime Begin { get; init; }

    /// <summary>When it went: after its last sighting, by the first of what came then; open if nothing did.</summary>
    public required UncertainTime End { get; init; }

    /// <summary>The stretches of silence within it, each longer than the store's interval gap.</summary>
    public required Presence Gaps { get; init; }

    /// <summary>Whether another value was seen through all of it: servers that give different answers, not a change.</summary>
    public bool IsBeside { get; init; }

    /// <summary>The first moment at which it is known to have been there, in Unix seconds.</summary>
    public long First => Begin.By!.Value;

    /// <summary>The last moment at which it is known to have been there, in Unix seconds.</summary>
    public long Last => End.After!.Value;
}
