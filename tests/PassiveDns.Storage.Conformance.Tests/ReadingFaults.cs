using System.Runtime.CompilerServices;

namespace PassiveDns.Storage.Conformance.Tests;

/// <summary>Changes pages on their way to the reader.</summary>
internal sealed class ChangesPages(IObservationStore right, Func<ObservationQuery, RecordPage, RecordPage> change) : FaultyStore(right)
{
    public override async IAsyncEnumerable<RecordPage> ReadAsync(ObservationQuery query, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (RecordPage page in Right.ReadAsync(query, cancellationToken)) yield return change(query, page);
    }

    public static FaultyStore KeepsRows(IObservationStore right, Func<ObservationQuery, Observation, bool> keep) =>
        new ChangesPages(right, (query, page) => With(page, Where(page.Rows, row => keep(query, row))));

    /// <summary>The whole life of a row as one interval, as peers keep it.</summary>
    public static FaultyStore KeepsOneInterval(IObservationStore right) =>
        ChangesHistories(right, history => history with { Intervals = [new(history.FirstSeen, history.LastSeen, history.Count)] });

    /// <summary>Summaries that pass for answers.</summary>
    public static FaultyStore ForgetsWhatWasFolded(IObservationStore right) =>
        ChangesHistories(right, history => history with { Folding = SightingFolding.None, PackedNames = [] });

    public static FaultyStore ListsDnssecLast(IObservationStore right) => new ChangesPages(right, (_, page) =>
    {
        ObservationRows rows = Where(page.Rows, row => !row.Type.IsDnssec());
        foreach (ObservationRow row in page.Rows)
        {
            if (row.Type.IsDnssec()) rows.Add(row);
        }

        return With(page, rows);
    });

    private static ChangesPages ChangesHistories(IObservationStore right, Func<SightingHistory, SightingHistory> change) => new(right, (_, page) =>
    {
        ObservationRows rows = new();
        foreach (ObservationRow row in page.Rows)
        {
            rows.Add(new()
            {
                RrName = row.RrName,
                Type = row.Type,
                BailiwickLabels = row.BailiwickLabels,
                Provenance = row.Provenance,
                Rdata = row.Rdata,
                History = SightingCodec.Encode(change(SightingCodec.Decode(row.History))),
            });
        }

        return With(page, rows);
    });

    public static FaultyStore AlwaysExact(IObservationStore right) => new ChangesPages(right, (_, page) =>
        new() { Rows = page.Rows, Completeness = page.Completeness is null ? null : Completeness.Exact, AsOf = page.AsOf });
}

/// <summary>Takes questions for others.</summary>
internal sealed class ChangesQueries(IObservationStore right, Func<ObservationQuery, ObservationQuery> change) : FaultyStore(right)
{
    public override IAsyncEnumerable<RecordPage> ReadAsync(ObservationQuery query, CancellationToken cancellationToken = default) =>
        Right.ReadAsync(change(query), cancellationToken);
}

/// <summary>Reads the store anew for each page, so that a walk sees what is written under way.</summary>
internal sealed class HasNoSnapshots(IObservationStore right) : FaultyStore(right)
{
    public override async IAsyncEnumerable<RecordPage> ReadAsync(ObservationQuery query, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        const int PageRows = 100;
        string? continuation = query.Continuation;
        long left = query.Limit ?? long.MaxValue;
        while (true)
        {
            RecordPage? last = null;
            int rows = 0;
            await foreach (RecordPage page in Right.ReadAsync(query with { Limit = Math.Min(PageRows, left), Continuation = continuation }, cancellationToken))
            {
                rows += page.Rows.Count;
                last = page;
            }

            left -= rows;
            if (last!.Continuation is null || left == 0 || query.ScanBudget is not null)
            {
                yield return last;
                yield break;
            }

            continuation = last.Continuation;
            yield return new() { Rows = last.Rows, AsOf = last.AsOf };
        }
    }
}

/// <summary>Lends its buffer to the page, and writes the next page into it.</summary>
internal sealed class ReusesItsPages(IObservationStore right) : FaultyStore(right)
{
    public override async IAsyncEnumerable<RecordPage> ReadAsync(ObservationQuery query, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ObservationRows buffer = new();
        await foreach (RecordPage page in Right.ReadAsync(query, cancellationToken))
        {
            buffer.Clear();
            foreach (ObservationRow row in page.Rows) buffer.Add(row);
            yield return With(page, buffer);
        }
    }
}

/// <summary>Continues by the number of rows that were read, as an offset.</summary>
internal sealed class ContinuesByOffset(IObservationStore right) : FaultyStore(right)
{
    public override async IAsyncEnumerable<RecordPage> ReadAsync(ObservationQuery query, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        int skip = query.Continuation is null ? 0 : int.Parse(query.Continuation, null);
        long limit = query.Limit ?? long.MaxValue;
        List<Observation> all = [];
        ObservationRows rows = new();
        long? asOf = null;
        await foreach (RecordPage page in Right.ReadAsync(query with { Limit = null, ScanBudget = null, Continuation = null }, cancellationToken))
        {
            asOf = page.AsOf;
            Take(page.Rows);
        }

        bool more = all.Count > skip + rows.Count;
        yield return new()
        {
            Rows = rows,
            AsOf = asOf,
            Completeness = more ? Completeness.Truncated : Completeness.Exact,
            Continuation = more ? (skip + rows.Count).ToString(null, null) : null,
        };

        void Take(ObservationRows page)
        {
            foreach (ObservationRow row in page)
            {
                if (all.Count >= skip && rows.Count < limit) rows.Add(row);
                all.Add(row.ToObservation());
            }
        }
    }
}

/// <summary>Shows a batch's rows while it is still being written.</summary>
internal sealed class ShowsHalfBatches(IObservationStore right) : FaultyStore(right)
{
    private ulong _sequence;

    public override async ValueTask<WriteResult> WriteAsync(ObservationBatch batch, CancellationToken cancellationToken = default)
    {
        List<ObservationBatch> halves = Halve(batch);
        await Right.WriteAsync(halves[0], cancellationToken);
        await Task.Delay(5, cancellationToken); // the moment in which a reader looks
        await Right.WriteAsync(halves[1], cancellationToken);
        return WriteResult.Applied;
    }

    private List<ObservationBatch> Halve(ObservationBatch batch)
    {
        ObservationRows[] halves = [new(), new()];
        int i = 0;
        foreach (ObservationRow row in batch.Rows) halves[i++ * 2 / Math.Max(batch.Rows.Count, 1)].Add(row);
        return [.. halves.Select(rows => new ObservationBatch(batch.Id with { Sequence = ++_sequence }, rows))];
    }
}
