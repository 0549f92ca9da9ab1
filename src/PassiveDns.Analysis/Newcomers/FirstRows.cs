namespace PassiveDns.Analysis;

/// <summary>Which row was the first of a host or domain, if that is new at all.</summary>
internal sealed class FirstRows(NewcomerQuery query, EvidenceReader evidence)
{
    /// <summary>The rows of a name follow each other, so few verdicts suffice; without them a domain with a million new rows would be read a million times.</summary>
    private const int MaxVerdicts = 4096;

    private readonly Dictionary<DomainName, Observation?> _verdicts = [];

    /// <summary>Whether a row of the window is the first that was ever seen of a name.</summary>
    /// <param name="row">The row.</param>
    /// <param name="name">Its owner name, or its registrable domain.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask<bool> IsFirstAsync(Observation row, DomainName name, CancellationToken cancellationToken)
    {
        if (!_verdicts.TryGetValue(name, out Observation? first))
        {
            first = await FindFirstAsync(name, cancellationToken).ConfigureAwait(false);
            if (evidence.IsTruncated) return false; // what was known before may not have been read any more
            if (_verdicts.Count == MaxVerdicts) _verdicts.Clear();
            _verdicts.Add(name, first);
        }

        return first is not null && IsSame(row, first);
    }

    /// <summary>The first row of a name, or <c>null</c> if it was known before the window.</summary>
    private async ValueTask<Observation?> FindFirstAsync(DomainName name, CancellationToken cancellationToken)
    {
        QueryAnchor anchor = query.Kind == NewcomerKind.Domain ? new QueryAnchor.Subtree(name) : new QueryAnchor.OwnerName(name);
        ObservationQuery rows = new(anchor) { Types = query.Types };
        long from = query.Window.From;
        if (from > long.MinValue)
        {
            await foreach (Observation _ in evidence.SampleAsync(rows with { Time = new() { FirstBefore = from - 1 } }, 1, cancellationToken).ConfigureAwait(false)) return null;
        }

        Observation? first = null;
        await foreach (Observation row in evidence.ReadAsync(rows with { Time = new() { FirstBefore = query.Window.To } }, cancellationToken).ConfigureAwait(false))
        {
            if (first is null || row.History.FirstSeen < first.History.FirstSeen) first = row;
        }

        return first;
    }

    private static bool IsSame(Observation one, Observation other) =>
        one.RrName == other.RrName && one.Type == other.Type && one.Bailiwick == other.Bailiwick && one.Provenance == other.Provenance
        && one.History.Folding == other.History.Folding && one.Rdata.AsSpan().SequenceEqual(other.Rdata.AsSpan());
}
