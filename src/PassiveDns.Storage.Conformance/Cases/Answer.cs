namespace PassiveDns.Storage.Conformance;

/// <summary>A whole answer, read page by page.</summary>
internal sealed record Answer(List<Observation> Rows, Completeness Completeness, string? Continuation, long? AsOf)
{
    /// <summary>The rows as "owner type data data", in the order of the answer.</summary>
    public string[] Texts => [.. Rows.Select(Text)];

    public static string Text(Observation row) => $"{row.RrName} {RecordTypeNames.Format(row.Type)} {string.Join(' ', row.Rdata)}";

    public static async Task<Answer> ReadAsync(IObservationReader reader, ObservationQuery query, CancellationToken cancellationToken = default)
    {
        List<Observation> rows = [];
        RecordPage? last = null;
        await foreach (RecordPage page in reader.ReadAsync(query, cancellationToken))
        {
            Expect.Null(last?.Completeness); // only the last page may say how complete the answer is
            last = page;
            foreach (ObservationRow row in page.Rows) rows.Add(row.ToObservation());
        }

        Expect.NotNull(last);
        Expect.NotNull(last.Completeness);
        Expect.Equal(last.Completeness == Completeness.Truncated, last.Continuation is not null);
        return new(rows, last.Completeness.Value, last.Continuation, last.AsOf);
    }

    public static Task<Answer> ReadAsync(IObservationReader reader, QueryAnchor anchor) => ReadAsync(reader, new ObservationQuery(anchor));
}
