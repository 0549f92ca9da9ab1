namespace PassiveDns.Analysis;

/// <summary>A question for what changed in a window.</summary>
/// <param name="Scope">Where.</param>
/// <param name="Window">When: changes that may have happened in it.</param>
public sealed record ChangeQuery(ChangeScope Scope, TimeWindow Window)
{
    /// <summary>The types that are looked at. Default: all but those of DNSSEC, and DS.</summary>
    public TypeSelection? Types { get; init; }

    /// <summary>Whether changes that are noise are folded into one for each track and kind of noise, which counts them. Default: yes.</summary>
    public bool FoldNoise { get; init; } = true;

    /// <summary>How sure it must be that a set that is no longer seen is gone, 0 to 1. Default 0.95; judgement.</summary>
    public double MinRemovalConfidence { get; init; } = 0.95;

    /// <summary>The most names that are looked at over an address range or a server, 1 to 10,000,000: they are held in memory. With more the answer is truncated. Default 1,000,000.</summary>
    public int MaxNames { get; init; } = 1_000_000;

    internal void Validate()
    {
        Window.Validate();
        if (MaxNames is < 1 or > 10_000_000) throw new ArgumentException("MaxNames is out of range: give 1 to 10,000,000.");
        if (MinRemovalConfidence is not (>= 0 and <= 1)) throw new ArgumentException("MinRemovalConfidence is out of range: give 0 to 1.");
        if (Scope is ChangeScope.Addresses range && (range.First.IsIPv4 != range.Last.IsIPv4 || range.First > range.Last))
            throw new ArgumentException($"{range.First} to {range.Last} is no range: give two addresses of one family, the lower one first.");
    }
}
