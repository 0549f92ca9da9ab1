namespace PassiveDns.Analysis;

/// <summary>One term of a score.</summary>
/// <param name="Kind">What it says.</param>
/// <param name="Value">The number.</param>
/// <param name="Weight">What it counts, by <see cref="HijackWeights"/>; negative if it counts against the suspicion.</param>
public readonly record struct HijackIndicator(HijackIndicatorKind Kind, double Value, double Weight)
{
    /// <summary>What it adds to the score.</summary>
    public double Contribution => Value * Weight;

    /// <summary>Whether it is a benign explanation, and there is something to it.</summary>
    public bool IsBenign => Value > 0 && Kind >= HijackIndicatorKind.SharedInfrastructure;
}
