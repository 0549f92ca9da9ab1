using PassiveDns.Storage;

namespace PassiveDns.Events;

/// <summary>Says of each row of a batch what is new about it, against the whole store and the rows before it in the batch.</summary>
internal sealed class NoveltyJudge(IObservationReader store, FeedOptions options)
{
    /// <summary>Judges a batch that has not been written yet.</summary>
    /// <returns>One event for each row that counts, in the order of the first sightings.</returns>
    /// <exception cref="ObservationStoreException">The store could not be read.</exception>
    public async ValueTask<Verdicts> JudgeAsync(ObservationBatch batch, CancellationToken cancellationToken)
    {
        Known known = new();
        List<ObservationEvent> events = [];
        int undecided = 0;
        foreach (Observation row in Rows(batch))
        {
            KnownRrsets rrsets = await ReadRrsetsAsync(known, row, cancellationToken).ConfigureAwait(false);
            ObservationEventKinds kinds = ObservationEventKinds.Sighting;
            DomainName? domain = FindDomain(row.RrName);
            if (rrsets.IsPartial) undecided++;
            else kinds |= await JudgeAsync(known, rrsets, row, domain, cancellationToken).ConfigureAwait(false);

            Observation? previous = FindPreviousDelegation(rrsets, row);
            if (previous is not null) kinds |= ObservationEventKinds.DelegationChanged;
            rrsets.Add(row);
            events.Add(new() { Kinds = kinds, Observation = row, Batch = batch.Id, Domain = domain, Previous = previous });
        }

        return new(events, events.Count, undecided);
    }

    private async ValueTask<ObservationEventKinds> JudgeAsync(Known known, KnownRrsets rrsets, Observation row, DomainName? domain, CancellationToken cancellationToken)
    {
        ObservationEventKinds kinds = ObservationEventKinds.None;
        if (!rrsets.Knows(row.Rdata)) kinds |= ObservationEventKinds.NewRrset;
        if (row.Rdata.Any(record => !rrsets.Knows(record))) kinds |= ObservationEventKinds.NewRecord;
        if (!rrsets.IsEmpty) return kinds;

        kinds |= ObservationEventKinds.NewType;
        if (await IsKnownAsync(known.Names, row.RrName, new QueryAnchor.OwnerName(row.RrName), cancellationToken).ConfigureAwait(false)) return kinds;
        kinds |= ObservationEventKinds.NewName;
        if (domain is { } apex && !await IsKnownAsync(known.Domains, apex, new QueryAnchor.Subtree(apex), cancellationToken).ConfigureAwait(false)) kinds |= ObservationEventKinds.NewDomain;
        return kinds;
    }

    // Data that comes late says nothing about now.
    private static Observation? FindPreviousDelegation(KnownRrsets rrsets, Observation row) =>
        KnownRrsets.IsDelegation(row) && rrsets.Delegation is { } last && row.History.LastSeen >= last.History.LastSeen && !row.Rdata.AsSpan().SequenceEqual(last.Rdata.AsSpan())
            ? last
            : null;

    private IEnumerable<Observation> Rows(ObservationBatch batch)
    {
        List<Observation> rows = [];
        foreach (ObservationRow row in batch.Rows)
        {
            if (options.Types.Includes(row.Type) && (options.Provenance & (ProvenanceSelection)(1 << (int)row.Provenance)) != 0) rows.Add(row.ToObservation());
        }

        return rows.OrderBy(row => row.History.FirstSeen);
    }

    private DomainName? FindDomain(DomainName name)
    {
        int labels = options.PublicSuffixes.RegistrableLabels(name, includePrivate: true);
        return labels == 0 ? null : name.Ancestor(labels);
    }

    private async ValueTask<KnownRrsets> ReadRrsetsAsync(Known known, Observation row, CancellationToken cancellationToken)
    {
        if (known.Rrsets.TryGetValue((row.RrName, row.Type), out KnownRrsets? rrsets)) return rrsets;
        rrsets = new();
        ObservationQuery query = new(new QueryAnchor.OwnerName(row.RrName)) { Types = TypeSelection.Of(row.Type), Provenance = options.Provenance, Limit = options.MaxRowsRead };
        await foreach (RecordPage page in store.ReadAsync(query, cancellationToken).ConfigureAwait(false))
        {
            foreach (ObservationRow found in page.Rows) rrsets.Add(found.ToObservation());
            rrsets.IsPartial |= page.Completeness == Completeness.Truncated;
        }

        known.Rrsets.Add((row.RrName, row.Type), rrsets);
        return rrsets;
    }

    /// <summary>Whether the store has a row there. From this row on it is known, whatever the answer.</summary>
    private async ValueTask<bool> IsKnownAsync(HashSet<DomainName> known, DomainName name, QueryAnchor anchor, CancellationToken cancellationToken)
    {
        if (!known.Add(name)) return true;
        ObservationQuery query = new(anchor) { Types = options.Types, Provenance = options.Provenance, Limit = 1 };
        bool isKnown = false;
        await foreach (RecordPage page in store.ReadAsync(query, cancellationToken).ConfigureAwait(false)) isKnown |= page.Rows.Count > 0;
        return isKnown;
    }

    /// <summary>What was found out for one batch.</summary>
    internal sealed record Verdicts(IReadOnlyList<ObservationEvent> Events, int Judged, int Undecided);

    /// <summary>What the store and the rows so far say; for one batch only, so that it never grows old.</summary>
    private sealed class Known
    {
        public Dictionary<(DomainName Name, RecordType Type), KnownRrsets> Rrsets { get; } = [];

        public HashSet<DomainName> Names { get; } = [];

        public HashSet<DomainName> Domains { get; } = [];
    }
}
