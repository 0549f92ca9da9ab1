namespace PassiveDns.Analysis;

/// <summary>
/// What each indicator counts. The defaults are starting weights by judgement, ordered after what is published (Houser et al., SRDS 2021: changes of name servers
/// matter most), not fitted to labelled incidents: fit them to your data. The score is their sum and only its order means something; there is no constant
/// term, because hijacks are so rare (6,729 among 29 billion new records, Unit 42, 2024) that no sum of these would make one likely by itself.
/// </summary>
public sealed record HijackWeights
{
    /// <summary>Of <see cref="HijackIndicatorKind.Deviation"/>. Default 1.6.</summary>
    public double Deviation { get; init; } = 1.6;

    /// <summary>Of <see cref="HijackIndicatorKind.ShortLife"/>. Default 1.2.</summary>
    public double ShortLife { get; init; } = 1.2;

    /// <summary>Of <see cref="HijackIndicatorKind.Reversion"/>. Default 1.4.</summary>
    public double Reversion { get; init; } = 1.4;

    /// <summary>Of <see cref="HijackIndicatorKind.Novelty"/>. Default 1.</summary>
    public double Novelty { get; init; } = 1;

    /// <summary>Of <see cref="HijackIndicatorKind.NameServerChange"/>. Default 2.</summary>
    public double NameServerChange { get; init; } = 2;

    /// <summary>Of <see cref="HijackIndicatorKind.GlueChange"/>. Default 2: where the servers' names stay, it is the change of name servers.</summary>
    public double GlueChange { get; init; } = 2;

    /// <summary>Of <see cref="HijackIndicatorKind.ParentApexDisagreement"/>. Default 0.5.</summary>
    public double ParentApexDisagreement { get; init; } = 0.5;

    /// <summary>Of <see cref="HijackIndicatorKind.HostsChange"/>. Default 0.8.</summary>
    public double HostsChange { get; init; } = 0.8;

    /// <summary>Of <see cref="HijackIndicatorKind.DsChange"/>. Default 1.</summary>
    public double DsChange { get; init; } = 1;

    /// <summary>Of <see cref="HijackIndicatorKind.SensitiveLabel"/>. Default 0.8.</summary>
    public double SensitiveLabel { get; init; } = 0.8;

    /// <summary>Of <see cref="HijackIndicatorKind.CoVictims"/>. Default 1.5.</summary>
    public double CoVictims { get; init; } = 1.5;

    /// <summary>Of <see cref="HijackIndicatorKind.TtlCollapse"/>. Default 0.3: planned moves lower TTLs, too.</summary>
    public double TtlCollapse { get; init; } = 0.3;

    /// <summary>Of <see cref="HijackIndicatorKind.KnownRogue"/>. Default 2.</summary>
    public double KnownRogue { get; init; } = 2;

    /// <summary>Of <see cref="HijackIndicatorKind.Dangling"/>. Default 5: it takes the place of what a takeover has not, a deviation with a short life and a return.</summary>
    public double Dangling { get; init; } = 5;

    /// <summary>Of <see cref="HijackIndicatorKind.Lameness"/>. Default 1.5.</summary>
    public double Lameness { get; init; } = 1.5;

    /// <summary>Of <see cref="HijackIndicatorKind.UnknownServers"/>. Default 1.5.</summary>
    public double UnknownServers { get; init; } = 1.5;

    /// <summary>Of <see cref="HijackIndicatorKind.SharedInfrastructure"/>. Default -2.</summary>
    public double SharedInfrastructure { get; init; } = -2;

    /// <summary>Of <see cref="HijackIndicatorKind.MassMigration"/>. Default -1.5.</summary>
    public double MassMigration { get; init; } = -1.5;

    /// <summary>Of <see cref="HijackIndicatorKind.Unsteady"/>. Default -0.7.</summary>
    public double Unsteady { get; init; } = -0.7;

    /// <summary>Of <see cref="HijackIndicatorKind.SameOperator"/>. Default -1.</summary>
    public double SameOperator { get; init; } = -1;

    /// <summary>Of <see cref="HijackIndicatorKind.Sinkhole"/>. Default -2.</summary>
    public double Sinkhole { get; init; } = -2;

    /// <summary>The weight of an indicator.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such indicator.</exception>
    public double Of(HijackIndicatorKind kind) => kind switch
    {
        HijackIndicatorKind.Deviation => Deviation,
        HijackIndicatorKind.ShortLife => ShortLife,
        HijackIndicatorKind.Reversion => Reversion,
        HijackIndicatorKind.Novelty => Novelty,
        HijackIndicatorKind.NameServerChange => NameServerChange,
        HijackIndicatorKind.GlueChange => GlueChange,
        HijackIndicatorKind.ParentApexDisagreement => ParentApexDisagreement,
        HijackIndicatorKind.HostsChange => HostsChange,
        HijackIndicatorKind.DsChange => DsChange,
        HijackIndicatorKind.SensitiveLabel => SensitiveLabel,
        HijackIndicatorKind.CoVictims => CoVictims,
        HijackIndicatorKind.TtlCollapse => TtlCollapse,
        HijackIndicatorKind.KnownRogue => KnownRogue,
        HijackIndicatorKind.Dangling => Dangling,
        HijackIndicatorKind.Lameness => Lameness,
        HijackIndicatorKind.UnknownServers => UnknownServers,
        HijackIndicatorKind.SharedInfrastructure => SharedInfrastructure,
        HijackIndicatorKind.MassMigration => MassMigration,
        HijackIndicatorKind.Unsteady => Unsteady,
        HijackIndicatorKind.SameOperator => SameOperator,
        HijackIndicatorKind.Sinkhole => Sinkhole,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such indicator."),
    };
}
