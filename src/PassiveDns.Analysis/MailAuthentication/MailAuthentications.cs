using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace PassiveDns.Analysis;

/// <summary>Who published SPF, DKIM, DMARC and what goes with them, as of a time.</summary>
/// <param name="reader">The store.</param>
/// <param name="options">What all analyses share. Its negative evidence makes <see cref="PublicationState.Absent"/> of much that else is unknown.</param>
public sealed class MailAuthentications(IObservationReader reader, AnalysisOptions? options = null)
{
    private readonly AnalysisOptions _options = options ?? new();

    /// <summary>Finds what a domain publishes, or each domain at and under a name that publishes anything; in canonical order. A domain of which nothing is known is left out.</summary>
    /// <param name="query">The question.</param>
    /// <exception cref="ArgumentException">The window is none.</exception>
    public AnswerStream<MailAuthentication> Find(MailQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        query.Window.Validate();
        return new(() => new(reader, _options), (evidence, cancellationToken) => WalkAsync(query, evidence, cancellationToken));
    }

    private async IAsyncEnumerable<MailAuthentication> WalkAsync(MailQuery query, EvidenceReader evidence, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IEnumerable<DomainName> names = query.IncludeSubtree ? await PublishersAsync(query, evidence, cancellationToken).ConfigureAwait(false) : [query.Name];
        MailRecords records = new(evidence, _options, query.Window); // shared: the same providers are included everywhere
        foreach (DomainName name in names)
        {
            MailAuthentication found = await ReadAsync(name, records, query.Window, evidence, cancellationToken).ConfigureAwait(false);
            if (found.IsKnown) yield return found;
        }
    }

    /// <summary>The domains under a name with records that were meant for mail.</summary>
    private static async ValueTask<SortedSet<DomainName>> PublishersAsync(MailQuery query, EvidenceReader evidence, CancellationToken cancellationToken)
    {
        SortedSet<DomainName> publishers = [];
        ObservationQuery rows = new(new QueryAnchor.Subtree(query.Name))
        {
            Types = TypeSelection.Of(RecordType.TXT, RecordType.CNAME), Time = TimeFilter.Overlapping(query.Window.From, query.Window.To),
        };
        await foreach (ObservationRows page in evidence.ReadPagesAsync(rows, cancellationToken).ConfigureAwait(false)) Collect(page, query.Name, publishers);
        return publishers;
    }

    private static void Collect(ObservationRows page, DomainName apex, SortedSet<DomainName> publishers)
    {
        foreach (ObservationRow row in page)
        {
            if (!DomainName.TryFromWire(row.RrName, out DomainName owner)) continue;
            DomainName? domain = MailNames.DomainOf(owner, out _);
            if (domain is null && row.Type == RecordType.TXT)
            {
                foreach (ReadOnlySpan<byte> record in row.Rdata)
                {
                    if (SpfRecord.IsMeant(TextRecord.Join(record))) domain = owner;
                }
            }

            if (domain is { } publisher && publisher.IsAtOrUnder(apex)) publishers.Add(publisher);
        }
    }

    private async ValueTask<MailAuthentication> ReadAsync(DomainName name, MailRecords records, TimeWindow window, EvidenceReader evidence, CancellationToken cancellationToken)
    {
        DomainName registrable = _options.RegistrableDomain(name);
        Publication<SpfRecord> spf = await records.SpfAsync(name, cancellationToken).ConfigureAwait(false);
        return new()
        {
            Name = name,
            RegistrableDomain = registrable,
            Spf = spf,
            SpfGraph = await new SpfGraph(records).ReadAsync(name, spf, cancellationToken).ConfigureAwait(false),
            HistoricSpf = await records.TextsAsync(name, RecordType.SPF, SpfRecord.IsMeant, cancellationToken).ConfigureAwait(false),
            Dkim = await SelectorsAsync(name, records, window, evidence, cancellationToken).ConfigureAwait(false),
            Dmarc = await AtAsync<DmarcRecord>("_dmarc", name, DmarcRecord.IsMeant, DmarcRecord.TryParse, records, cancellationToken).ConfigureAwait(false),
            InheritedDmarc = registrable == name
                ? null
                : await AtAsync<DmarcRecord>("_dmarc", registrable, DmarcRecord.IsMeant, DmarcRecord.TryParse, records, cancellationToken).ConfigureAwait(false),
            TransportPolicy = await AtAsync<TransportPolicy>("_mta-sts", name, TransportPolicy.IsMeant, TransportPolicy.TryParse, records, cancellationToken).ConfigureAwait(false),
            TransportReports = await AtAsync<TransportReports>("_smtp._tls", name, TransportReports.IsMeant, TransportReports.TryParse, records, cancellationToken).ConfigureAwait(false),
            BrandIndicator = await AtAsync<BrandIndicator>("default._bimi", name, BrandIndicator.IsMeant, BrandIndicator.TryParse, records, cancellationToken).ConfigureAwait(false),
        };
    }

    private static async ValueTask<Publication<T>> AtAsync<T>(
        string prefix, DomainName domain, Func<string, bool> isMeant, MailRecords.Parser<T> parse, MailRecords records, CancellationToken cancellationToken)
        where T : class =>
        MailNames.At(prefix, domain) is { } name
            ? await records.PublishedAsync(name, isMeant, parse, cancellationToken).ConfigureAwait(false)
            : new() { Name = domain, State = PublicationState.Absent }; // no name is left for one

    private static async ValueTask<ImmutableArray<DkimSelector>> SelectorsAsync(DomainName domain, MailRecords records, TimeWindow window, EvidenceReader evidence, CancellationToken cancellationToken)
    {
        if (MailNames.At("_domainkey", domain) is not { } apex) return [];
        SortedSet<DomainName> owners = [];
        ObservationQuery rows = new(new QueryAnchor.Subtree(apex)) { Types = TypeSelection.Of(RecordType.TXT, RecordType.CNAME), Time = TimeFilter.Overlapping(window.From, window.To) };
        await foreach (Observation row in evidence.ReadAsync(rows, cancellationToken).ConfigureAwait(false))
        {
            if (row.RrName != apex && row.History.Folding == SightingFolding.None) owners.Add(row.RrName);
        }

        ImmutableArray<DkimSelector>.Builder selectors = ImmutableArray.CreateBuilder<DkimSelector>();
        foreach (DomainName owner in owners)
        {
            Publication<DkimKey> key = await records.PublishedAsync<DkimKey>(owner, DkimKey.IsMeant, DkimKey.TryParse, cancellationToken).ConfigureAwait(false);
            MailNames.DomainOf(owner, out string? selector);

            // A text of another kind comes there by a wildcard and makes no selector.
            if (selector is not null && (!key.Timeline.IsEmpty || !key.Aliases.IsEmpty)) selectors.Add(new(selector, key));
        }

        return selectors.ToImmutable();
    }
}
