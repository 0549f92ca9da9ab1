using System.Collections.Immutable;

namespace PassiveDns.Analysis;

/// <summary>Judges the infrastructure that a deviation led to by who else used it, and when.</summary>
internal sealed class RogueJudge(InfrastructureReader infrastructure, AnalysisOptions options, HijackOptions hijack, long? asOf)
{
    private const int MaxUnits = 8;
    private const int MaxCoVictims = 32;
    private const int MaxContactsAsked = 10;
    private const double Month = 30 * 86_400;
    private const long Campaign = 60 * 86_400;
    private const long Together = 3 * 86_400;
    private const double ManyMovers = 10;
    private const double MassTenants = 1000;

    /// <summary>Judges.</summary>
    /// <param name="units">Where it led.</param>
    /// <param name="domain">The registrable domain of who was led there.</param>
    /// <param name="time">When.</param>
    /// <param name="contacts">SOA contacts of the domain.</param>
    /// <param name="target">The registrable domain of the name in between, of takeovers: it is neither a victim nor a tenant.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask<RogueJudgement> JudgeAsync(
        IReadOnlyList<InfrastructureUnit> units, DomainName domain, TimeStretch time, IReadOnlySet<DomainName> contacts, DomainName? target, CancellationToken cancellationToken)
    {
        ImmutableArray<RogueInfrastructure>.Builder rogue = ImmutableArray.CreateBuilder<RogueInfrastructure>();
        SortedDictionary<DomainName, CoVictim> victims = [];
        double novelty = 0, coVictims = 0, shared = 1, migration = 1;
        bool isOwn = false, isKnown = false, isSinkhole = false;
        foreach (InfrastructureUnit unit in units.Take(MaxUnits))
        {
            InfrastructureProfile profile = await infrastructure.ReadAsync(unit, cancellationToken).ConfigureAwait(false);
            Tenants tenants = Count(unit, profile, domain, time, target);
            AddressFacts? facts = unit.IsAddress ? options.Enrichment?.Find(unit.Address, time.First) : null;
            Degree degree = profile.IsCut ? new(tenants.Settled, tenants.Settled, DegreeClass.Mass, null) : Degree.Of(tenants.Settled, tenants.Settled, options.Degree);
            rogue.Add(new()
            {
                Type = unit.Type,
                Address = unit.IsAddress ? unit.Address : null,
                Name = unit.IsAddress ? null : unit.Name,
                Degree = degree,
                FirstSeen = profile.FirstSeen,
                Facts = facts,
            });
            isKnown |= await infrastructure.IsListedAsync(unit, hijack.KnownRogue, cancellationToken).ConfigureAwait(false);
            isSinkhole |= await infrastructure.IsListedAsync(unit, hijack.Sinkholes, cancellationToken).ConfigureAwait(false);
            bool isOfOwner = tenants.IsOwn || (degree.Class == DegreeClass.Dedicated && await IsOfContactAsync(profile, domain, contacts, cancellationToken).ConfigureAwait(false));
            isOwn |= isOfOwner || (unit.IsAddress && facts?.AutonomousSystem is null && await infrastructure.IsAmongCustomersAsync(unit, domain, cancellationToken).ConfigureAwait(false));
            double age = Math.Max(0, time.First - profile.FirstSeen ?? 0);
            if (!isOfOwner) novelty = Math.Max(novelty, (1 + Math.Exp(-age / Month) + (1 / (1 + Math.Log(1 + tenants.Settled)))) / 3);
            bool isBenign = facts?.AutonomousSystem is { } asn && hijack.BenignNetworks.Contains(asn);
            shared = Math.Min(shared, isBenign || profile.IsCut ? 1 : Math.Min(1, Math.Log(1 + tenants.Settled) / Math.Log(1 + MassTenants)));
            migration = Math.Min(migration, Math.Min(1, tenants.Movers / ManyMovers));
            if (degree.Class != DegreeClass.Dedicated || isBenign) continue;
            int before = victims.Count;
            await AddVictimsAsync(victims, unit, profile, domain, time, cancellationToken).ConfigureAwait(false);
            coVictims += (victims.Count - before) / (1.0 + tenants.Settled);
        }

        return rogue.Count == 0 ? new([], [], 0, 0, 0, 0, false, false, false) : new(rogue.ToImmutable(), [.. victims.Values], coVictims, novelty, shared, migration, isOwn, isKnown, isSinkhole);
    }

    private Tenants Count(InfrastructureUnit unit, InfrastructureProfile profile, DomainName domain, TimeStretch time, DomainName? target)
    {
        int settled = 0, movers = 0;
        bool isOwn = false;
        foreach ((DomainName user, InfrastructureProfile.User use) in profile.Users)
        {
            if (user == target || (!unit.IsAddress && user == options.RegistrableDomain(unit.Name))) continue; // who runs it is no customer
            if (user == domain)
            {
                // Its own use beyond the deviation: a name that was not looked at, or long before.
                isOwn |= use.Time.First < time.First - Together || use.Time.Last > time.Last + hijack.MaxSeconds;
            }
            else if (use.Time.Seconds > hijack.MaxSeconds)
            {
                settled++;
                if (Math.Abs(use.Time.First - time.First) <= Together) movers++;
            }
            else if (asOf is { } now && use.Time.Last > now - hijack.MaxSeconds && Math.Abs(use.Time.First - time.First) <= Together)
            {
                movers++; // came at the same time, and may stay
            }
        }

        return new(settled, movers, isOwn);
    }

    private async ValueTask<bool> IsOfContactAsync(InfrastructureProfile profile, DomainName domain, IReadOnlySet<DomainName> contacts, CancellationToken cancellationToken)
    {
        if (contacts.Count == 0) return false;
        int asked = 0;
        foreach ((DomainName user, InfrastructureProfile.User use) in profile.Users)
        {
            if (user == domain || use.Time.Seconds <= hijack.MaxSeconds || asked++ == MaxContactsAsked) continue;
            if (await infrastructure.HasContactAsync(user, contacts, cancellationToken).ConfigureAwait(false)) return true;
        }

        return false;
    }

    private async ValueTask AddVictimsAsync(
        SortedDictionary<DomainName, CoVictim> victims, InfrastructureUnit unit, InfrastructureProfile profile, DomainName domain, TimeStretch time, CancellationToken cancellationToken)
    {
        foreach ((DomainName user, InfrastructureProfile.User use) in profile.Users)
        {
            if (victims.Count == MaxCoVictims) return;
            if (unit.Type != RecordType.NS && !use.IsSensitive) continue; // services come and go at www, too
            if (user == domain || victims.ContainsKey(user) || use.Time.Seconds > hijack.MaxSeconds || Math.Abs(use.Time.First - time.First) > Campaign) continue;
            if (!await infrastructure.WasElsewhereAsync(use.Row, use.Time, use.Time.First > asOf - hijack.MaxSeconds, cancellationToken).ConfigureAwait(false)) continue;
            victims.Add(user, new(use.Row.RrName, user, use.Time.First, use.Time.Last, use.Row));
        }
    }

    private readonly record struct Tenants(int Settled, int Movers, bool IsOwn);
}
