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
    public async IAsyncEnumerable<Observation> ReadAsync(ObservationQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (IsSpent()) yield break;
        ObservationQuery bounded = query with { Provenance = options.Provenance, Limit = Least(query.Limit, options.Budget.MaxRows - _rows) };
        await foreach (RecordPage page in reader.ReadAsync(bounded, cancellationToken).ConfigureAwait(false))
        {
            _asOf ??= page.AsOf;
            _rows += page.Rows.Count;
            foreach (Observation row in Own(page.Rows)) yield return row;
            if (page.Completeness is { } end) Note(end);
            else if (IsSpent()) yield break;
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
