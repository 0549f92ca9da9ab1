namespace PassiveDns.Analysis;

/// <summary>Weighs what speaks for and against look-alikes besides their names.</summary>
internal sealed class LookalikeJudge(EvidenceReader evidence, AnalysisOptions options, LookalikeOptions rules, TimeWindow window)
{
    private static readonly TimeSpan s_established = TimeSpan.FromDays(730);
    private const long OftenAsked = 1000;

    private readonly DegreeReader _degrees = new(evidence, options, window);
    private readonly Dictionary<DomainName, DomainInfrastructure> _brands = [];
    private readonly HashSet<DomainName> _popular = [.. rules.Popular];

    /// <summary>Whether a score by name can come to the threshold at all, if everything speaks for it.</summary>
    public bool CanPass(double nameScore)
    {
        double name = Math.Clamp(nameScore, 0, 0.999), odds = name / (1 - name);
        foreach (double factor in (double[])[rules.Odds.New, rules.Odds.TakesMail, rules.Odds.SharesWithSquat]) odds *= Math.Max(1, factor);
        return odds / (1 + odds) >= rules.Threshold;
    }

    /// <summary>Reads what a candidate runs on and compares it with its brand's.</summary>
    /// <param name="candidate">The candidate; its factors are added.</param>
    /// <param name="now">The time at which it is judged.</param>
    /// <param name="fedSince">The first sighting of the store.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask JudgeAsync(LookalikeCandidate candidate, long now, long fedSince, CancellationToken cancellationToken)
    {
        DomainInfrastructure own = candidate.Infrastructure = await DomainInfrastructure.ReadAsync(evidence, candidate.Subject, window, cancellationToken).ConfigureAwait(false);
        JudgeAge(candidate, now, fedSince);
        if (own.MailServers.Count > 0) Add(candidate, LookalikeCircumstance.TakesMail, 1, $"mail goes to {Text(own.MailServers.Min)}");
        if (_popular.Contains(candidate.Match.RegistrableDomain)) Add(candidate, LookalikeCircumstance.Popular, 1, "on the list of popular domains");
        DomainInfrastructure brand = await BrandAsync(candidate.Match.Brand, cancellationToken).ConfigureAwait(false);
        await CompareAddressesAsync(candidate, own, brand, cancellationToken).ConfigureAwait(false);
        await CompareServersAsync(candidate, own, brand, cancellationToken).ConfigureAwait(false);
        CompareContacts(candidate, own, brand);
    }

    /// <summary>The dedicated infrastructure of a candidate, by which others are linked to it: addresses and sets of name servers that the brand does not have.</summary>
    public async ValueTask<List<string>> DedicatedAsync(LookalikeCandidate candidate, CancellationToken cancellationToken)
    {
        List<string> dedicated = [];
        if (candidate.Infrastructure is not { } own) return dedicated;
        DomainInfrastructure brand = await BrandAsync(candidate.Match.Brand, cancellationToken).ConfigureAwait(false);
        foreach (HostAddress address in own.Addresses.Keys)
        {
            if (brand.Addresses.ContainsKey(address)) continue;
            if ((await _degrees.OfAddressAsync(address, cancellationToken).ConfigureAwait(false)).Class == DegreeClass.Dedicated) dedicated.Add(address.ToString());
        }

        foreach (NameServerSet set in own.NameServers)
        {
            if (set.Servers.IsEmpty || brand.NameServers.Contains(set)) continue;
            Degree degree = await DegreeOfAsync(set, cancellationToken).ConfigureAwait(false);

            // Name servers of a domain's own are used by it alone, which links nobody.
            if (degree.Class == DegreeClass.Dedicated && degree.RegistrableDomains > 1) dedicated.Add(string.Join(' ', set.Servers.Select(Text)));
        }

        return dedicated;
    }

    /// <summary>Adds that a candidate shares infrastructure with an accepted one.</summary>
    public void Link(LookalikeCandidate candidate, string what, DomainName other) => Add(candidate, LookalikeCircumstance.SharesWithSquat, 1, $"has {what} as {Text(other)} has");

    private void JudgeAge(LookalikeCandidate candidate, long now, long fedSince)
    {
        long first = candidate.First.History.FirstSeen;
        if (now - first <= rules.NewFor.TotalSeconds && first - fedSince >= rules.LearningTime.TotalSeconds)
            Add(candidate, LookalikeCircumstance.New, 1, $"new: first seen {(now - first) / 86_400} days before the end of the answer");
        if (candidate.LastSeen - first > s_established.TotalSeconds && candidate.Count >= OftenAsked)
            Add(candidate, LookalikeCircumstance.Established, 1, $"seen {candidate.Count} times in {(candidate.LastSeen - first) / 86_400} days");
    }

    private async ValueTask CompareAddressesAsync(LookalikeCandidate candidate, DomainInfrastructure own, DomainInfrastructure brand, CancellationToken cancellationToken)
    {
        (Degree Degree, HostAddress Address)? best = null;
        foreach ((HostAddress address, Presence presence) in own.Addresses)
        {
            // Both must have had it in one lifetime: an address that the brand gave up years ago is anybody's.
            if (!brand.Addresses.TryGetValue(address, out Presence? theirs) || presence.First > theirs.Last || theirs.First > presence.Last) continue;
            Degree degree = await _degrees.OfAddressAsync(address, cancellationToken).ConfigureAwait(false);
            if (best is null || degree.RegistrableDomains < best.Value.Degree.RegistrableDomains) best = (degree, address);
        }

        if (best is var (found, at)) Add(candidate, LookalikeCircumstance.SharesAddress, PowerOf(found), $"has {at} as {Text(brand.Domain)} has; {found.RegistrableDomains} domains there");
    }

    private async ValueTask CompareServersAsync(LookalikeCandidate candidate, DomainInfrastructure own, DomainInfrastructure brand, CancellationToken cancellationToken)
    {
        (Degree Degree, NameServerSet Set)? best = null;
        foreach (NameServerSet set in own.NameServers)
        {
            if (set.Servers.IsEmpty || !brand.NameServers.Contains(set)) continue;
            Degree degree = await DegreeOfAsync(set, cancellationToken).ConfigureAwait(false);
            if (best is null || degree.RegistrableDomains < best.Value.Degree.RegistrableDomains) best = (degree, set);
        }

        if (best is var (found, same)) Add(candidate, LookalikeCircumstance.SharesNameServers, PowerOf(found), $"has the set of {Text(same.Servers[0])} as {Text(brand.Domain)} has; {found.RegistrableDomains} domains there");
        foreach (DomainName server in own.MailServers)
        {
            if (!brand.MailServers.Contains(server)) continue;
            Degree degree = await _degrees.OfServerAsync(server, RecordType.MX, cancellationToken).ConfigureAwait(false);
            Add(candidate, LookalikeCircumstance.SharesMailServer, PowerOf(degree), $"mail goes to {Text(server)} as that of {Text(brand.Domain)} does; {degree.RegistrableDomains} domains there");
            break;
        }
    }

    // A hoster names itself as contact for all its customers; that says nothing. A contact of the brand's own, or one apart from the name servers, does.
    private void CompareContacts(LookalikeCandidate candidate, DomainInfrastructure own, DomainInfrastructure brand)
    {
        foreach (DomainName contact in own.Contacts)
        {
            if (!brand.Contacts.Contains(contact)) continue;
            DomainName house = options.RegistrableDomain(contact);
            bool isHoster = house != brand.Domain && own.NameServers.Concat(brand.NameServers).SelectMany(static set => set.Servers).Any(server => options.RegistrableDomain(server) == house);
            if (isHoster) continue;
            Add(candidate, LookalikeCircumstance.SharesContact, 1, $"names {Text(contact)} as its contact, as {Text(brand.Domain)} does");
            return;
        }
    }

    private async ValueTask<DomainInfrastructure> BrandAsync(DomainName brand, CancellationToken cancellationToken)
    {
        if (_brands.TryGetValue(brand, out DomainInfrastructure? known)) return known;
        return _brands[brand] = await DomainInfrastructure.ReadAsync(evidence, brand, window, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A set is as widely used as the one of its servers that is used least.</summary>
    private async ValueTask<Degree> DegreeOfAsync(NameServerSet set, CancellationToken cancellationToken)
    {
        Degree? least = null;
        foreach (DomainName server in set.Servers)
        {
            Degree degree = await _degrees.OfServerAsync(server, RecordType.NS, cancellationToken).ConfigureAwait(false);
            if (least is null || degree.RegistrableDomains < least.Value.RegistrableDomains) least = degree;
        }

        return least!.Value;
    }

    private static string Text(DomainName name) => name.IsRoot ? "." : name.ToString()[..^1];

    private static double PowerOf(Degree degree) => degree.Class switch { DegreeClass.Dedicated => 1, DegreeClass.Shared => 0.5, _ => 0 };

    private void Add(LookalikeCandidate candidate, LookalikeCircumstance circumstance, double power, string detail)
    {
        double odds = Math.Pow(rules.Odds.Of(circumstance), power);
        if (power > 0 && odds != 1) candidate.Factors.Add(new(circumstance, odds, detail));
    }
}
