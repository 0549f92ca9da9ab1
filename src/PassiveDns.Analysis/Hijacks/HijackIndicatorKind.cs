namespace PassiveDns.Analysis;

/// <summary>What a number in the score of a <see cref="HijackSuspect"/> says. What is benign counts against the suspicion.</summary>
public enum HijackIndicatorKind : byte
{
    /// <summary>
    /// D, 0 to 1: how far the data departs from what held before. The share of active time that the baseline held in the 90 days before, times its age over
    /// <see cref="HijackOptions.BaselineAge"/> (at most 1), times n / (n + 3) for its n sightings, times the distance: 1 for another AS (where that is not known,
    /// another /24 or /48) or another operator's servers, 1/2 for another address of the same AS or another server of the same operator, 1/4 within the same prefix,
    /// and in proportion if only some records of a set are new.
    /// </summary>
    Deviation,

    /// <summary>S, 0 to 1: exp(-d / 7 days), d from the first to the last sighting of the deviation; to the latest sighting in the store if nothing was seen of the names after it.</summary>
    ShortLife,

    /// <summary>V, 0 or 1: the baseline was seen again within 30 days after.</summary>
    Reversion,

    /// <summary>
    /// N, 0 to 1, by look-ups of the rogue infrastructure: 0 if the own domain or a zone with the same SOA rname used it at other times; else the mean of 1, exp(-a / 30 days)
    /// for its age a when the deviation began, and 1 / (1 + ln(1 + t)) for the t domains that used it for long. Of a server or target the users of all names of its registrable domain count.
    /// </summary>
    Novelty,

    /// <summary>0 to 1: the distance of the name servers' change, as in <see cref="Deviation"/>.</summary>
    NameServerChange,

    /// <summary>0 to 1: the parent's addresses for the zone's servers changed and their names did not; the distance as in <see cref="Deviation"/>.</summary>
    GlueChange,

    /// <summary>0 or 1: the deviation of the name servers was seen on one side, parent or zone, while the other side was seen without it.</summary>
    ParentApexDisagreement,

    /// <summary>0 or 1: addresses, aliases or mail servers under the zone deviated meanwhile; a zone that only changes its servers goes on answering the same.</summary>
    HostsChange,

    /// <summary>0 or 1: the DS of the zone went away before, was denied meanwhile (<see cref="AnalysisOptions.Negatives"/>), or another one was there for a while.</summary>
    DsChange,

    /// <summary>0 or 1: a name that logins or mail go to leads elsewhere.</summary>
    SensitiveLabel,

    /// <summary>
    /// X as ln(1 + x / (1 + t)): x other registrable domains were led to the same rogue infrastructure for a while, and elsewhere before and after, and t use it for long. Of addresses and
    /// targets only those count of whom a name that logins or mail go to was led there. Only of infrastructure that is dedicated.
    /// </summary>
    CoVictims,

    /// <summary>0 to 1: 1 - r / b for the lowest TTLs r of the deviation and b of the baseline, if r is lower.</summary>
    TtlCollapse,

    /// <summary>0 or 1: where it led, or an address of the servers that it led to, stands on <see cref="HijackOptions.KnownRogue"/>.</summary>
    KnownRogue,

    /// <summary>
    /// 0 to 1, of takeovers: (1 - exp(-g / 7 days)) g / (g + h) for the silence g in which the alias's target was not there, and its longest other silence h.
    /// </summary>
    Dangling,

    /// <summary>0 to 1, of lame delegations: n / (n + 5) for the n referrals in the window to servers that never answered for the zone.</summary>
    Lameness,

    /// <summary>0 to 1, of lame delegations: the share of the servers for which no address is known.</summary>
    UnknownServers,

    /// <summary>Benign, 0 to 1: ln(1 + t) / ln(1 + 1,000) for the t domains that used the infrastructure for long, or 1 for <see cref="HijackOptions.BenignNetworks"/>: CDN, scrubbing, parking, hosting.</summary>
    SharedInfrastructure,

    /// <summary>Benign, 0 to 1: a tenth of the number of domains that came to the same infrastructure within three days and stayed.</summary>
    MassMigration,

    /// <summary>Benign, as ln(1 + n): n other deviations and further networks of the same name. What changes often, changes: rotation, dynamic addresses.</summary>
    Unsteady,

    /// <summary>Benign, 0 or 1: the infrastructure belongs to the same AS or operator as the baseline, or the own domain used it at other times, or, of an address whose AS is not known, most of the settled domains in its /24 or /48 are served by the operator that serves this domain.</summary>
    SameOperator,

    /// <summary>Benign, 0 or 1: where it led, or an address of the servers that it led to, stands on <see cref="HijackOptions.Sinkholes"/>: somebody took the domain down.</summary>
    Sinkhole,
}
