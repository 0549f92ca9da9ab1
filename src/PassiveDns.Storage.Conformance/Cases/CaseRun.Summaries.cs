namespace PassiveDns.Storage.Conformance;

internal sealed partial class CaseRun
{
    internal static ConformanceCase[] Summaries =>
    [
        Summarizing("A summary agrees with the rows of its answer", static run => run.ASummaryAgreesWithTheRowsOfItsAnswer()),
        .. Each<(int? Limit, int? Budget)>("summaries", "Truncated summaries add up to the whole", static (run, given) => run.TruncatedSummariesAddUpToTheWhole(given.Limit, given.Budget),
        [
            (1, null),
            (null, 1),
            (7, 5),
        ], typeof(IStoreSummaries)),
        .. Each<(int? Limit, int? Budget)>("summaries", "Each name of an answer is listed once and in order", static (run, given) => run.EachNameOfAnAnswerIsListedOnceAndInOrder(given.Limit, given.Budget),
        [
            (null, null),
            (1, null),
            (600, null),
            (null, 2),
            (3, 5),
        ], typeof(IStoreSummaries)),
        Summarizing("Names are not listed where they stand in no order", static run => run.NamesAreNotListedWhereTheyStandInNoOrder()),
    ];

    private static ConformanceCase Summarizing(string requirement, Func<CaseRun, Task> run) => new("summaries", requirement, run, capability: typeof(IStoreSummaries));

    private async Task ASummaryAgreesWithTheRowsOfItsAnswer()
    {
        IObservationStore store = await WorldAsync();
        IStoreSummaries summaries = Offered<IStoreSummaries>(store);
        AnswerSummary nothing = await summaries.SummarizeAsync(new(new QueryAnchor.OwnerName(Name("nobody.example"))), cancellationToken);
        Expect.Equal((0L, 0L, (long?)0, (long?)null, (long?)null, Completeness.Exact), (nothing.Rows, nothing.Count, nothing.Names, nothing.FirstSeen, nothing.LastSeen, nothing.Completeness));
        foreach (QueryAnchor anchor in s_everyKeyspace)
        {
            foreach (ObservationQuery query in new ObservationQuery[] { new(anchor), new(anchor) { Types = TypeSelection.All }, new(anchor) { Types = TypeSelection.Of(RecordType.TXT, RecordType.NS), Time = TimeFilter.Within(0, 90 * Day) } })
            {
                Answer answer = await Answer.ReadAsync(store, query, cancellationToken);
                AnswerSummary summary = await summaries.SummarizeAsync(query, cancellationToken);
                Expect.Equal((answer.Rows.Count, answer.Rows.Sum(row => row.History.Count)), ((int)summary.Rows, summary.Count));
                Expect.Equal(answer.Rows.Select(row => row.RrName).Distinct().Count(), (int)summary.Names!.Value);
                Expect.Equal(answer.Rows.Count == 0 ? null : answer.Rows.Min(row => row.History.FirstSeen), summary.FirstSeen);
                Expect.Equal(answer.Rows.Count == 0 ? null : answer.Rows.Max(row => row.History.LastSeen), summary.LastSeen);
                Expect.Equal((answer.Completeness, answer.AsOf), (summary.Completeness, summary.AsOf));
            }
        }
    }

    private async Task TruncatedSummariesAddUpToTheWhole(int? limit, int? budget)
    {
        IObservationStore store = await StoreWith(Hosts(101));
        IStoreSummaries summaries = Offered<IStoreSummaries>(store);
        ObservationQuery query = s_everything with { Types = TypeSelection.Of(RecordType.A), Limit = limit, ScanBudget = budget };
        long rows = 0;
        for (int parts = 1; ; parts++)
        {
            Expect.True(parts <= 200);
            AnswerSummary part = await summaries.SummarizeAsync(query, cancellationToken);
            rows += part.Rows;
            Expect.True(part.Rows <= (limit ?? long.MaxValue) && part.Rows <= (budget ?? long.MaxValue));
            Expect.Equal(part.Completeness == Completeness.Truncated, part.Continuation is not null);
            if (part.Continuation is null) break;
            query = query with { Continuation = part.Continuation };
        }

        Expect.Equal(51L, rows);
    }

    private async Task EachNameOfAnAnswerIsListedOnceAndInOrder(int? limit, int? budget)
    {
        IObservationStore store = await NewStoreAsync();
        BatchBuilder batch = Hosts(1_000);
        for (int i = 0; i < 30; i++) batch.Add("h00007.example.com", "TXT", $"\"{i}\"").Add("h00009.example.com", "TYPE65280", [[1, (byte)i]]);
        await store.WriteAsync(batch.Build(1), cancellationToken);
        IStoreSummaries summaries = Offered<IStoreSummaries>(store);
        foreach (QueryAnchor anchor in new QueryAnchor[] { new QueryAnchor.Everything(), new QueryAnchor.Subtree(Name("example.com")), new QueryAnchor.OwnerName(Name("h00007.example.com")), new QueryAnchor.NamePrefix(Name("h00008")) })
        {
            ObservationQuery query = new(anchor) { Types = TypeSelection.Of(RecordType.A, RecordType.TXT), Limit = limit, ScanBudget = budget };
            List<DomainName> names = [];
            for (int answers = 1; ; answers++)
            {
                Expect.True(answers <= 1_200);
                NamePage? last = null;
                int listed = 0;
                await foreach (NamePage page in summaries.ReadNamesAsync(query, cancellationToken))
                {
                    Expect.Null(last?.Completeness);
                    last = page;
                    listed += page.Names.Count;
                    names.AddRange(page.Names);
                }

                Expect.NotNull(last);
                Expect.True(listed <= (limit ?? int.MaxValue));
                Expect.Equal(last.Completeness == Completeness.Truncated, last.Continuation is not null);
                if (last.Continuation is null) break;
                query = query with { Continuation = last.Continuation };
            }

            Answer whole = await Answer.ReadAsync(store, query with { Limit = null, ScanBudget = null, Continuation = null }, cancellationToken);
            Expect.Equal(whole.Rows.Select(row => row.RrName).Distinct(), names);
        }
    }

    private async Task NamesAreNotListedWhereTheyStandInNoOrder()
    {
        IStoreSummaries store = Offered<IStoreSummaries>(await WorldAsync());
        await Expect.ThrowsAsync<ArgumentException>(
            async () =>
            {
                await foreach (NamePage _ in store.ReadNamesAsync(new(new QueryAnchor.Target(DomainName.Root, true)), cancellationToken)) break;
            });
    }
}
