namespace PassiveDns.Analysis;

/// <summary>Follows the includes and redirects of a record, no further than receivers do.</summary>
internal sealed class SpfGraph(MailRecords records)
{
    /// <summary>The most look-ups of one evaluation (RFC 7208 section 4.6.4).</summary>
    public const int MaxLookups = 10;

    private const int MaxNodes = 100; // a record has room for some hundred includes; a receiver gives up at the tenth

    private int _nodes;

    /// <summary>Makes the graph of a record.</summary>
    public ValueTask<SpfNode> ReadAsync(DomainName domain, Publication<SpfRecord> record, CancellationToken cancellationToken) => WalkAsync(domain, record, null, [domain], cancellationToken);

    private async ValueTask<SpfNode> WalkAsync(DomainName domain, Publication<SpfRecord> published, SpfTermKind? through, List<DomainName> path, CancellationToken cancellationToken)
    {
        _nodes++;
        SpfNode node = new() { Domain = Text(domain), Through = through, State = published.State, Text = published.Texts.IsEmpty ? null : published.Texts[0] };
        if (published.Record is not { } record) return node;
        List<SpfNode> below = [];
        foreach (SpfTerm term in record.Terms)
        {
            if (term.Kind is not (SpfTermKind.Include or SpfTermKind.Redirect) || (term.Kind == SpfTermKind.Redirect && record.All is not null)) continue;
            if (_nodes + below.Count >= MaxNodes) break;
            if (term.HasMacros || !DomainName.TryParse(term.Domain, out DomainName target))
            {
                below.Add(new() { Domain = term.Domain!, Through = term.Kind, State = PublicationState.Unknown });
                continue;
            }

            if (path.Contains(target) || path.Count > MaxLookups)
            {
                below.Add(new() { Domain = Text(target), Through = term.Kind, State = PublicationState.Invalid, IsLoop = path.Contains(target) });
                continue;
            }

            path.Add(target);
            Publication<SpfRecord> next = await records.SpfAsync(target, cancellationToken).ConfigureAwait(false);
            below.Add(await WalkAsync(target, next, term.Kind, path, cancellationToken).ConfigureAwait(false));
            path.RemoveAt(path.Count - 1);
        }

        return node with { OwnLookups = record.Lookups, Nodes = [.. below] };
    }

    private static string Text(DomainName name) => name.IsRoot ? "." : name.ToString()[..^1];
}
