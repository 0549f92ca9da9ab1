using System.Runtime.CompilerServices;

namespace PassiveDns.Analysis;

/// <summary>
/// What was observed for the first time in a window: registrable domains, hosts, RRsets. New means new to the whole store, not to a cache that forgets; a
/// store that has been fed since yesterday finds everything new, so look at <see cref="AnswerFacts.Coverage"/>.
/// </summary>
/// <param name="reader">The store.</param>
/// <param name="options">What all analyses share. Only rows of its provenance count, as news and as what was known before.</param>
public sealed class Newcomers(IObservationReader reader, AnalysisOptions? options = null)
{
    private readonly AnalysisOptions _options = options ?? new();

    /// <summary>Finds what is new, in the order in which the store has the rows.</summary>
    /// <param name="query">The question.</param>
    /// <exception cref="ArgumentException">The window is none.</exception>
    public AnswerStream<Newcomer> Find(NewcomerQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        query.Window.Validate();
        return new(() => new(reader, _options), (evidence, cancellationToken) => WalkAsync(query, evidence, cancellationToken));
    }

    private async IAsyncEnumerable<Newcomer> WalkAsync(NewcomerQuery query, EvidenceReader evidence, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        FirstRows firsts = new(query, evidence);
        await foreach (Observation row in evidence.ReadAsync(RowsOf(query), cancellationToken).ConfigureAwait(false))
        {
            DomainName? domain = DomainOf(row.RrName);
            DomainName? name = query.Kind == NewcomerKind.Domain ? domain : row.RrName;
            if (name is not { } newcomer) continue;

            // A domain or host is told with the row that was its first, so that nothing has to be remembered of what was told.
            if (query.Kind != NewcomerKind.Record && !await firsts.IsFirstAsync(row, newcomer, cancellationToken).ConfigureAwait(false)) continue;
            yield return new() { Kind = query.Kind, Name = newcomer, RegistrableDomain = domain, FirstSeen = row.History.FirstSeen, Evidence = [row] };
        }
    }

    private static ObservationQuery RowsOf(NewcomerQuery query)
    {
        (long from, long to) = query.Window;
        return query.Under is { } zone
            ? new(new QueryAnchor.Subtree(zone)) { Types = query.Types, Time = new() { FirstAfter = from, FirstBefore = to } }
            : new(new QueryAnchor.FirstSeen(from, to)) { Types = query.Types };
    }

    private DomainName? DomainOf(DomainName name)
    {
        int labels = _options.PublicSuffixes.RegistrableLabels(name, includePrivate: true);
        return labels == 0 ? null : name.Ancestor(labels);
    }
}
