namespace PassiveDns.Analysis;

/// <summary>What a domain runs on: the addresses of its apex and of <c>www</c>, its name servers, its mail servers, and whom its SOA record names.</summary>
internal sealed class DomainInfrastructure
{
    private const int MaxRows = 2000; // of one name; pools that rotate through more are shared by strangers anyway

    private DomainInfrastructure(DomainName domain) => Domain = domain;

    /// <summary>The domain.</summary>
    public DomainName Domain { get; }

    /// <summary>Its addresses, and when it had each.</summary>
    public SortedDictionary<HostAddress, Presence> Addresses { get; } = [];

    /// <summary>The sets of its name servers, each once.</summary>
    public List<NameServerSet> NameServers { get; } = [];

    /// <summary>Its mail servers; null MX (RFC 7505) is none.</summary>
    public SortedSet<DomainName> MailServers { get; } = [];

    /// <summary>The contacts in its SOA records (RNAME, RFC 1035 section 3.3.13).</summary>
    public SortedSet<DomainName> Contacts { get; } = [];

    /// <summary>The rows behind it.</summary>
    public List<Observation> Rows { get; } = [];

    /// <summary>Reads what the store knows.</summary>
    public static async ValueTask<DomainInfrastructure> ReadAsync(EvidenceReader evidence, DomainName domain, TimeWindow window, CancellationToken cancellationToken)
    {
        DomainInfrastructure found = new(domain);
        TypeSelection types = TypeSelection.Of(RecordType.A, RecordType.AAAA, RecordType.NS, RecordType.SOA, RecordType.MX);
        await foreach (Observation row in evidence.SampleAsync(new(new QueryAnchor.OwnerName(domain)) { Types = types, Time = window.Filter }, MaxRows, cancellationToken).ConfigureAwait(false)) found.Add(row);
        if (!DomainName.TryParse($"www.{domain}", out DomainName web)) return found; // the domain is too long for one
        TypeSelection addresses = TypeSelection.Of(RecordType.A, RecordType.AAAA);
        await foreach (Observation row in evidence.SampleAsync(new(new QueryAnchor.OwnerName(web)) { Types = addresses, Time = window.Filter }, MaxRows, cancellationToken).ConfigureAwait(false)) found.Add(row);
        return found;
    }

    private void Add(Observation row)
    {
        Rows.Add(row);
        if (row.Type == RecordType.NS)
        {
            NameServerSet set = NameServerSet.Of(row);
            if (!NameServers.Contains(set)) NameServers.Add(set);
            return;
        }

        Presence presence = Presence.Of(row.History);
        foreach (Rdata rdata in row.Rdata)
        {
            if (RecordData.TryGetAddress(row.Type, rdata.Canonical, out HostAddress address)) Addresses[address] = Addresses.GetValueOrDefault(address, Presence.Never).Unite(presence);
            else if (row.Type == RecordType.MX && NameAt(rdata.Canonical, 2) is { IsRoot: false } server) MailServers.Add(server);
            else if (SoaContact.TryRead(row, out DomainName contact)) Contacts.Add(contact);
        }
    }

    private static DomainName? NameAt(ReadOnlySpan<byte> rdata, int offset)
    {
        int end = offset;
        while (end < rdata.Length && rdata[end] != 0) end += rdata[end] + 1;
        return end < rdata.Length && DomainName.TryFromWire(rdata[offset..(end + 1)], out DomainName name) ? name : null;
    }
}
