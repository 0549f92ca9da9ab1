using System.Collections.Immutable;

namespace PassiveDns.Analysis;

/// <summary>What counts as a deviation, and how far the search for hijacks goes. The defaults are judgement: known cases lasted hours to days.</summary>
public sealed record HijackOptions
{
    /// <summary>The longest deviation; what lasts longer is a change that stayed. Default 14 days.</summary>
    public TimeSpan MaxDuration { get; init; } = TimeSpan.FromDays(14);

    /// <summary>How long a baseline must have held to count in full. Default 60 days.</summary>
    public TimeSpan BaselineAge { get; init; } = TimeSpan.FromDays(60);

    /// <summary>The shortest silence after which an alias's target counts as gone. Default 7 days.</summary>
    public TimeSpan MinDangling { get; init; } = TimeSpan.FromDays(7);

    /// <summary>First labels of names that logins or mail go to, in lower case.</summary>
    public ImmutableHashSet<string> SensitiveLabels { get; init; } =
        ["mail", "webmail", "owa", "autodiscover", "imap", "pop", "smtp", "vpn", "sso", "adfs", "remote", "portal", "login", "secure", "gateway"];

    /// <summary>AS numbers of content networks and of those that scrub attacks away: a move there is benign. Default none; it needs <see cref="AnalysisOptions.Enrichment"/>.</summary>
    public ImmutableHashSet<uint> BenignNetworks { get; init; } = [];

    /// <summary>Servers, addresses and networks that are known for hijacks: published indicators. Default none.</summary>
    public InfrastructureList KnownRogue { get; init; } = InfrastructureList.Empty;

    /// <summary>Servers, addresses and networks to which domains are led that were taken down. Default none.</summary>
    public InfrastructureList Sinkholes { get; init; } = InfrastructureList.Empty;

    /// <summary>What each indicator counts.</summary>
    public HijackWeights Weights { get; init; } = new();

    /// <summary>
    /// The most suspicions of a sort that are kept for the second look, 1 or more: memory is bounded by it, with some kilobytes each. Default 10,000. Where there were more, those with the lowest score at first
    /// sight are left out, and the answer is <see cref="Completeness.Truncated"/>.
    /// </summary>
    public int MaxCandidates { get; init; } = 10_000;

    /// <summary>The most users that are read of one piece of infrastructure, 1 or more; with so many it counts as mass hosting. Default 4,096.</summary>
    public int MaxUsersRead { get; init; } = 4096;

    internal long MaxSeconds => (long)MaxDuration.TotalSeconds;

    /// <exception cref="ArgumentException">A bound is under 1, or a time not positive.</exception>
    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxCandidates, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxUsersRead, 1);
        if (MaxDuration <= TimeSpan.Zero || BaselineAge <= TimeSpan.Zero || MinDangling <= TimeSpan.Zero)
            throw new ArgumentException("MaxDuration, BaselineAge and MinDangling are lengths of time: give more than zero.");
    }
}
