using System.Runtime.CompilerServices;

namespace PassiveDns.Analysis;

/// <summary>Reads the rows of the names that a question is about, name by name.</summary>
internal sealed class ScopeRows(ChangeQuery query, EvidenceReader evidence, NegativeTable? negatives)
{
    private readonly TypeSelection[] _families = query.Types is { } types ? [types] : [TypeSelection.Any, TypeSelection.Of(RecordType.DS)];

    /// <summary>
    /// All rows of each name, those of DNSSEC types apart: they stand in a keyspace of their own. A name of which the budget left rows out is not given: its changes would be wrong.
    /// </summary>
    public async IAsyncEnumerable<List<Observation>> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach ((QueryAnchor? anchor, TypeSelection types) in Walks())
        {
            IAsyncEnumerable<List<Observation>> names = query.Scope switch
            {
                _ when anchor is not null => GroupAsync(anchor, types, cancellationToken),
                ChangeScope.Addresses range => ByIndexAsync(new QueryAnchor.AddressRange(range.First, range.Last), TypeSelection.Any, cancellationToken),
                ChangeScope.Server server => ByIndexAsync(new QueryAnchor.Target(server.Host), TypeSelection.Of(RecordType.NS, RecordType.MX), cancellationToken),
                _ => ChangedAsync(types, cancellationToken),
            };
            await foreach (List<Observation> rows in names.ConfigureAwait(false)) yield return rows;
        }
    }

    private IEnumerable<(QueryAnchor? Anchor, TypeSelection Types)> Walks() => query.Scope switch
    {
        ChangeScope.Subtree subtree => _families.Select(types => ((QueryAnchor?)new QueryAnchor.Subtree(subtree.Apex), types)),
        ChangeScope.Watched watched => watched.Names.SelectMany(name => _families.Select(types =>
            ((QueryAnchor?)(name.IncludeSubtree ? new QueryAnchor.Subtree(name.Name) : new QueryAnchor.OwnerName(name.Name)), types))),
        ChangeScope.Everything => _families.Select(static types => ((QueryAnchor?)null, types)),
        _ => [(null, query.Types ?? TypeSelection.Any)],
    };

    // The rows of one owner follow each other.
    private async IAsyncEnumerable<List<Observation>> GroupAsync(QueryAnchor anchor, TypeSelection types, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        List<Observation> group = [];
        await foreach (Observation row in evidence.ReadAsync(new(anchor) { Types = types }, cancellationToken).ConfigureAwait(false))
        {
            if (group.Count > 0 && group[0].RrName != row.RrName)
            {
                yield return group;
                group = [];
            }

            group.Add(row);
        }

        if (group.Count > 0 && !evidence.IsTruncated) yield return group;
    }

    // The index tells the owners whose records there came or went; what they had besides tells what took their place.
    private async IAsyncEnumerable<List<Observation>> ByIndexAsync(QueryAnchor anchor, TypeSelection types, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        SortedSet<DomainName> owners = [];
        bool isCut = false;
        await foreach (Observation row in evidence.ReadAsync(new(anchor) { Types = types }, cancellationToken).ConfigureAwait(false))
        {
            if (row.History.Intervals.Any(interval => interval.First < query.Window.From && interval.Last > query.Window.To)) continue;
            if (owners.Count >= query.MaxNames && !owners.Contains(row.RrName)) isCut = true;
            else owners.Add(row.RrName);
        }

        foreach (DomainName owner in owners)
        {
            await foreach (List<Observation> rows in GroupAsync(new QueryAnchor.OwnerName(owner), query.Types ?? TypeSelection.Any, cancellationToken).ConfigureAwait(false)) yield return rows;
        }

        if (isCut) evidence.Note(Completeness.Truncated); // not before: what was read is whole
    }

    // The store's index tells of sightings; what was denied in the window may have been seen last long before.
    private async IAsyncEnumerable<List<Observation>> ChangedAsync(TypeSelection types, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Dictionary<DomainName, bool> denied = negatives?.DeniedIn(query.Window).ToDictionary(static pair => pair.Name, static pair => pair.IsWhole) ?? [];
        DomainName? last = null;
        QueryAnchor anchor = new QueryAnchor.Changed(query.Window.From, query.Window.To);
        await foreach (Observation row in evidence.ReadAsync(new(anchor) { Types = types }, cancellationToken).ConfigureAwait(false))
        {
            if (row.RrName == last) continue;
            last = row.RrName;
            if (denied.ContainsKey(row.RrName) || IsUnderDenied(row.RrName, denied)) continue; // below
            await foreach (List<Observation> rows in GroupAsync(new QueryAnchor.OwnerName(row.RrName), types, cancellationToken).ConfigureAwait(false)) yield return rows;
        }

        foreach ((DomainName name, bool isWhole) in denied.OrderBy(static pair => pair.Key))
        {
            if (IsUnderDenied(name, denied)) continue;
            QueryAnchor what = isWhole ? new QueryAnchor.Subtree(name) : new QueryAnchor.OwnerName(name);
            await foreach (List<Observation> rows in GroupAsync(what, types, cancellationToken).ConfigureAwait(false)) yield return rows;
        }
    }

    private static bool IsUnderDenied(DomainName name, Dictionary<DomainName, bool> denied)
    {
        for (int labels = name.LabelCount - 1; labels > 0; labels--)
        {
            if (denied.GetValueOrDefault(name.Ancestor(labels))) return true;
        }

        return false;
    }
}
