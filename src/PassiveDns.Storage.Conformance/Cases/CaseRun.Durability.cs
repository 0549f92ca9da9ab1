namespace PassiveDns.Storage.Conformance;

internal sealed partial class CaseRun
{
    internal static ConformanceCase[] Durability =>
    [
        new("durability", "What was acknowledged is there when a closed store is opened again", static run => run.AcknowledgedBatchesSurvive(StoreEnd.Closed), needsDurability: true),
        new("durability", "What was acknowledged is there when a killed store is opened again", static run => run.AcknowledgedBatchesSurvive(StoreEnd.Killed), needsDurability: true),
        new("durability", "A batch counts once over the ends of its store", static run => run.ABatchCountsOnceOverTheEndsOfItsStore(), needsDurability: true),
        new("durability", "An empty store can be opened again", static run => run.AnEmptyStoreCanBeOpenedAgain(), needsDurability: true),
        new("durability", "The interval gap of a store stays", static run => run.TheIntervalGapOfAStoreStays(), needsDurability: true),
        new("durability", "Answers are the same after many ends", static run => run.AnswersAreTheSameAfterManyEnds(), needsDurability: true),
    ];

    private async Task AcknowledgedBatchesSurvive(StoreEnd end)
    {
        IObservationStore store = await StoreWith(Hosts(500));
        for (ulong sequence = 2; sequence <= 20; sequence++) await store.WriteAsync(Hosts(40, (int)sequence * 10).Build(sequence), cancellationToken);
        Answer before = await Answer.ReadAsync(store, s_everything);
        StoreStatus status = await store.GetStatusAsync(cancellationToken);
        store = await ReopenAsync(store, end);
        Answer after = await Answer.ReadAsync(store, s_everything);
        Expect.Equal(before.Rows, after.Rows);
        Expect.Equal(before.AsOf, after.AsOf);
        Expect.Equal(new BatchId(new("s1"), 1, 20), await store.GetLastBatchAsync(new("s1"), cancellationToken));
        StoreStatus again = await store.GetStatusAsync(cancellationToken);
        Expect.Equal((status.FirstSeen, status.LastSeen), (again.FirstSeen, again.LastSeen));
        Expect.Equal(20, again.BatchesBySensor[new("s1")]);
    }

    private async Task ABatchCountsOnceOverTheEndsOfItsStore()
    {
        IObservationStore store = await NewStoreAsync();
        foreach (StoreEnd end in new[] { StoreEnd.Killed, StoreEnd.Closed, StoreEnd.Killed })
        {
            WriteResult expected = end == StoreEnd.Killed && await store.GetLastBatchAsync(new("s1"), cancellationToken) is null
                ? WriteResult.Applied : WriteResult.AlreadyApplied;
            Expect.Equal(expected, await store.WriteAsync(new BatchBuilder().Add("example.com", "A", "192.0.2.1", count: 5).Build(1), cancellationToken));
            store = await ReopenAsync(store, end);
        }

        Expect.Equal(WriteResult.AlreadyApplied, await store.WriteAsync(new BatchBuilder().Add("example.com", "A", "192.0.2.1", count: 5).Build(1), cancellationToken));
        Expect.Equal(5, Expect.Single((await Answer.ReadAsync(store, s_example)).Rows).History.Count);
    }

    private async Task AnEmptyStoreCanBeOpenedAgain()
    {
        IObservationStore store = await ReopenAsync(await NewStoreAsync(), StoreEnd.Killed);
        Expect.Empty((await Answer.ReadAsync(store, s_everything)).Rows);
        store = await ReopenAsync(store, StoreEnd.Closed);
        Expect.Equal(WriteResult.Applied, await store.WriteAsync(Hosts(1).Build(1), cancellationToken));
        Expect.Single((await Answer.ReadAsync(store, s_everything)).Rows);
    }

    private async Task TheIntervalGapOfAStoreStays()
    {
        TimeSpan gap = TimeSpan.FromHours(30);
        IObservationStore store = await ReopenAsync(await NewStoreAsync(gap), StoreEnd.Closed);
        Expect.Equal(gap, (await store.GetStatusAsync(cancellationToken)).IntervalGap);
        await store.WriteAsync(new BatchBuilder().Add("example.com", "A", "192.0.2.1", 0).Add("example.com", "A", "192.0.2.1", 31 * 3600).Build(1), cancellationToken);
        Expect.Equal(2, (await Answer.ReadAsync(store, s_example)).Rows[0].History.Intervals.Length);
    }

    private async Task AnswersAreTheSameAfterManyEnds()
    {
        const int Rounds = 8;
        IObservationStore ended = await NewStoreAsync();
        IObservationStore steady = await NewStoreAsync();
        for (ulong round = 1; round <= Rounds; round++)
        {
            BatchBuilder Rows() => Hosts(60, (int)round * 20).Add("example.com", "NS", "ns1.example.com.|ns2.example.com.", (long)round * 3 * Day).Add($"n{round}.example.com", "MX", "10 mail.example.com.");
            await ended.WriteAsync(Rows().Build(round), cancellationToken);
            await steady.WriteAsync(Rows().Build(round), cancellationToken);
            ended = await ReopenAsync(ended, round % 2 == 0 ? StoreEnd.Killed : StoreEnd.Closed);
        }

        QueryAnchor[] anchors =
        [
            new QueryAnchor.Everything(), new QueryAnchor.Subtree(Name("example.com")), new QueryAnchor.Target(Name("mail.example.com")),
            new QueryAnchor.Target(Name("example.com"), true), new QueryAnchor.FirstSeen(0, 5 * Day), new QueryAnchor.Changed(4 * Day, 7 * Day), QueryAnchor.Network(System.Net.IPNetwork.Parse("10.0.0.0/8")),
        ];
        foreach (QueryAnchor anchor in anchors)
        {
            Expect.Equal((await Answer.ReadAsync(steady, anchor)).Rows, (await Answer.ReadAsync(ended, anchor)).Rows);
        }
    }
}
