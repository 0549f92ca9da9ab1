namespace PassiveDns.Analysis;

/// <summary>How widely addresses and servers are used, each counted once for an answer, and no further than to the class that counts for nothing.</summary>
internal sealed class DegreeReader(EvidenceReader evidence, AnalysisOptions options, TimeWindow window)
{
    private readonly Dictionary<HostAddress, Degree> _addresses = [];
    private readonly Dictionary<(DomainName, RecordType), Degree> _servers = [];

    /// <summary>How many registrable domains have names at an address.</summary>
    public async ValueTask<Degree> OfAddressAsync(HostAddress address, CancellationToken cancellationToken)
    {
        if (_addresses.TryGetValue(address, out Degree known)) return known;
        return _addresses[address] = await CountAsync(new(QueryAnchor.Address(address)) { Time = window.Filter }, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>How many registrable domains use a server.</summary>
    /// <param name="server">The server.</param>
    /// <param name="type">What for: NS or MX.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask<Degree> OfServerAsync(DomainName server, RecordType type, CancellationToken cancellationToken)
    {
        if (_servers.TryGetValue((server, type), out Degree known)) return known;
        ObservationQuery users = new(new QueryAnchor.Target(server)) { Types = TypeSelection.Of(type), Time = window.Filter };
        return _servers[(server, type)] = await CountAsync(users, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<Degree> CountAsync(ObservationQuery query, CancellationToken cancellationToken)
    {
        HashSet<DomainName> names = [], domains = [];
        await foreach (Observation row in evidence.ReadAsync(query, cancellationToken).ConfigureAwait(false))
        {
            if (names.Add(row.RrName)) domains.Add(options.RegistrableDomain(row.RrName));
            if (domains.Count > options.Degree.SharedMax) break;
        }

        return Degree.Of(names.Count, domains.Count, options.Degree);
    }
}
