using System.Collections.Immutable;

namespace PassiveDns.Analysis;

/// <summary>A name that resembles a brand, judged by nothing but the name.</summary>
public sealed record LookalikeMatch
{
    /// <summary>The name that was looked at.</summary>
    public required DomainName Name { get; init; }

    /// <summary>Its registrable domain: what somebody registered. For a level squat alone it is innocent, and what is before it is not.</summary>
    public required DomainName RegistrableDomain { get; init; }

    /// <summary>The brand's registrable domain.</summary>
    public required DomainName Brand { get; init; }

    /// <summary>The ways in which it resembles the brand, each class once, in the order of <see cref="LookalikeClass"/>.</summary>
    public required ImmutableArray<LookalikeSign> Signs { get; init; }

    /// <summary>1 - product of (1 - weight * strength) over the signs, 0 to 1 (noisy or).</summary>
    public double Score
    {
        get
        {
            double none = 1;
            foreach (LookalikeSign sign in Signs) none *= 1 - (sign.Weight * sign.Strength);
            return 1 - none;
        }
    }
}
