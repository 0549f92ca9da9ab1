namespace PassiveDns.Analysis;

/// <summary>
/// What look-alikes are judged by. All weights and odds are judgement, not measurement: fit them to names of yours that are decided.
/// </summary>
public sealed record LookalikeOptions
{
    /// <summary>What each class counts for.</summary>
    public LookalikeWeights Weights { get; init; } = new();

    /// <summary>From which score on a name is given, 0 to 1. Default 0.5; 0 gives all that resemble a brand in any way.</summary>
    public double Threshold { get; init; } = 0.5;

    /// <summary>The words that make a combosquat, in small letters. Default: about 200 that campaigns and help desks write; see <see cref="DefaultWords"/>.</summary>
    public IReadOnlyCollection<string> Words { get; init; } = KnownWords.Defaults;

    /// <summary>How long a domain is new after its first sighting. Default 90 days.</summary>
    public TimeSpan NewFor { get; init; } = TimeSpan.FromDays(90);

    /// <summary>How long a store must have been fed before a first sighting says that something is new. Default 7 days.</summary>
    public TimeSpan LearningTime { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Domains that very many people ask for; nobody squats in plain sight of them. Default: none.</summary>
    public IReadOnlyCollection<DomainName> Popular { get; init; } = [];

    /// <summary>What the odds are multiplied by for each circumstance.</summary>
    public LookalikeOdds Odds { get; init; } = new();

    /// <summary>The most look-alikes that one question keeps, the best ones; 1 or more. Default 100,000.</summary>
    public int MaxCandidates { get; init; } = 100_000;

    /// <summary>The words that <see cref="Words"/> has by default, to add to.</summary>
    public static IReadOnlyList<string> DefaultWords { get; } = KnownWords.Defaults.AsReadOnly();

    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    internal void Validate()
    {
        Weights.Validate();
        Odds.Validate();
        if (Threshold is not (>= 0 and <= 1)) throw new ArgumentException($"Threshold is {Threshold}: scores are 0 to 1.");
        if (MaxCandidates < 1) throw new ArgumentException($"MaxCandidates is {MaxCandidates}: keep at least 1.");
        if (NewFor < TimeSpan.Zero || LearningTime < TimeSpan.Zero) throw new ArgumentException("NewFor and LearningTime are lengths of time: give zero or more.");
        if (Words.Any(string.IsNullOrEmpty)) throw new ArgumentException("Words holds an empty word: leave it out.");
    }
}
