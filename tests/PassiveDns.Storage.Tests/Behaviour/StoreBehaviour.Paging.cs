namespace PassiveDns.Storage.Tests;

public abstract partial class StoreBehaviour
{
    private static readonly ObservationQuery s_everything = new(new QueryAnchor.Everything());

    private static BatchBuilder Hosts(int count, int from = 0)
    {
        BatchBuilder rows = new();
        for (int i = from; i < from + count; i++) rows.Add($"h{i:d5}.example.com", i % 2 == 0 ? "A" : "TYPE65280", [[10, 0, (byte)(i >> 8), (byte)i]]);
        return rows;
    }

    [Fact]
    public async Task A_limit_truncates_only_if_there_is_more()
    {
        IObservationStore store = await StoreWith(Hosts(10));
        foreach ((long? limit, int rows, Completeness completeness) in new[]
        {
            (null, 10, Completeness.Exact), (11L, 10, Completeness.Exact), ((long?)10, 10, Completeness.Exact), (9L, 9, Completeness.Truncated),
            (0L, 0, Completeness.Truncated),
        })
        {
            Answer answer = await Answer.ReadAsync(store, s_everything with { Limit = limit });
            Assert.Equal((rows, completeness), (answer.Rows.Count, answer.Completeness));
        }

        await Assert.ThrowsAsync<ArgumentException>(() => Answer.ReadAsync(store, s_everything with { Limit = -1 }));
        await Assert.ThrowsAsync<ArgumentException>(() => Answer.ReadAsync(store, s_everything with { ScanBudget = 0 }));
    }

    [Fact]
    public async Task Long_answers_come_in_pages_whose_rows_may_be_kept()
    {
        IObservationStore store = await StoreWith(Hosts(3_000));
        List<ObservationRows> pages = [];
        await foreach (RecordPage page in store.ReadAsync(s_everything)) pages.Add(page.Rows);
        Assert.True(pages.Count >= 3);
        int at = 0;
        foreach (ObservationRows page in pages)
        {
            foreach (ObservationRow row in page) Assert.Equal($"h{at++:d5}.example.com.", row.ToObservation().RrName.ToString());
        }

        Assert.Equal(3_000, at);
    }

    [Theory]
    [InlineData(1, null)]
    [InlineData(7, null)]
    [InlineData(600, null)]
    [InlineData(null, 1)]
    [InlineData(null, 13)]
    [InlineData(5, 7)]
    public async Task Continuations_walk_every_row_exactly_once(int? limit, int? budget)
    {
        IObservationStore store = await StoreWith(Hosts(101));
        ObservationQuery query = s_everything with { Limit = limit, ScanBudget = budget, Types = TypeSelection.Of(RecordType.A) };
        List<Observation> walked = [];
        while (true)
        {
            Answer answer = await Answer.ReadAsync(store, query);
            walked.AddRange(answer.Rows);
            if (limit is not null) Assert.True(answer.Rows.Count <= limit);
            if (answer.Completeness != Completeness.Truncated) break;
            query = query with { Continuation = answer.Continuation };
        }

        Assert.Equal((await Answer.ReadAsync(store, query with { Limit = null, ScanBudget = null, Continuation = null })).Rows, walked);
        Assert.Equal(51, walked.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task Continuations_work_for_every_anchor(int limit)
    {
        IObservationStore store = await Zoo();
        QueryAnchor[] anchors =
        [
            new QueryAnchor.OwnerName(Name("example.com")), new QueryAnchor.Subtree(Name("com")), new QueryAnchor.NamePrefix(Name("www.example")),
            new QueryAnchor.Target(Name("ns1.dns.example")), new QueryAnchor.Target(Name("dns.example"), true),
            new QueryAnchor.AddressRange(HostAddress.FromBytes([0, 0, 0, 0]), HostAddress.FromBytes([255, 255, 255, 255])),
            new QueryAnchor.RawRdata(RecordType.NS, ReadOnlyMemory<byte>.Empty, true), new QueryAnchor.RawRdata(RecordType.TXT, ReadOnlyMemory<byte>.Empty, true),
            new QueryAnchor.FirstSeen(0, 2_000_000), new QueryAnchor.Everything(),
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

                Assert.Equal((await Answer.ReadAsync(store, query)).Rows, walked);
            }
        }
    }

    [Fact]
    public async Task A_walk_over_continuations_meets_each_old_row_once_while_others_are_written()
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

        Assert.Equal(walked.Count, walked.Distinct().Count());
        Assert.Empty(old.Except(walked));
    }

    [Fact]
    public async Task A_walk_sees_the_moment_at_which_it_began()
    {
        IObservationStore store = await StoreWith(Hosts(2_000));
        List<Observation> rows = [];
        ulong sequence = 1;
        await foreach (RecordPage page in store.ReadAsync(s_everything))
        {
            foreach (ObservationRow row in page.Rows) rows.Add(row.ToObservation());
            BatchBuilder more = Hosts(2_000).Add("zzz.example.com", "A", "192.0.2.1", 5_000_000);
            Assert.Equal(WriteResult.Applied, await store.WriteAsync(more.Build(++sequence)));
            Assert.Equal(1_000_000, page.AsOf);
        }

        Assert.Equal(2_000, rows.Count);
        Assert.All(rows, row => Assert.Equal(1, row.History.Count));
        Assert.Equal(5_000_000, (await Answer.ReadAsync(store, s_everything with { Limit = 1 })).AsOf);
    }

    [Fact]
    public async Task Readers_see_whole_batches_only()
    {
        IObservationStore store = await StoreWith(Hosts(300));
        using CancellationTokenSource stop = new();
        Task reading = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                List<Observation> rows = (await Answer.ReadAsync(store, s_everything)).Rows;
                Assert.Single(rows.Select(row => row.History.Count).Distinct()); // every batch adds one to each row
            }
        });
        for (ulong sequence = 2; sequence < 30; sequence++) await store.WriteAsync(Hosts(300).Build(sequence));
        await stop.CancelAsync();
        await reading;
    }

    [Fact]
    public async Task A_continuation_is_bound_to_its_query_and_store()
    {
        IObservationStore store = await StoreWith(Hosts(10));
        ObservationQuery query = s_everything with { Limit = 2 };
        string token = (await Answer.ReadAsync(store, query)).Continuation!;
        Assert.Matches("^[A-Za-z0-9_-]+$", token);
        Assert.Equal(8, (await Answer.ReadAsync(store, query with { Limit = 100, ScanBudget = 1_000, Continuation = token })).Rows.Count);

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
            ArgumentException refusal = await Assert.ThrowsAsync<ArgumentException>(() => Answer.ReadAsync(store, other));
            Assert.Contains("continuation", refusal.Message, StringComparison.OrdinalIgnoreCase);
        }

        IObservationStore twin = await StoreWith(Hosts(10));
        await Assert.ThrowsAsync<ArgumentException>(() => Answer.ReadAsync(twin, query with { Continuation = token }));
    }

    [Fact]
    public async Task A_budget_counts_the_rows_looked_at()
    {
        IObservationStore store = await StoreWith(Hosts(100));
        ObservationQuery query = s_everything with { Types = TypeSelection.Of(RecordType.MX) };
        Answer none = await Answer.ReadAsync(store, query with { ScanBudget = 99 });
        Assert.Equal((0, Completeness.Truncated), (none.Rows.Count, none.Completeness));
        Assert.Equal(Completeness.Exact, (await Answer.ReadAsync(store, query with { ScanBudget = 100 })).Completeness);
        Assert.Equal(Completeness.Exact, (await Answer.ReadAsync(store, query with { ScanBudget = 1, Continuation = none.Continuation })).Completeness);
    }

    [Fact]
    public async Task A_walk_can_be_cancelled_between_pages_and_within()
    {
        IObservationStore store = await StoreWith(Hosts(3_000));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Answer.ReadAsync(store, s_everything, new(canceled: true)));
        using CancellationTokenSource stop = new();
        int pages = 0;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (RecordPage _ in store.ReadAsync(s_everything, stop.Token))
            {
                pages++;
                await stop.CancelAsync();
            }
        });
        Assert.Equal(1, pages);
    }

    [Fact]
    public async Task Rows_can_be_read_one_by_one()
    {
        IObservationStore store = await StoreWith(Hosts(3));
        List<string> names = [];
        await foreach (Observation row in store.FindAsync(s_everything)) names.Add(row.RrName.ToString());
        Assert.Equal(["h00000.example.com.", "h00001.example.com.", "h00002.example.com."], names);
    }
}
