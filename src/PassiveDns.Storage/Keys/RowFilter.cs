namespace PassiveDns.Storage.Keys;

/// <summary>
/// The one evaluator of a query's filters: types, bailiwick, provenance, times, witnesses, and what a range of keys cannot say about the
/// anchor. Every store uses it, so that a filter means the same everywhere.
/// </summary>
public sealed class RowFilter
{
    private readonly TypeSelection _types;
    private readonly ProvenanceSelection _provenance;
    private readonly DomainName? _bailiwick;
    private readonly TimeFilter _time;
    private readonly int _minWitnesses;
    private readonly QueryAnchor _anchor;
    private readonly ChangeWindow? _change;
    private readonly bool _wantsSets; // single records of folded sets answer questions about data; to those about names their union does

    /// <summary>Takes over the filters of a query.</summary>
    /// <param name="query">The query.</param>
    public RowFilter(ObservationQuery query)
    {
        _types = query.Types;
        _provenance = query.Provenance;
        _bailiwick = query.Bailiwick;
        _time = query.Time;
        _minWitnesses = query.MinWitnesses;
        _anchor = query.Anchor;
        if (query.Anchor is QueryAnchor.Changed changed) _change = new(changed.From, changed.To, BeginsOnly: false);
        _wantsSets = query.Anchor is QueryAnchor.OwnerName or QueryAnchor.Subtree or QueryAnchor.NamePrefix or QueryAnchor.FirstSeen or QueryAnchor.Changed;
    }

    /// <summary>Whether <see cref="MatchesData"/> can say no, so that the data must be fetched.</summary>
    public bool NeedsData => _anchor is QueryAnchor.RawRdata;

    /// <summary>Whether a row passes all filters. The row must come from the query's ranges (see <see cref="QueryPlan"/>).</summary>
    /// <param name="row">The row.</param>
    public bool Matches(scoped in ObservationRow row) =>
        MatchesKey(row.RrName, row.Type, row.BailiwickLabels, row.Provenance) && MatchesHistory(row.History) && MatchesData(row.Rdata);

    /// <summary>The part that needs neither history nor data.</summary>
    /// <param name="rrName">The canonical owner name in wire format.</param>
    /// <param name="type">The type.</param>
    /// <param name="bailiwickLabels">How many labels of the name form the bailiwick.</param>
    /// <param name="provenance">The provenance.</param>
    public bool MatchesKey(ReadOnlySpan<byte> rrName, RecordType type, int bailiwickLabels, Provenance provenance)
    {
        if (((int)_provenance >> (int)provenance & 1) == 0) return false;
        if (_anchor is QueryAnchor.RawRdata raw)
        {
            // who names a DNSSEC type in the anchor wants it
            if (type != raw.Type || (_types.Selection != TypeSelection.Kind.Any && !_types.Includes(type))) return false;
        }
        else if (!_types.Includes(type))
        {
            return false;
        }

        if (_anchor is QueryAnchor.NamePrefix prefix && !rrName.StartsWith(prefix.Labels.Wire[..^1])) return false;
        return _bailiwick is not { } bailiwick || HasSuffix(rrName, bailiwickLabels, bailiwick);
    }

    /// <summary>The part that needs the history only.</summary>
    /// <param name="packedHistory">The packed history.</param>
    /// <exception cref="FormatException">The history is damaged.</exception>
    public bool MatchesHistory(ReadOnlySpan<byte> packedHistory)
    {
        if (!SightingCursor.TryOpen(packedHistory, out SightingCursor cursor)) throw new FormatException("A packed sighting history is damaged.");
        if (cursor.WitnessCount < _minWitnesses || (_wantsSets && (cursor.Folding & SightingFolding.Records) != 0)) return false;
        bool isPresent = _time.Present is null;
        bool hasChanged = _change is null;
        long first = long.MaxValue, last = 0;
        while (cursor.Remaining > 0)
        {
            if (!cursor.TryNext(out SightingInterval interval)) throw new FormatException("A packed sighting history is damaged.");
            first = Math.Min(first, interval.First);
            last = interval.Last;
            if (_change is { } change) hasChanged |= change.Contains(interval.First) || change.Contains(interval.Last);
            if (_time.Present is { } window && interval.First <= window.To && interval.Last >= window.From) isPresent = true;
        }

        // STANDARDS 2.2: the fences compare inclusively, and over the merged row
        return isPresent && hasChanged
            && (_time.FirstBefore is not { } firstBefore || first <= firstBefore)
            && (_time.FirstAfter is not { } firstAfter || first >= firstAfter)
            && (_time.LastBefore is not { } lastBefore || last <= lastBefore)
            && (_time.LastAfter is not { } lastAfter || last >= lastAfter)
            && (_anchor is not QueryAnchor.FirstSeen seen || (first >= seen.From && first <= seen.To));
    }

    /// <summary>The part that needs the data only.</summary>
    /// <param name="rdata">The set.</param>
    public bool MatchesData(RdataSet rdata)
    {
        if (_anchor is not QueryAnchor.RawRdata raw) return true;
        ReadOnlySpan<byte> wanted = raw.Octets.Span;
        foreach (ReadOnlySpan<byte> record in rdata)
        {
            if (raw.IsPrefix ? record.StartsWith(wanted) : record.SequenceEqual(wanted)) return true;
        }

        return false;
    }

    private static bool HasSuffix(ReadOnlySpan<byte> name, int labels, DomainName suffix)
    {
        if (labels != suffix.LabelCount) return false;
        ReadOnlySpan<byte> wanted = suffix.Wire;
        int total = 0;
        for (int at = 0; name[at] != 0; at += name[at] + 1) total++;
        int start = 0;
        for (; total > labels; total--) start += name[start] + 1;
        return name[start..].SequenceEqual(wanted);
    }
}
