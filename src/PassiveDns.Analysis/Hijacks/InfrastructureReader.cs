namespace PassiveDns.Analysis;

/// <summary>The second look: who else used what a deviation led to.</summary>
internal sealed class InfrastructureReader(EvidenceReader evidence, AnalysisOptions options, HijackOptions hijack)
{
    /// <summary>Campaigns use the same infrastructure again and again; profiles of so many pieces are kept.</summary>
    private const int MaxProfiles = 1024;

    private const int MaxContactRows = 4;
    private const int MaxAddressRows = 16;
    private const int MaxNeighbourRows = 64;
    private const int MaxNeighbours = 8;
    private const int MinNeighbours = 2;
    private const long Month = 30 * 86_400;

    private static readonly TypeSelection s_hosting = TypeSelection.Of(RecordType.A, RecordType.AAAA, RecordType.CNAME);
    private static readonly TypeSelection s_addresses = TypeSelection.Of(RecordType.A, RecordType.AAAA);
    private readonly Dictionary<InfrastructureUnit, InfrastructureProfile> _profiles = [];

    /// <summary>
    /// Reads who used a piece of infrastructure; of a server or target who used any name of its operator, because content networks and large name servers
    /// give each customer names of its own.
    /// </summary>
    public async ValueTask<InfrastructureProfile> ReadAsync(InfrastructureUnit unit, CancellationToken cancellationToken)
    {
        InfrastructureUnit whole = unit.IsAddress ? unit : unit with { Name = options.RegistrableDomain(unit.Name) };
        if (_profiles.TryGetValue(whole, out InfrastructureProfile? known)) return known;
        InfrastructureProfile profile = new();
        int rows = 0;
        QueryAnchor anchor = whole.IsAddress ? QueryAnchor.Address(whole.Address) : new QueryAnchor.Target(whole.Name, IncludeSubtree: true);
        ObservationQuery users = new(anchor) { Types = TypeSelection.Of(whole.Type) };
        await foreach (Observation row in evidence.SampleAsync(users, hijack.MaxUsersRead, cancellationToken).ConfigureAwait(false))
        {
            rows++;
            profile.Add(row, options.RegistrableDomain(row.RrName), Incident.IsSensitive(row.RrName, hijack));
        }

        profile.IsCut = rows == hijack.MaxUsersRead;
        if (_profiles.Count == MaxProfiles) _profiles.Clear();
        _profiles.Add(whole, profile);
        return profile;
    }

    /// <summary>
    /// Whether a name that led somewhere led elsewhere at least a month before, and again afterwards: strangers who are new there are customers, and those who
    /// stayed have moved. Of what came so lately that it may still end, the past alone counts.
    /// </summary>
    public async ValueTask<bool> WasElsewhereAsync(Observation row, TimeStretch time, bool isFresh, CancellationToken cancellationToken)
    {
        ObservationQuery others = new(new QueryAnchor.OwnerName(row.RrName))
        {
            Types = row.Type is RecordType.A or RecordType.AAAA or RecordType.CNAME ? s_hosting : TypeSelection.Of(row.Type),
        };
        if (!await AnyAsync(others with { Time = new() { FirstBefore = time.First - Month } }, cancellationToken).ConfigureAwait(false)) return false;
        return isFresh || await AnyAsync(others with { Time = new() { LastAfter = time.Last + 1 } }, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Whether most of the settled domains around an address are served by an operator that serves this one: then the network is its hoster's. Stands in for AS numbers where there
    /// are none.
    /// </summary>
    public async ValueTask<bool> IsAmongCustomersAsync(InfrastructureUnit unit, DomainName domain, CancellationToken cancellationToken)
    {
        HashSet<DomainName> own = await OperatorsOfAsync(domain, cancellationToken).ConfigureAwait(false);
        if (own.Count == 0) return false;
        AddressPrefix network = unit.Prefix;
        ObservationQuery around = new(new QueryAnchor.AddressRange(network.First, network.First.LastOf(network.Length))) { Types = s_addresses };
        HashSet<DomainName> neighbours = [];
        await foreach (Observation row in evidence.SampleAsync(around, MaxNeighbourRows, cancellationToken).ConfigureAwait(false))
        {
            DomainName neighbour = options.RegistrableDomain(row.RrName);
            if (neighbour != domain && row.History.LastSeen - row.History.FirstSeen > hijack.MaxSeconds && neighbours.Count < MaxNeighbours) neighbours.Add(neighbour);
        }

        int served = 0;
        foreach (DomainName neighbour in neighbours)
        {
            if (own.Overlaps(await OperatorsOfAsync(neighbour, cancellationToken).ConfigureAwait(false))) served++;
        }

        return served >= MinNeighbours && 2 * served > neighbours.Count;
    }

    /// <summary>Whether a zone has one of these SOA contacts.</summary>
    public async ValueTask<bool> HasContactAsync(DomainName zone, IReadOnlySet<DomainName> contacts, CancellationToken cancellationToken)
    {
        ObservationQuery soa = new(new QueryAnchor.OwnerName(zone)) { Types = TypeSelection.Of(RecordType.SOA) };
        bool isShared = false;
        await foreach (Observation row in evidence.SampleAsync(soa, MaxContactRows, cancellationToken).ConfigureAwait(false))
            isShared |= SoaContact.TryRead(row, out DomainName contact) && contacts.Contains(contact);
        return isShared;
    }

    /// <summary>Whether a piece of infrastructure, or an address of a server, stands on a list.</summary>
    public async ValueTask<bool> IsListedAsync(InfrastructureUnit unit, InfrastructureList list, CancellationToken cancellationToken)
    {
        if (list.Count == 0) return false;
        if (unit.IsAddress ? list.Contains(unit.Address) : list.Contains(unit.Name)) return true;
        if (unit.IsAddress) return false;
        ObservationQuery addresses = new(new QueryAnchor.OwnerName(unit.Name)) { Types = s_addresses };
        bool isListed = false;
        await foreach (Observation row in evidence.SampleAsync(addresses, MaxAddressRows, cancellationToken).ConfigureAwait(false))
        {
            foreach (Rdata rdata in row.Rdata) isListed |= RecordData.TryGetAddress(row.Type, rdata.Canonical, out HostAddress address) && list.Contains(address);
        }

        return isListed;
    }

    /// <summary>Whether any address of a server is known.</summary>
    public ValueTask<bool> HasAddressAsync(DomainName server, CancellationToken cancellationToken) =>
        AnyAsync(new(new QueryAnchor.OwnerName(server)) { Types = s_addresses }, cancellationToken);

    /// <summary>Aliases to a name, some of them.</summary>
    public IAsyncEnumerable<Observation> ReadAliasesAsync(DomainName target, CancellationToken cancellationToken) =>
        evidence.SampleAsync(new(new QueryAnchor.Target(target)) { Types = TypeSelection.Of(RecordType.CNAME) }, hijack.MaxUsersRead, cancellationToken);

    // Who served a domain for long; servers of its own name say nothing of its hoster.
    private async ValueTask<HashSet<DomainName>> OperatorsOfAsync(DomainName domain, CancellationToken cancellationToken)
    {
        HashSet<DomainName> operators = [];
        ObservationQuery servers = new(new QueryAnchor.OwnerName(domain)) { Types = TypeSelection.Of(RecordType.NS) };
        await foreach (Observation row in evidence.SampleAsync(servers, MaxContactRows, cancellationToken).ConfigureAwait(false))
        {
            if (row.History.LastSeen - row.History.FirstSeen > hijack.MaxSeconds) operators.UnionWith(NameServerSet.Of(row).Servers.Select(options.RegistrableDomain));
        }

        operators.Remove(domain);
        return operators;
    }

    private async ValueTask<bool> AnyAsync(ObservationQuery query, CancellationToken cancellationToken)
    {
        await foreach (Observation _ in evidence.SampleAsync(query, 1, cancellationToken).ConfigureAwait(false)) return true;
        return false;
    }
}
