using System.Collections.Immutable;

namespace PassiveDns.Analysis;

/// <summary>
/// Something that looks like a hijack, with everything that speaks for and against it. A rank, not a verdict: look at certificates issued in the interval, and
/// ask the owner, before you call it one.
/// </summary>
public sealed record HijackSuspect
{
    /// <summary>What is suspected.</summary>
    public required HijackKind Kind { get; init; }

    /// <summary>The zone, or the name that led elsewhere most clearly.</summary>
    public required DomainName Name { get; init; }

    /// <summary>Its registrable domain.</summary>
    public required DomainName RegistrableDomain { get; init; }

    /// <summary>All names of the domain that led elsewhere in the interval, the clearest first; at most 32.</summary>
    public required ImmutableArray<DomainName> Names { get; init; }

    /// <summary>When it was.</summary>
    public required HijackInterval Interval { get; init; }

    /// <summary>Whether nothing was seen after it, so that nobody knows yet whether it ended.</summary>
    public required bool IsOpen { get; init; }

    /// <summary>What held before, or <c>null</c> for a lame delegation.</summary>
    public required HijackBaseline? Baseline { get; init; }

    /// <summary>Where it led to; at most 8 pieces.</summary>
    public required ImmutableArray<RogueInfrastructure> Rogue { get; init; }

    /// <summary>The terms of the score, those that could be reckoned; a 0 is one, too.</summary>
    public required ImmutableArray<HijackIndicator> Indicators { get; init; }

    /// <summary>The sum of the terms. Only the order means something.</summary>
    public double Score
    {
        get
        {
            double sum = 0;
            foreach (HijackIndicator indicator in Indicators) sum += indicator.Contribution;
            return sum;
        }
    }

    /// <summary>What speaks for an innocent explanation.</summary>
    public IEnumerable<HijackIndicator> BenignExplanations => Indicators.Where(static indicator => indicator.IsBenign);

    /// <summary>Others that led to the same rogue infrastructure for a while; at most 32.</summary>
    public required ImmutableArray<CoVictim> CoVictims { get; init; }

    /// <summary>The rows behind it: of the deviation, of the baseline, and, for a takeover, the alias.</summary>
    public required ImmutableArray<Observation> Evidence { get; init; }
}
