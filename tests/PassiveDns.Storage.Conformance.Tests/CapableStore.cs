using PassiveDns.Storage.Memory;

namespace PassiveDns.Storage.Conformance.Tests;

/// <summary>The store in memory with all that it offers, and one thing that may be wrong: each fault sets what it breaks.</summary>
internal sealed class CapableStore(MemoryObservationStore right) : FaultyStore(right), IStoreDeletion, IStoreRetention, IStoreSummaries
{
    private MemoryObservationStore Memory { get; } = right;

    public Func<DeletionScope, DeletionScope> Scope { get; init; } = scope => scope;

    public Func<RemovalOptions?, RemovalOptions?> Options { get; init; } = options => options;

    public Func<RetentionPolicy, RetentionPolicy> Policy { get; init; } = policy => policy;

    public Func<AnswerSummary, AnswerSummary> Summary { get; init; } = summary => summary;

    public Func<ObservationQuery, ObservationQuery> NamesQuery { get; init; } = query => query;

    public Func<RecordPage, RecordPage> Page { get; init; } = page => page;

    /// <summary>Whether batches are held against deletions.</summary>
    public bool ForgetsDeletions { get; init; }

    /// <summary>Whether deletions of others are noted and nothing more.</summary>
    public bool NotesOnly { get; init; }

    /// <summary>Whether nothing is malformed.</summary>
    public bool TakesAnything { get; init; }

    /// <summary>Whether what a retention took away stays away.</summary>
    public bool BuriesRetained { get; init; }

    /// <summary>Whether each page is read anew.</summary>
    public bool HasNoSnapshots { get; init; }

    public override async ValueTask<WriteResult> WriteAsync(ObservationBatch batch, CancellationToken cancellationToken = default)
    {
        if (BuriesRetained && batch.Id.Sequence > 2) return WriteResult.Applied;
        if (!ForgetsDeletions || (await Memory.GetDeletionsAsync(cancellationToken)).Count == 0) return await Right.WriteAsync(batch, cancellationToken);
        ObservationRows later = new();
        Postpone(batch.Rows, later);
        return await Right.WriteAsync(new(batch.Id, later), cancellationToken);
    }

    public override IAsyncEnumerable<RecordPage> ReadAsync(ObservationQuery query, CancellationToken cancellationToken = default) =>
        new ChangesPages(HasNoSnapshots ? new HasNoSnapshots(Right) : Right, (_, page) => Page(page)).ReadAsync(query, cancellationToken);

    public async ValueTask<RemovalReport> DeleteAsync(DeletionScope scope, DateTimeOffset at, RemovalOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (TakesAnything && scope.FindProblem() is not null) return new(0, 0, 0);
        return await Memory.DeleteAsync(Scope(scope), at, Options(options), cancellationToken);
    }

    public ValueTask<IReadOnlyList<Deletion>> GetDeletionsAsync(CancellationToken cancellationToken = default) => Memory.GetDeletionsAsync(cancellationToken);

    public ValueTask<int> UniteDeletionsAsync(IEnumerable<Deletion> deletions, CancellationToken cancellationToken = default) =>
        NotesOnly ? new(deletions.Count()) : Memory.UniteDeletionsAsync(deletions, cancellationToken);

    public async ValueTask<RemovalReport> RetainAsync(RetentionPolicy policy, DateTimeOffset at, RemovalOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (TakesAnything && (policy.Rules.Count == 0 || policy.Rules[0].MaxAge < TimeSpan.Zero)) return new(0, 0, 0);
        return await Memory.RetainAsync(Policy(policy), at, Options(options), cancellationToken);
    }

    public async ValueTask<AnswerSummary> SummarizeAsync(ObservationQuery query, CancellationToken cancellationToken = default) =>
        Summary(await Memory.SummarizeAsync(query, cancellationToken));

    public async IAsyncEnumerable<NamePage> ReadNamesAsync(ObservationQuery query, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (TakesAnything && query.Anchor is QueryAnchor.Target)
        {
            yield return new() { Names = [], Completeness = Completeness.Exact };
            yield break;
        }

        await foreach (NamePage page in Memory.ReadNamesAsync(NamesQuery(query), cancellationToken)) yield return page;
    }

    /// <summary>Makes what was seen long ago look as if it had been seen just now.</summary>
    private static void Postpone(ObservationRows rows, ObservationRows later)
    {
        foreach (ObservationRow row in rows)
        {
            SightingHistory history = SightingCodec.Decode(row.History);
            later.Add(new()
            {
                RrName = row.RrName,
                Type = row.Type,
                BailiwickLabels = row.BailiwickLabels,
                Provenance = row.Provenance,
                Rdata = row.Rdata,
                History = SightingCodec.Encode(history with { Intervals = [new(history.LastSeen + 100_000_000_000, history.LastSeen + 100_000_000_000, history.Count)] }),
            });
        }
    }
}
