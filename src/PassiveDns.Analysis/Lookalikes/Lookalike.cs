using System.Collections.Immutable;

namespace PassiveDns.Analysis;

/// <summary>A name that was observed and resembles a brand, with all that its score is made of. It is a suspicion to be looked at, never a verdict.</summary>
public sealed record Lookalike
{
    /// <summary>The name: a registrable domain; where only what stands before it resembles the brand, that part and the domain.</summary>
    public required DomainName Name { get; init; }

    /// <summary>The registrable domain of <see cref="Name"/>.</summary>
    public required DomainName RegistrableDomain { get; init; }

    /// <summary>The brand's registrable domain.</summary>
    public required DomainName Brand { get; init; }

    /// <summary>The ways in which the name resembles the brand, each with its strength and weight.</summary>
    public required ImmutableArray<LookalikeSign> Signs { get; init; }

    /// <summary>The score by the name alone, 0 to 1: see <see cref="LookalikeMatch.Score"/>.</summary>
    public required double NameScore { get; init; }

    /// <summary>What changed the odds.</summary>
    public required ImmutableArray<LookalikeFactor> Factors { get; init; }

    /// <summary>The score, 0 to 1: the odds of <see cref="NameScore"/>, times those of all factors, as a probability again.</summary>
    public double Score
    {
        get
        {
            double name = Math.Clamp(NameScore, 0, 0.999), odds = name / (1 - name);
            foreach (LookalikeFactor factor in Factors) odds *= factor.Odds;
            return odds / (1 + odds);
        }
    }

    /// <summary>The first sighting of the name or of what lies under it, in Unix seconds.</summary>
    public required long FirstSeen { get; init; }

    /// <summary>The last sighting, in Unix seconds.</summary>
    public required long LastSeen { get; init; }

    /// <summary>The row of the first sighting, and those that tell what the name runs on.</summary>
    public required ImmutableArray<Observation> Evidence { get; init; }
}
