using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace PassiveDns.Analysis;

/// <summary>Turns candidates into suspects: looks up where they led, and adds up.</summary>
internal sealed class SuspectJudge(InfrastructureReader infrastructure, RogueJudge rogues, AnalysisOptions options, HijackOptions hijack)
{
    private const int MaxNames = 32;
    private const int MaxEvidence = 32;
    private const int MaxServers = 8;
    private const double ReferralsForHalf = 5;

    /// <summary>A deviation that was there and ended, or may end.</summary>
    public async ValueTask<HijackSuspect> JudgeAsync(Incident incident, CancellationToken cancellationToken)
    {
        Deviation clearest = incident.Clearest;
        InfrastructureUnit[] units = [.. incident.Deciding.OrderByDescending(static deviation => deviation.Value).SelectMany(static deviation => deviation.Units).Distinct()];
        RogueJudgement rogue = await rogues.JudgeAsync(units, incident.Domain, incident.Time, incident.Contacts, null, cancellationToken).ConfigureAwait(false);
        bool isSameOperator = rogue.IsOwn || incident.Deciding.All(static deviation => deviation.HasSameOperator);
        HijackIndicator[] indicators =
        [
            .. incident.Indicators(hijack),
            Of(HijackIndicatorKind.Novelty, rogue.Novelty),
            Of(HijackIndicatorKind.CoVictims, Math.Log(1 + rogue.CoVictimsPerTenant)),
            Of(HijackIndicatorKind.SharedInfrastructure, rogue.Shared),
            Of(HijackIndicatorKind.MassMigration, rogue.Migration),
            Of(HijackIndicatorKind.SameOperator, isSameOperator ? 1 : 0),
            Of(HijackIndicatorKind.KnownRogue, rogue.IsKnown ? 1 : 0),
            Of(HijackIndicatorKind.Sinkhole, rogue.IsSinkhole ? 1 : 0),
        ];
        return new()
        {
            Kind = incident.Kind,
            Name = clearest.Role == DeviationRole.Glue ? incident.Domain : clearest.Owner,
            RegistrableDomain = incident.Domain,
            Names = [.. incident.Deviations.OrderByDescending(static deviation => deviation.Value).Select(static deviation => deviation.Owner).Distinct().Take(MaxNames)],
            Interval = incident.Interval,
            IsOpen = incident.IsOpen,
            Baseline = clearest.Baseline,
            Rogue = rogue.Rogue,
            Indicators = [.. indicators.OrderBy(static indicator => indicator.Kind)],
            CoVictims = rogue.CoVictims,
            Evidence = [.. incident.Deviations.OrderByDescending(static deviation => deviation.Value).SelectMany(static deviation => deviation.Evidence).Distinct().Take(MaxEvidence)],
        };
    }

    /// <summary>The aliases that led to a name while it was not there, and after it was claimed.</summary>
    public async IAsyncEnumerable<HijackSuspect> JudgeAsync(ReleasedTarget released, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        DomainName targetDomain = options.RegistrableDomain(released.Owner);
        await foreach (Observation alias in infrastructure.ReadAliasesAsync(released.Owner, cancellationToken).ConfigureAwait(false))
        {
            Presence presence = Presence.Of(alias.History);
            DomainName domain = options.RegistrableDomain(alias.RrName);
            if (domain == targetDomain || presence.First > released.Silence.First || presence.Last < released.Silence.Last) continue;
            if (!presence.Overlaps(released.Silence.First + 1, released.Silence.Last - 1)) continue; // nobody asked for either
            long last = Math.Min(presence.Last, released.LastSeen);
            RogueJudgement rogue = await rogues.JudgeAsync(released.Units, domain, new(released.Silence.Last, last), ImmutableHashSet<DomainName>.Empty, targetDomain, cancellationToken).ConfigureAwait(false);
            yield return new()
            {
                Kind = HijackKind.SubdomainTakeover,
                Name = alias.RrName,
                RegistrableDomain = domain,
                Names = [alias.RrName],
                Interval = new(released.Silence.First, released.Silence.Last, last, null),
                IsOpen = presence.Last >= released.LastSeen,
                Baseline = new(
                    [.. released.Before.SelectMany(static row => row.Rdata).Distinct()], 1, released.Before.Min(static row => row.History.FirstSeen),
                    released.Before.Aggregate(0L, static (sum, row) => SightingMerge.AddCounts(sum, row.History.Count))),
                Rogue = rogue.Rogue,
                Indicators =
                [
                    Of(HijackIndicatorKind.Novelty, rogue.Novelty),
                    Of(HijackIndicatorKind.SensitiveLabel, Incident.IsSensitive(alias.RrName, hijack) ? 1 : 0),
                    Of(HijackIndicatorKind.KnownRogue, rogue.IsKnown ? 1 : 0),
                    Of(HijackIndicatorKind.Dangling, released.Dangling),
                    Of(HijackIndicatorKind.SharedInfrastructure, rogue.Shared),
                    Of(HijackIndicatorKind.MassMigration, rogue.Migration),
                    Of(HijackIndicatorKind.Sinkhole, rogue.IsSinkhole ? 1 : 0),
                ],
                CoVictims = [],
                Evidence = [alias, .. released.After, .. released.Before],
            };
        }
    }

    /// <summary>A zone whose servers never answered.</summary>
    public async ValueTask<HijackSuspect> JudgeAsync(LameZone zone, CancellationToken cancellationToken)
    {
        DomainName[] servers = [.. zone.Delegation.SelectMany(static row => NameServerSet.Of(row).Servers).Distinct().Order().Take(MaxServers)];
        int unknown = 0;
        foreach (DomainName server in servers)
        {
            if (!await infrastructure.HasAddressAsync(server, cancellationToken).ConfigureAwait(false)) unknown++;
        }

        ImmutableArray<RogueInfrastructure>.Builder rogue = ImmutableArray.CreateBuilder<RogueInfrastructure>();
        foreach (DomainName server in servers)
        {
            InfrastructureProfile profile = await infrastructure.ReadAsync(new(RecordType.NS, default, server), cancellationToken).ConfigureAwait(false);
            rogue.Add(new() { Type = RecordType.NS, Name = server, Degree = Degree.Of(profile.Users.Count, profile.Users.Count, options.Degree), FirstSeen = profile.FirstSeen });
        }

        return new()
        {
            Kind = HijackKind.LameDelegation,
            Name = zone.Name,
            RegistrableDomain = options.RegistrableDomain(zone.Name),
            Names = [zone.Name],
            Interval = new(null, zone.Delegated.First, zone.Delegated.Last, null),
            IsOpen = true,
            Baseline = null,
            Rogue = rogue.ToImmutable(),
            Indicators =
            [
                Of(HijackIndicatorKind.Lameness, zone.Referrals / (zone.Referrals + ReferralsForHalf)),
                Of(HijackIndicatorKind.UnknownServers, servers.Length == 0 ? 0 : (double)unknown / servers.Length),
            ],
            CoVictims = [],
            Evidence = [.. zone.Delegation],
        };
    }

    private HijackIndicator Of(HijackIndicatorKind kind, double value) => new(kind, value, hijack.Weights.Of(kind));
}
