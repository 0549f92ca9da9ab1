using System.Collections.Immutable;

namespace PassiveDns.Analysis;

/// <summary>One RRset value that a track had, over all times at which it had it; or that a server said it had none.</summary>
public sealed record RrsetState
{
    /// <summary>The records, in canonical order (RFC 4034 section 6.3); empty if it is that there were none.</summary>
    public required ImmutableArray<Rdata> Values { get; init; }

    /// <summary>When it was seen. Two stretches are further apart than the silence that the store joins over.</summary>
    public required Presence Presence { get; init; }

    /// <summary>Whether it is that servers said that the name, or the type at it, is not there (<see cref="Denials"/>).</summary>
    public bool IsAbsence => Values.IsEmpty;

    /// <summary>How many responses held it; of an absence, how many lines of evidence there are.</summary>
    public required long Count { get; init; }

    /// <summary>The lowest TTL seen in seconds, or <c>null</c> if no source gave one.</summary>
    public uint? MinTimeToLive { get; init; }

    /// <summary>The highest TTL seen in seconds, or <c>null</c> if no source gave one.</summary>
    public uint? MaxTimeToLive { get; init; }

    /// <summary>Whether a row behind it is a summary or was coarsened: then it need not have been answered in this form, or not at all times between.</summary>
    public bool IsEstimate { get; init; }

    /// <summary>The rows behind it: one for each provenance.</summary>
    public required ImmutableArray<Observation> Evidence { get; init; }

    /// <summary>The negative evidence behind it, in time order: of an absence.</summary>
    public ImmutableArray<NegativeSighting> Denials { get; init; } = [];
}
