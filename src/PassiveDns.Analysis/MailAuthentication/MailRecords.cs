using System.Collections.Immutable;

namespace PassiveDns.Analysis;

/// <summary>Reads what names published at a time: texts, addresses and mail servers. What it has read for one answer it does not read again.</summary>
internal sealed class MailRecords(EvidenceReader evidence, AnalysisOptions options, TimeWindow window)
{
    private const int MaxAliases = 8; // what resolvers follow
    private const int MaxHeld = 10_000;
    private const int MaxRows = 10_000; // of one name and type; who has more texts than that publishes none of these

    private readonly Dictionary<(DomainName Name, RecordType Type), ImmutableArray<Observation>> _held = [];

    /// <summary>Reads a record.</summary>
    public delegate bool Parser<T>(string text, out T? record, out string? problem)
        where T : class;

    /// <summary>The time that is meant.</summary>
    public long At => window.To;

    /// <summary>Reads what a name publishes of one kind.</summary>
    /// <param name="name">The name.</param>
    /// <param name="isMeant">Which texts are of the kind.</param>
    /// <param name="parse">Reads one.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask<Publication<T>> PublishedAsync<T>(DomainName name, Func<string, bool> isMeant, Parser<T> parse, CancellationToken cancellationToken)
        where T : class
    {
        Found found = await FindAsync(name, RecordType.TXT, cancellationToken).ConfigureAwait(false);
        Publication<T> none = new()
        {
            Name = name, State = PublicationState.Unknown, Timeline = Timeline(found.Rows, isMeant), Aliases = found.Aliases, Evidence = found.AliasRows, LastSeen = found.AliasSeen,
        };
        ImmutableArray<NegativeSighting> denials = Denials(found.Holder, RecordType.TXT, found.InForce?.LastSeen ?? long.MinValue);
        if (!denials.IsEmpty) return none with { State = PublicationState.Absent, Denials = denials, LastSeen = denials.Max(denial => Math.Min(denial.Last, At)) };
        if (found.InForce is not { } set) return none;
        ImmutableArray<string> texts = [.. set.Rdata.Select(static record => TextRecord.Join(record.Canonical)).Where(isMeant)];
        Publication<T> some = none with { Texts = texts, LastSeen = set.LastSeen, Evidence = [.. found.AliasRows, .. set.Rows] };
        if (texts.Length != 1) return some with { State = texts.IsEmpty ? PublicationState.Absent : PublicationState.Multiple };
        return parse(texts[0], out T? record, out string? problem)
            ? some with { State = PublicationState.Published, Record = record }
            : some with { State = PublicationState.Invalid, Problem = problem };
    }

    /// <summary>The SPF record of a domain.</summary>
    public ValueTask<Publication<SpfRecord>> SpfAsync(DomainName domain, CancellationToken cancellationToken) =>
        PublishedAsync<SpfRecord>(domain, SpfRecord.IsMeant, SpfRecord.TryParse, cancellationToken);

    /// <summary>The texts of one kind in records of a type, with their times.</summary>
    public async ValueTask<ImmutableArray<PublishedText>> TextsAsync(DomainName name, RecordType type, Func<string, bool> isMeant, CancellationToken cancellationToken) =>
        Timeline(await RowsAsync(name, type, cancellationToken).ConfigureAwait(false), isMeant);

    /// <summary>The rows of the set that a name had, and of the aliases that lead there; none if nothing tells.</summary>
    public async ValueTask<ImmutableArray<Observation>> InForceAsync(DomainName name, RecordType type, CancellationToken cancellationToken)
    {
        Found found = await FindAsync(name, type, cancellationToken).ConfigureAwait(false);
        return found.InForce is { } set ? [.. found.AliasRows, .. set.Rows] : [];
    }

    /// <summary>The addresses of one family that a name had; <c>null</c> if nothing tells.</summary>
    public async ValueTask<ImmutableArray<HostAddress>?> AddressesAsync(DomainName name, bool isIpv4, CancellationToken cancellationToken)
    {
        RecordType type = isIpv4 ? RecordType.A : RecordType.AAAA;
        Found found = await FindAsync(name, type, cancellationToken).ConfigureAwait(false);
        if (!Denials(found.Holder, type, found.InForce?.LastSeen ?? long.MinValue).IsEmpty) return [];
        if (found.InForce is not { } set) return null;
        ImmutableArray<HostAddress>.Builder addresses = ImmutableArray.CreateBuilder<HostAddress>();
        foreach (Rdata record in set.Rdata)
        {
            if (RecordData.TryGetAddress(type, record.Canonical, out HostAddress address)) addresses.Add(address);
        }

        return addresses.ToImmutable();
    }

    /// <summary>The mail servers that a name had; <c>null</c> if nothing tells.</summary>
    public async ValueTask<ImmutableArray<DomainName>?> MailServersAsync(DomainName name, CancellationToken cancellationToken)
    {
        Found found = await FindAsync(name, RecordType.MX, cancellationToken).ConfigureAwait(false);
        if (!Denials(found.Holder, RecordType.MX, found.InForce?.LastSeen ?? long.MinValue).IsEmpty) return [];
        if (found.InForce is not { } set) return null;
        ImmutableArray<DomainName>.Builder servers = ImmutableArray.CreateBuilder<DomainName>();
        foreach (Rdata record in set.Rdata)
        {
            // The root is no server: null MX (RFC 7505).
            if (record.Canonical.Length > 2 && DomainName.TryFromWire(record.Canonical[2..], out DomainName server) && !server.IsRoot) servers.Add(server);
        }

        return servers.ToImmutable();
    }

    private static ImmutableArray<PublishedText> Timeline(ImmutableArray<Observation> rows, Func<string, bool> isMeant)
    {
        Dictionary<string, Presence> texts = [];
        foreach (Observation row in rows)
        {
            foreach (Rdata record in row.Rdata)
            {
                string text = TextRecord.Join(record.Canonical);
                if (isMeant(text)) texts[text] = texts.GetValueOrDefault(text, Presence.Never).Unite(Presence.Of(row.History));
            }
        }

        return [.. texts.Select(static pair => new PublishedText(pair.Key, pair.Value)).OrderBy(static text => text.Presence.First).ThenBy(static text => text.Text, StringComparer.Ordinal)];
    }

    /// <summary>The set in force at a name, or at the end of its aliases.</summary>
    private async ValueTask<Found> FindAsync(DomainName name, RecordType type, CancellationToken cancellationToken)
    {
        ImmutableArray<DomainName> aliases = [];
        ImmutableArray<Observation> aliasRows = [], all = [];
        long? aliasSeen = null;
        DomainName holder = name;
        while (true)
        {
            ImmutableArray<Observation> rows = await RowsAsync(holder, type, cancellationToken).ConfigureAwait(false);
            all = [.. all, .. rows];
            RrsetInForce? set = RrsetInForce.Choose(rows, At);
            RrsetInForce? alias = RrsetInForce.Choose(await RowsAsync(holder, RecordType.CNAME, cancellationToken).ConfigureAwait(false), At);
            bool isAlias = alias is not null && (set is null || alias.LastSeen > set.LastSeen);
            if (!isAlias || aliases.Length == MaxAliases || !DomainName.TryFromWire(alias!.Rdata[0].Canonical, out DomainName target) || target == name || aliases.Contains(target))
                return new(holder, set, all, aliases, aliasRows, aliasSeen);
            aliases = [.. aliases, target];
            aliasRows = [.. aliasRows, .. alias.Rows];
            aliasSeen = Math.Min(aliasSeen ?? long.MaxValue, alias.LastSeen);
            holder = target;
        }
    }

    private async ValueTask<ImmutableArray<Observation>> RowsAsync(DomainName name, RecordType type, CancellationToken cancellationToken)
    {
        if (_held.TryGetValue((name, type), out ImmutableArray<Observation> held)) return held;
        ImmutableArray<Observation>.Builder rows = ImmutableArray.CreateBuilder<Observation>();
        ObservationQuery query = new(new QueryAnchor.OwnerName(name)) { Types = TypeSelection.Of(type), Time = TimeFilter.Overlapping(window.From, window.To) };
        await foreach (Observation row in evidence.SampleAsync(query, MaxRows, cancellationToken).ConfigureAwait(false))
        {
            // A row into which others were folded is no RRset that anybody answered.
            if (row.History.Folding == SightingFolding.None) rows.Add(row);
            else evidence.Note(Completeness.Estimated);
        }

        if (rows.Count == MaxRows) evidence.Note(Completeness.Truncated);
        if (_held.Count >= MaxHeld) _held.Clear();
        return _held[(name, type)] = rows.DrainToImmutable();
    }

    private ImmutableArray<NegativeSighting> Denials(DomainName name, RecordType type, long since)
    {
        if (options.Negatives is not { } negatives) return [];
        HashSet<NegativeSighting> found = [];
        for (int labels = name.LabelCount; labels >= 0; labels--) // which zone the name is in is not known where nothing was answered
        {
            foreach (NegativeSighting denial in negatives.Find(name, type, name.Ancestor(labels)))
            {
                if (denial.Last > since && denial.First <= At && denial.Last >= window.From) found.Add(denial);
            }
        }

        return [.. found.OrderBy(static denial => denial.First)];
    }

    private sealed record Found(
        DomainName Holder, RrsetInForce? InForce, ImmutableArray<Observation> Rows, ImmutableArray<DomainName> Aliases, ImmutableArray<Observation> AliasRows, long? AliasSeen);
}
