using System.Runtime.CompilerServices;

namespace PassiveDns.Analysis;

/// <summary>
/// Reads rows for one answer: all its queries share one budget, and together they decide how complete the answer is. For one task at a time.
/// </summary>
internal sealed class EvidenceReader(IObservationReader reader, AnalysisOptions options)
{
    private readonly long _started = options.Time.GetTimestamp();
    private Completeness _completeness = Completeness.Exact;
    private long? _asOf;
    private long _rows;

    /// <summary>Whether the budget is used up, or a store ended a walk early: then what is missing may be missing for this reason.</summary>
    public bool IsTruncated => _completeness == Completeness.Truncated;

    /// <summary>Reads the rows of one query, with the provenance of the options. It ends early when the budget does.</summary>
    public IAsyncEnumerable<Observation> ReadAsync(ObservationQuery query, CancellationToken cancellationToken) => ReadAsync(query, null, cancellationToken);

    /// <summary>Reads some rows of one query and no more: that there are others makes no answer incomplete.</summary>
    public IAsyncEnumerable<Observation> SampleAsync(ObservationQuery query, int most, CancellationToken cancellationToken) => ReadAsync(query, most, cancellationToken);

    /// <summary>Reads the rows of one query page by page, for walks that look at many rows and keep few.</summary>
    public IAsyncEnumerable<ObservationRows> ReadPagesAsync(ObservationQuery query, CancellationToken cancellationToken) => ReadPagesAsync(query, null, cancellationToken);

    private async IAsyncEnumerable<Observation> ReadAsync(ObservationQuery query, int? most, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (ObservationRows rows in ReadPagesAsync(query, most, cancellationToken).ConfigureAwait(false))
        {
            foreach (Observation row in Own(rows)) yield return row;
        }
    }

    private async IAsyncEnumerable<ObservationRows> ReadPagesAsync(ObservationQuery query, int? most, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (IsSpent()) yield break;
        long? left = options.Budget.MaxRows - _rows, limit = Least(query.Limit, most);
        ObservationQuery bounded = query with { Provenance = options.Provenance, Limit = Least(limit, left) };
        long read = 0;
        await foreach (RecordPage page in reader.ReadAsync(bounded, cancellationToken).ConfigureAwait(false))
        {
            _asOf ??= page.AsOf;
            _rows += page.Rows.Count;
            read += page.Rows.Count;
            yield return page.Rows;
            if (page.Completeness is { } end)
            {
                if (end != Completeness.Truncated || read != most) Note(end);
            }
            else if (IsSpent())
            {
                yield break;
            }
        }
    }

    /// <summary>Says that the answer rests on something that was cut or estimated.</summary>
    public void Note(Completeness completeness)
    {
        // Truncated outweighs Estimated: rows are missing, not only imprecise.
        if (completeness == Completeness.Truncated || _completeness == Completeness.Exact) _completeness = completeness;
    }

    /// <summary>Closes the answer.</summary>
    public async ValueTask<AnswerFacts> GetFactsAsync(CancellationToken cancellationToken)
    {
        StoreStatus status = await reader.GetStatusAsync(cancellationToken).ConfigureAwait(false);
        return new()
        {
            Completeness = _completeness,
            AsOf = _asOf ?? status.LastSeen,
            RowsRead = _rows,
            Coverage = new()
            {
                FirstSeen = status.FirstSeen, LastSeen = status.LastSeen, Sensors = status.BatchesBySensor.Count, Provenance = options.Provenance,
            },
        };
    }

    private static long? Least(long? a, long? b) => a is null ? b : b is null ? a : Math.Min(a.Value, b.Value);

    private static List<Observation> Own(ObservationRows rows)
    {
        List<Observation> owned = new(rows.Count);
        foreach (ObservationRow row in rows) owned.Add(row.ToObservation());
        return owned;
    }

    private bool IsSpent()
    {
        bool isSpent = _rows >= options.Budget.MaxRows || options.Time.GetElapsedTime(_started) >= options.Budget.MaxTime;
        if (isSpent) Note(Completeness.Truncated);
        return isSpent;
    }
}
