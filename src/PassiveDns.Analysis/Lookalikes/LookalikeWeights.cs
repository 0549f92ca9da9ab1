namespace PassiveDns.Analysis;

/// <summary>
/// What each class of <see cref="LookalikeClass"/> counts for, 0 to 1: how sure one would be of a perfect example of it that nothing else is known of. The
/// defaults are judgement, not measurement: fit them to names of yours that are decided.
/// </summary>
public sealed record LookalikeWeights
{
    /// <summary>Of <see cref="LookalikeClass.Homoglyph"/>. Default 0.95.</summary>
    public double Homoglyph { get; init; } = 0.95;

    /// <summary>Of <see cref="LookalikeClass.Typo"/>. Default 0.9.</summary>
    public double Typo { get; init; } = 0.9;

    /// <summary>Of <see cref="LookalikeClass.BitFlip"/>. Default 0.8.</summary>
    public double BitFlip { get; init; } = 0.8;

    /// <summary>Of <see cref="LookalikeClass.Combosquat"/>. Default 0.9.</summary>
    public double Combosquat { get; init; } = 0.9;

    /// <summary>Of <see cref="LookalikeClass.LevelSquat"/>. Default 0.9.</summary>
    public double LevelSquat { get; init; } = 0.9;

    /// <summary>Of <see cref="LookalikeClass.SuffixSwap"/>. Default 0.7.</summary>
    public double SuffixSwap { get; init; } = 0.7;

    /// <summary>Of <see cref="LookalikeClass.Hyphenation"/>. Default 0.8.</summary>
    public double Hyphenation { get; init; } = 0.8;

    /// <summary>Of <see cref="LookalikeClass.Plural"/>. Default 0.5.</summary>
    public double Plural { get; init; } = 0.5;

    /// <summary>Of <see cref="LookalikeClass.Homophone"/>. Default 0.6.</summary>
    public double Homophone { get; init; } = 0.6;

    /// <summary>Of <see cref="LookalikeClass.Doppelganger"/>. Default 0.8.</summary>
    public double Doppelganger { get; init; } = 0.8;

    /// <summary>The weight of a class.</summary>
    public double Of(LookalikeClass kind) => kind switch
    {
        LookalikeClass.Homoglyph => Homoglyph,
        LookalikeClass.Typo => Typo,
        LookalikeClass.BitFlip => BitFlip,
        LookalikeClass.Combosquat => Combosquat,
        LookalikeClass.LevelSquat => LevelSquat,
        LookalikeClass.SuffixSwap => SuffixSwap,
        LookalikeClass.Hyphenation => Hyphenation,
        LookalikeClass.Plural => Plural,
        LookalikeClass.Homophone => Homophone,
        _ => Doppelganger,
    };

    /// <exception cref="ArgumentException">A weight is outside 0 to 1.</exception>
    internal void Validate()
    {
        foreach (LookalikeClass kind in Enum.GetValues<LookalikeClass>())
        {
            if (Of(kind) is not (>= 0 and <= 1)) throw new ArgumentException($"The weight of {kind} is {Of(kind)}: weights are 0 to 1.");
        }
    }
}
