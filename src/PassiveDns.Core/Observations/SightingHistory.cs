using System.Collections.Immutable;

namespace PassiveDns;

/// <summary>
/// All that is known of when one key was seen: intervals of presence, the range of its TTL, and which sensors saw it.
/// </summary>
/// <remarks>
/// Stores keep it in the packed form of <see cref="SightingCodec"/>; the law by which two histories become one is <see cref="SightingMerge"/>.
/// A single [first, last, count] could not say whether a name was live in between: the intervals can.
/// </remarks>
public sealed record SightingHistory
{
    /// <summary>The most intervals a history keeps; beyond it the two closest are joined and <see cref="IsCoarsened"/> is set.</summary>
    public const int MaxIntervals = 1024;

    /// <summary>The most witnesses a history keeps: the smallest fingerprints.</summary>
    public const int MaxWitnesses = 8;

    /// <summary>The default silence that separates two intervals.</summary>
    public static readonly TimeSpan DefaultIntervalGap = TimeSpan.FromHours(48);

    /// <summary>The least silence a store may choose.</summary>
    public static readonly TimeSpan MinIntervalGap = TimeSpan.FromHours(24);

    /// <summary>The intervals, in time order, at least one; two neighbours are always further apart than the store's gap.</summary>
    public required ImmutableArray<SightingInterval> Intervals { get; init; }

    /// <summary>The lowest TTL seen in seconds, or <c>null</c> if the source gave none.</summary>
    public uint? MinTimeToLive { get; init; }

    /// <summary>The highest TTL seen in seconds, or <c>null</c> if the source gave none.</summary>
    public uint? MaxTimeToLive { get; init; }

    /// <summary>The smallest <see cref="SensorId.Fingerprint"/>s of the sensors that saw it, rising, at most <see cref="MaxWitnesses"/>.</summary>
    public ImmutableArray<uint> Witnesses { get; init; } = [];

    /// <summary>Whether intervals had to be joined although they lay further apart than the gap.</summary>
    public bool IsCoarsened { get; init; }

    /// <summary>What was folded into the row: unless it is <see cref="SightingFolding.None"/>, the row is a summary.</summary>
    public SightingFolding Folding { get; init; }

    /// <summary>The packed <see cref="NameSketch"/> of the names that were folded; empty without <see cref="SightingFolding.Names"/>.</summary>
    public ImmutableArray<byte> PackedNames { get; init; } = [];

    /// <summary>About how many different names were folded into the row; 0 without <see cref="SightingFolding.Names"/>.</summary>
    public long DistinctNames => PackedNames.IsEmpty ? 0 : Math.Max(NameSketch.EstimateOfPacked(PackedNames.AsSpan()), 0);

    /// <summary>When it was first seen, in Unix seconds.</summary>
    public long FirstSeen => Intervals[0].First;

    /// <summary>When it was last seen, in Unix seconds.</summary>
    public long LastSeen => Intervals[^1].Last;

    /// <summary>How many responses held it; saturates at 2^63 - 1.</summary>
    public long Count
    {
        get
        {
            long sum = 0;
            foreach (SightingInterval interval in Intervals) sum = SightingMerge.AddCounts(sum, interval.Count);
            return sum;
        }
    }

    /// <summary>Merges two histories by <see cref="SightingMerge"/>.</summary>
    /// <param name="other">The other history.</param>
    /// <param name="intervalGap">The silence that separates two intervals.</param>
    public SightingHistory MergedWith(SightingHistory other, TimeSpan intervalGap)
    {
        byte[] mine = SightingCodec.Encode(this);
        byte[] theirs = SightingCodec.Encode(other);
        byte[] merged = new byte[SightingMerge.MaxMergedLength(mine.Length, theirs.Length)];
        int length = SightingMerge.Merge(mine, theirs, intervalGap, merged);
        return SightingCodec.Decode(merged.AsSpan(0, length));
    }

    /// <inheritdoc/>
    public bool Equals(SightingHistory? other) =>
        other is not null && Intervals.AsSpan().SequenceEqual(other.Intervals.AsSpan()) && Witnesses.AsSpan().SequenceEqual(other.Witnesses.AsSpan())
        && MinTimeToLive == other.MinTimeToLive && MaxTimeToLive == other.MaxTimeToLive && IsCoarsened == other.IsCoarsened
        && Folding == other.Folding && PackedNames.AsSpan().SequenceEqual(other.PackedNames.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(FirstSeen, LastSeen, Count, Intervals.Length, Witnesses.Length);
}
