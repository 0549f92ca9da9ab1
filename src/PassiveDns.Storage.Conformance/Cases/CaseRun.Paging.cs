namespace PassiveDns.Storage.Conformance;

internal sealed partial class CaseRun
{
    internal static ConformanceCase[] Paging =>
    [
        new("paging", "A limit truncates only if there is more", static run => run.ALimitTruncatesOnlyIfThereIsMore()),
        new("paging", "Long answers come in pages whose rows may be kept", static run => run.LongAnswersComeInPagesWhoseRowsMayBeKept()),
        .. Each<(int? Limit, int? Budget)>("paging", "Continuations walk every row exactly once", static (run, given) => run.ContinuationsWalkEveryRowExactlyOnce(given.Limit, given.Budget),
        [
            (1, null),
            (7, null),
            (600, null),
            (null, 1),
            (null, 13),
            (5, 7),
        ]),
        .. Each<int>("paging", "Continuations work for every anchor", static (run, given) => run.ContinuationsWorkForEveryAnchor(given),
        [
            1,
            4,
        ]),
        new("paging", "A walk over continuations meets each old row once while others are written", static run => run.AWalkOverContinuationsMeetsEachOldRowOnceWhileOthersAreWritten()),
        new("paging", "A walk sees the moment at which it began", static run => run.AWalkSeesTheMomentAtWhichItBegan()),
        new("paging", "Readers see whole batches only", static run => run.ReadersSeeWholeBatchesOnly()),
        new("paging", "A continuation is bound to its query and store", static run => run.AContinuationIsBoundToItsQueryAndStore()),
        new("paging", "A budget counts the rows looked at", static run => run.ABudgetCountsTheRowsLookedAt()),
        new("paging", "A time budget truncates and continues", static run => run.ATimeBudgetTruncatesAndContinues()),
        new("paging", "A walk can be cancelled between pages and within", static run => run.AWalkCanBeCancelledBetweenPagesAndWithin()),
        new("paging", "Rows can be read one by one", static run => run.RowsCanBeReadOneByOne()),
    ];

    private static readonly ObservationQuery s_everything = new(new QueryAnchor.Everything());

    private static BatchBuilder Hosts(int count, int from = 0)
    {
        BatchBuilder rows = new();
        for (int i = from; i < from + count; i++) rows.Add($"h{i:d5}.example.com", i % 2 == 0 ? "A" : "TYPE65280", [[10, 0, (byte)(i >> 8), (byte)i]]);
        return rows;
    }

    private async Task ALimitTruncatesOnlyIfThereIsMore()
    {
        IObservationStore store = await StoreWith(Hosts(10));
        foreach ((long? limit, int rows, Completeness completeness) in new[]
        {
            (null, 10, Completeness.Exact), (11L, 10, Completeness.Exact), ((long?)10, 10, Completeness.Exact), (9L, 9, Completeness.Truncated),
            (0L, 0, Completeness.Truncated),
        })
        {
            Answer answer = await Answer.ReadAsync(store, s_everything with { Limit = limit });
            Expect.Equal((rows, completeness), (answer.Rows.Count, answer.Completeness));
        }

        await Expect.ThrowsAsync<ArgumentException>(() => Answer.ReadAsync(store, s_everything with { Limit = -1 }));
        await Expect.ThrowsAsync<ArgumentException>(() => Answer.ReadAsync(store, s_everything with { ScanBudget = 0 }));
    }

    private async Task ATimeBudgetTruncatesAndContinues()
    {
        IObservationStore store = await StoreWith(Hosts(3_000));
        Answer unhurried = await Answer.ReadAsync(store, s_everything with { TimeBudget = TimeSpan.FromHours(1) });
        Expect.Equal((3_000, Completeness.Exact), (unhurried.Rows.Count, unhurried.Completeness));
        List<Observation> walked = [];
        ObservationQuery query = s_everything with { TimeBudget = TimeSpan.Zero };
        Answer answer = await Answer.ReadAsync(store, query, cancellationToken);
        Expect.Equal(Completeness.Truncated, answer.Completeness);
        for (int answers = 1; ; answers++)
        {
            Expect.True(answers <= 3_000);
            walked.AddRange(answer.Rows);
            if (answer.Continuation is null) break;
            answer = await Answer.ReadAsync(store, query with { Continuation = answer.Continuation }, cancellationToken);
        }

        Expect.Equal(unhurried.Rows, walked);
        await Expect.ThrowsAsync<ArgumentException>(() => Answer.ReadAsync(store, s_everything with { TimeBudget = TimeSpan.FromSeconds(-1) }));
    }

    private async Task LongAnswersComeInPagesWhoseRowsMayBeKept()
    {
        IObservationStore store = await StoreWith(Hosts(3_000));
        List<ObservationRows> pages = [];
        await foreach (RecordPage page in store.ReadAsync(s_everything)) pages.Add(page.Rows);
        Expect.True(pages.Count >= 3);
        int at = 0;
        foreach (ObservationRows page in pages)
        {
            foreach (ObservationRow row in page) Expect.Equal($"h{at++:d5}.example.com.", row.ToObservation().RrName.ToString());
        }

        Expect.Equal(3_000, at);
    }

    private async Task ContinuationsWalkEveryRowExactlyOnce(int? limit, int? budget)
    {
        IObservationStore store = await StoreWith(Hosts(101));
        ObservationQuery query = s_everything with { Limit = limit, ScanBudget = budget, Types = TypeSelection.Of(RecordType.A) };
        List<Observation> walked = [];
        while (true)
        {
            Answer answer = await Answer.ReadAsync(store, query);
            walked.AddRange(answer.Rows);
            if (limit is not null) Expect.True(answer.Rows.Count <= limit);
            if (answer.Completeness != Completeness.Truncated) break;
            query = query with { Continuation = answer.Continuation };
        }

        Expect.Equal((await Answer.ReadAsync(store, query with { Limit = null, ScanBudget = null, Continuation = null })).Rows, walked);
        Expect.Equal(51, walked.Count);
    }

    private async Task ContinuationsWorkForEveryAnchor(int limit)
    {
        IObservationStore store = await Zoo();
        QueryAnchor[] anchors =
        [
            new QueryAnchor.OwnerName(Name("example.com")), new QueryAnchor.Subtree(Name("com")), new QueryAnchor.NamePrefix(Name("www.example")),
            new QueryAnchor.Target(Name("ns1.dns.example")), new QueryAnchor.Target(Name("dns.example"), true),
            new QueryAnchor.AddressRange(HostAddress.FromBytes([0, 0, 0, 0]), HostAddress.FromBytes([255, 255, 255, 255])),
            new QueryAnchor.RawRdata(RecordType.NS, ReadOnlyMemory<byte>.Empty, true), new QueryAnchor.RawRdata(RecordType.TXT, ReadOnlyMemory<byte>.Empty, true),
            new QueryAnchor.FirstSeen(0, 2_000_000), new QueryAnchor.Changed(0, 2_000_000), new QueryAnchor.Everything(),
        ];
        foreach (QueryAnchor anchor in anchors)
        {
            foreach (TypeSelection types in new[] { TypeSelection.Any, TypeSelection.Of(RecordType.TXT, RecordType.NS, RecordType.A) })
            {
                ObservationQuery query = new(anchor) { Types = types };
                List<Observation> walked = [];
                Answer answer = await Answer.ReadAsync(store, query with { Limit = limit });
                walked.AddRange(answer.Rows);
                while (answer.Continuation is not null)
                {
                    answer = await Answer.ReadAsync(store, query with { Limit = limit, Continuation = answer.Continuation });
                    walked.AddRange(answer.Rows);
                }

                Expect.Equal((await Answer.ReadAsync(store, query)).Rows, walked);
            }
        }
    }

    private async Task AWalkOverContinuationsMeetsEachOldRowOnceWhileOthersAreWritten()
    {
        IObservationStore store = await StoreWith(Hosts(200));
        string[] old = (await Answer.ReadAsync(store, s_everything)).Texts;
        List<string> walked = [];
        string? continuation = null;
        ulong sequence = 1;
        do
        {
            Answer answer = await Answer.ReadAsync(store, s_everything with { Limit = 9, Continuation = continuation });
            walked.AddRange(answer.Texts);
            continuation = answer.Continuation;
            BatchBuilder rows = new BatchBuilder().Add($"a{sequence}.example.com", "A", "192.0.2.1").Add($"h{sequence * 7:d5}a.example.com", "A", "192.0.2.1");
            await store.WriteAsync(rows.Add($"h{sequence * 9:d5}.example.com", "A", "192.0.2.9").Build(++sequence));
        }
        while (continuation is not null);

        Expect.Equal(walked.Count, walked.Distinct().Count());
        Expect.Empty(old.Except(walked));
    }

    private async Task AWalkSeesTheMomentAtWhichItBegan()
    {
        IObservationStore store = await StoreWith(Hosts(2_000));
        List<Observation> rows = [];
        ulong sequence = 1;
        await foreach (RecordPage page in store.ReadAsync(s_everything))
        {
            foreach (ObservationRow row in page.Rows) rows.Add(row.ToObservation());
            BatchBuilder more = Hosts(2_000).Add("zzz.example.com", "A", "192.0.2.1", 5_000_000);
            Expect.Equal(WriteResult.Applied, await store.WriteAsync(more.Build(++sequence)));
            Expect.Equal(1_000_000, page.AsOf);
        }

        Expect.Equal(2_000, rows.Count);
        foreach (Observation row in rows) Expect.Equal(1, row.History.Count);
        Expect.Equal(5_000_000, (await Answer.ReadAsync(store, s_everything with { Limit = 1 })).AsOf);
    }

    private async Task ReadersSeeWholeBatchesOnly()
    {
        IObservationStore store = await StoreWith(Hosts(300));
        using CancellationTokenSource stop = new();
        Task reading = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                List<Observation> rows = (await Answer.ReadAsync(store, s_everything)).Rows;
                Expect.Single(rows.Select(row => row.History.Count).Distinct()); // every batch adds one to each row
            }
        });
        for (ulong sequence = 2; sequence < 30; sequence++) await store.WriteAsync(Hosts(300).Build(sequence));
        await stop.CancelAsync();
        await reading;
    }

    private async Task AContinuationIsBoundToItsQueryAndStore()
    {
        IObservationStore store = await StoreWith(Hosts(10));
        ObservationQuery query = s_everything with { Limit = 2 };
        string token = (await Answer.ReadAsync(store, query)).Continuation!;
        Expect.True(token.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')); // fits into a URL as it is
        Expect.Equal(8, (await Answer.ReadAsync(store, query with { Limit = 100, ScanBudget = 1_000, Continuation = token })).Rows.Count);

        ObservationQuery[] others =
        [
            query with { Types = TypeSelection.All, Continuation = token }, query with { Anchor = new QueryAnchor.Subtree(Name("com")), Continuation = token },
            query with { Time = TimeFilter.Within(0, 1), Continuation = token }, query with { Bailiwick = DomainName.Root, Continuation = token },
            query with { Provenance = ProvenanceSelection.All, Continuation = token }, query with { MinWitnesses = 1, Continuation = token },
            query with { Continuation = "" }, query with { Continuation = token[..^4] }, query with { Continuation = "no token!" },
            query with { Continuation = (token[0] == 'A' ? "B" : "A") + token[1..] }, query with { Continuation = token + "AAAA" },
            query with { Continuation = token[..40] + (token[40] == 'A' ? 'B' : 'A') + token[41..] },
        ];
        foreach (ObservationQuery other in others)
        {
            ArgumentException refusal = await Expect.ThrowsAsync<ArgumentException>(() => Answer.ReadAsync(store, other));
            Expect.True(refusal.Message.Contains("continuation", StringComparison.OrdinalIgnoreCase));
        }

        IObservationStore twin = await StoreWith(Hosts(10));
        await Expect.ThrowsAsync<ArgumentException>(() => Answer.ReadAsync(twin, query with { Continuation = token }));
    }

    private async Task ABudgetCountsTheRowsLookedAt()
    {
        IObservationStore store = await StoreWith(Hosts(100));
        ObservationQuery query = s_everything with { Types = TypeSelection.Of(RecordType.MX) };
        Answer none = await Answer.ReadAsync(store, query with { ScanBudget = 99 });
        Expect.Equal((0, Completeness.Truncated), (none.Rows.Count, none.Completeness));
        Expect.Equal(Completeness.Exact, (await Answer.ReadAsync(store, query with { ScanBudget = 100 })).Completeness);
        Expect.Equal(Completeness.Exact, (await Answer.ReadAsync(store, query with { ScanBudget = 1, Continuation = none.Continuation })).Completeness);
    }

    private async Task AWalkCanBeCancelledBetweenPagesAndWithin()
    {
        IObservationStore store = await StoreWith(Hosts(3_000));
        await Expect.ThrowsAsync<OperationCanceledException>(() => Answer.ReadAsync(store, s_everything, new(canceled: true)), orDerived: true);
        using CancellationTokenSource stop = new();
        int pages = 0;
        await Expect.ThrowsAsync<OperationCanceledException>(
            async () =>
            {
                await foreach (RecordPage _ in store.ReadAsync(s_everything, stop.Token))
                {
                    pages++;
                    await stop.CancelAsync();
                }
            },
            orDerived: true);
        Expect.Equal(1, pages);
    }

    private async Task RowsCanBeReadOneByOne()
    {
        IObservationStore store = await StoreWith(Hosts(3));
        List<string> names = [];
        await foreach (Observation row in store.FindAsync(s_everything)) names.Add(row.RrName.ToString());
        Expect.Equal(["h00000.example.com.", "h00001.example.com.", "h00002.example.com."], names);
    }
}
