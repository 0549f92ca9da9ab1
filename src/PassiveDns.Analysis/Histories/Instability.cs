using System.Collections.Immutable;

namespace PassiveDns.Analysis;

/// <summary>
/// How unstable hosting was: each component with its value, and the ordinary reasons that explain it. There is no verdict: a high score is a reason to look.
/// </summary>
/// <remarks>
/// Changes are those between the runs of address and alias tracks, of each owner in the family (A or AAAA) that changed more often, as the zone says it (not glue). Shares are of
/// the days on which something was there, not of the calendar.
/// </remarks>
public sealed record Instability
{
    /// <summary>nA: distinct addresses.</summary>
    public required int Addresses { get; init; }

    /// <summary>n24: distinct prefixes, /24 or /48 by default.</summary>
    public required int Prefixes { get; init; }

    /// <summary>nASN: distinct autonomous systems, or <c>null</c> if of no address it is known.</summary>
    public int? AutonomousSystems { get; init; }

    /// <summary>nCC: distinct countries, or <c>null</c> if of no address it is known.</summary>
    public int? Countries { get; init; }

    /// <summary>nNS: distinct name servers.</summary>
    public required int NameServers { get; init; }

    /// <summary>Distinct sets of addresses.</summary>
    public required int AddressSets { get; init; }

    /// <summary>Days (UTC) on which an address or alias was there.</summary>
    public required long ActiveDays { get; init; }

    /// <summary>Distinct addresses on such a day, on average.</summary>
    public required double AddressesPerDay { get; init; }

    /// <summary>How fast the number of addresses ever seen grew, in addresses a day: the slope of the least-squares line through the day of each first sighting and the number reached.</summary>
    public required double Growth { get; init; }

    /// <summary>How often the addresses or aliases changed.</summary>
    public required int Changes { get; init; }

    /// <summary>How often the name servers changed, as the parent says it, or the zone if the parent was not seen.</summary>
    public required int NameServerChanges { get; init; }

    /// <summary>C: changes for each active day.</summary>
    public required double Churn { get; init; }

    /// <summary>The median of how long a run of addresses or aliases lasted, from first to last sighting, in days.</summary>
    public required double MedianDwellDays { get; init; }

    /// <summary>max p: the share of the days of the network that was there on most of them, 0 to 1; by autonomous system where all are known, else by prefix.</summary>
    public required double LongestShare { get; init; }

    /// <summary>H: the entropy of the networks' shares of the days, in bits: -sum p log2 p.</summary>
    public required double Entropy { get; init; }

    /// <summary>H / log2 k over k networks, 0 to 1; 0 for one network.</summary>
    public required double NormalisedEntropy { get; init; }

    /// <summary>R of addresses and aliases: the sum over changes of 2 ^ (-age / half-life), as of the end of the window or the store.</summary>
    public required double RecentChanges { get; init; }

    /// <summary>R of name servers, with a half-life of its own.</summary>
    public required double RecentNameServerChanges { get; init; }

    /// <summary>phi: distinct addresses divided by the addresses of one answer (the median over the sets): 1 for one set that never changed.</summary>
    public required double Fluxiness { get; init; }

    /// <summary>The flux score, or <c>null</c> if there were no addresses.</summary>
    public FluxScore? Flux { get; init; }

    /// <summary>The TTLs, or <c>null</c> if no source gave any.</summary>
    public TimeToLiveSummary? TimesToLive { get; init; }

    /// <summary>The ordinary reasons, each with its measure.</summary>
    public required ImmutableArray<InstabilityGuard> Guards { get; init; }
}
