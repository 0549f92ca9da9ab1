using System.Net;

namespace PassiveDns.Storage.Conformance;

internal sealed partial class CaseRun
{
    internal static ConformanceCase[] Writing =>
    [
        new("writing", "A batch counts once however often it is delivered", static run => run.ABatchCountsOnceHoweverOftenItIsDelivered()),
        new("writing", "Batches of other sensors and epochs are other batches", static run => run.BatchesOfOtherSensorsAndEpochsAreOtherBatches()),
        new("writing", "The last batch is the highest by epoch and sequence whatever the order of arrival", static run => run.TheLastBatchIsTheHighestByEpochAndSequenceWhateverTheOrderOfArrival()),
        new("writing", "Late and reordered batches end in the same rows", static run => run.LateAndReorderedBatchesEndInTheSameRows()),
        .. Each<(long Silence, int Intervals)>("writing", "A silence longer than the gap begins another interval", static (run, given) => run.ASilenceLongerThanTheGapBeginsAnotherInterval(given.Silence, given.Intervals),
        [
            (48 * 3600, 1), // a silence as long as the gap joins
            (48 * 3600 + 1, 2),
        ]),
        new("writing", "Rows of a store with a shorter gap are brought to this stores gap", static run => run.RowsOfAStoreWithAShorterGapAreBroughtToThisStoresGap()),
        new("writing", "A coarsened row makes the answer an estimate", static run => run.ACoarsenedRowMakesTheAnswerAnEstimate()),
        new("writing", "Large sets and long names come back whole", static run => run.LargeSetsAndLongNamesComeBackWhole()),
        new("writing", "A malformed row refuses the whole batch", static run => run.AMalformedRowRefusesTheWholeBatch()),
        new("writing", "A cancelled write leaves nothing behind", static run => run.ACancelledWriteLeavesNothingBehind()),
        new("writing", "The status tells what the store holds", static run => run.TheStatusTellsWhatTheStoreHolds()),
        new("writing", "An empty batch is applied too", static run => run.AnEmptyBatchIsAppliedToo()),
        new("writing", "A closed store says so", static run => run.AClosedStoreSaysSo()),
    ];

    private const long Day = 86_400;

    private static readonly QueryAnchor s_example = new QueryAnchor.OwnerName(DomainName.Parse("example.com"));

    private async Task ABatchCountsOnceHoweverOftenItIsDelivered()
    {
        IObservationStore store = await NewStoreAsync();
        BatchBuilder rows = new();
        ObservationBatch batch = rows.Add("example.com", "A", "192.0.2.1", count: 5).Build(1);
        Expect.Equal(WriteResult.Applied, await store.WriteAsync(batch));
        Expect.Equal(WriteResult.AlreadyApplied, await store.WriteAsync(batch));
        Expect.Equal(WriteResult.Applied, await store.WriteAsync(rows.Add("example.com", "A", "192.0.2.1", count: 2).Build(2)));
        Expect.Equal(WriteResult.AlreadyApplied, await store.WriteAsync(batch));
        Expect.Equal(7, (await Answer.ReadAsync(store, s_example)).Rows[0].History.Count);
    }

    private async Task BatchesOfOtherSensorsAndEpochsAreOtherBatches()
    {
        IObservationStore store = await NewStoreAsync();
        foreach ((string sensor, ulong epoch) in new[] { ("s1", 1UL), ("s1", 2UL), ("s2", 1UL) })
        {
            Expect.Equal(WriteResult.Applied, await store.WriteAsync(new BatchBuilder(sensor, epoch).Add("example.com", "A", "192.0.2.1").Build(1)));
        }

        Observation row = Expect.Single((await Answer.ReadAsync(store, s_example)).Rows);
        Expect.Equal(3, row.History.Count);
        Expect.Equal(new[] { new SensorId("s1").Fingerprint, new SensorId("s2").Fingerprint }.Order(), row.History.Witnesses);
    }

    private async Task TheLastBatchIsTheHighestByEpochAndSequenceWhateverTheOrderOfArrival()
    {
        IObservationStore store = await NewStoreAsync();
        Expect.Null(await store.GetLastBatchAsync(new("s1")));
        foreach ((ulong epoch, ulong sequence) in new[] { (7UL, 9UL), (7UL, 3UL), (5UL, 100UL) })
        {
            await store.WriteAsync(new BatchBuilder("s1", epoch).Add("example.com", "A", "192.0.2.1").Build(sequence));
        }

        Expect.Equal(new BatchId(new("s1"), 7, 9), await store.GetLastBatchAsync(new("s1")));
        Expect.Null(await store.GetLastBatchAsync(new("s2")));
        Expect.Equal(WriteResult.Applied, await store.WriteAsync(new BatchBuilder("s1", 7).Add("example.com", "A", "192.0.2.1").Build(4))); // the hole is not taken for applied
        Expect.Equal(4, (await store.GetStatusAsync()).BatchesBySensor[new("s1")]);
    }

    private async Task LateAndReorderedBatchesEndInTheSameRows()
    {
        ObservationBatch[] batches =
        [
            .. Enumerable.Range(1, 12).Select(i => new BatchBuilder($"s{i % 3}")
                .Add("example.com", "A", "192.0.2.1", i * Day, i * Day + 100, i, ttl: (uint)i)
                .Add("example.com", "A", "192.0.2.1|192.0.2.2", i * 4 * Day, i * 4 * Day + 5, 1)
                .Build((ulong)i)),
        ];
        Random random = new(1);
        List<Observation>? expected = null;
        for (int round = 0; round < 4; round++)
        {
            IObservationStore store = await NewStoreAsync();
            foreach (ObservationBatch batch in batches) await store.WriteAsync(batch);
            List<Observation> rows = (await Answer.ReadAsync(store, s_example)).Rows;
            rows.AddRange((await Answer.ReadAsync(store, QueryAnchor.Network(IPNetwork.Parse("0.0.0.0/0")))).Rows);
            Expect.Equal(expected ??= rows, rows);
            random.Shuffle(batches);
        }

        Expect.Equal([(Day, 12 * Day + 100, 78)], expected![0].History.Intervals.Select(i => (i.First, i.Last, i.Count)));
        Expect.Equal(12, expected[1].History.Intervals.Length); // four days apart: never joined
        Expect.Equal((1u, 12u), (expected[0].History.MinTimeToLive, expected[0].History.MaxTimeToLive));
    }

    private async Task ASilenceLongerThanTheGapBeginsAnotherInterval(long silence, int intervals)
    {
        IObservationStore store = await StoreWith(new BatchBuilder()
            .Add("example.com", "A", "192.0.2.1", 1_000, 2_000).Add("example.com", "A", "192.0.2.1", 2_000 + silence));
        Expect.Equal(intervals, (await Answer.ReadAsync(store, s_example)).Rows[0].History.Intervals.Length);
    }

    private async Task RowsOfAStoreWithAShorterGapAreBroughtToThisStoresGap()
    {
        SightingHistory history = new() { Intervals = [new(0, 10, 1), new(36 * 3600, 36 * 3600, 2), new(30 * Day, 30 * Day, 4)] };
        IObservationStore store = await NewStoreAsync();
        await store.WriteAsync(new BatchBuilder().AddHistory("example.com", "A", [[192, 0, 2, 1]], SightingCodec.Encode(history)).Build(1));
        Expect.Equal(
            [(0, 36 * 3600, 3), (30 * Day, 30 * Day, 4)],
            (await Answer.ReadAsync(store, s_example)).Rows[0].History.Intervals.Select(i => (i.First, i.Last, i.Count)));
    }

    private async Task ACoarsenedRowMakesTheAnswerAnEstimate()
    {
        SightingHistory history = new()
        {
            Intervals = [.. Enumerable.Range(0, 1024).Select(i => new SightingInterval(i * 10 * Day, i * 10 * Day, 1))],
        };
        IObservationStore store = await NewStoreAsync();
        BatchBuilder rows = new BatchBuilder().AddHistory("example.com", "A", [[192, 0, 2, 1]], SightingCodec.Encode(history));
        await store.WriteAsync(rows.Build(1));
        Expect.Equal(Completeness.Exact, (await Answer.ReadAsync(store, s_example)).Completeness);
        await store.WriteAsync(rows.Add("example.com", "A", "192.0.2.1", 2_000 * 10 * Day).Build(2));
        Answer answer = await Answer.ReadAsync(store, s_example);
        Expect.Equal(Completeness.Estimated, answer.Completeness);
        Expect.Equal((1024, 1025L), (answer.Rows[0].History.Intervals.Length, answer.Rows[0].History.Count));
    }

    private async Task LargeSetsAndLongNamesComeBackWhole()
    {
        byte[][] addresses = [.. Enumerable.Range(0, 4000).Select(i => new byte[] { 10, 0, (byte)(i >> 8), (byte)i })];
        byte[] longText = [.. Enumerable.Repeat((byte)7, 65_000)];
        byte[] otherText = [.. longText[..^1], 8];
        string label = string.Concat(Enumerable.Repeat("\\000\\001", 31)) + "x"; // 63 octets, 62 of them escaped in keys
        string name = $"{label}.{label}.{label}.{string.Concat(Enumerable.Repeat("\\001", 61))}";
        IObservationStore store = await StoreWith(new BatchBuilder()
            .Add("pool.example.com", "A", addresses)
            .Add("long.example.com", "TYPE65280", [longText, otherText])
            .Add(name, "TYPE65280", [longText])
            .Add(name, "NS", name)
            .Add(name, "TYPE65281", [[.. Enumerable.Repeat((byte)0, 64)], []]));
        DomainName longest = Name(name);
        Expect.Equal(255, longest.Wire.Length);
        Observation pool = Expect.Single((await Answer.ReadAsync(store, new QueryAnchor.OwnerName(Name("pool.example.com")))).Rows);
        Expect.Equal(addresses, pool.Rdata.Select(rdata => rdata.Canonical.ToArray()));
        Expect.Equal(4000, (await Answer.ReadAsync(store, QueryAnchor.Network(IPNetwork.Parse("10.0.0.0/8")))).Rows.Count);
        Expect.Equal(3, (await Answer.ReadAsync(store, new QueryAnchor.OwnerName(longest))).Rows.Count);
        Expect.Equal(longest, Expect.Single((await Answer.ReadAsync(store, new QueryAnchor.Target(longest))).Rows).RrName);
        RecordType unknown = (RecordType)65280;
        Expect.Equal(2, (await Answer.ReadAsync(store, new QueryAnchor.RawRdata(unknown, longText, false))).Rows.Count);
        Expect.Equal(otherText, Expect.Single((await Answer.ReadAsync(store, new QueryAnchor.RawRdata(unknown, otherText, false))).Rows).Rdata[0].Canonical.ToArray());
        Expect.Equal(3, (await Answer.ReadAsync(store, new QueryAnchor.RawRdata(unknown, longText.AsMemory(0, 100), true))).Rows.Count);
        Expect.Single((await Answer.ReadAsync(store, new QueryAnchor.RawRdata((RecordType)65281, ReadOnlyMemory<byte>.Empty, false))).Rows);
        Expect.Equal(2, (await Answer.ReadAsync(store, new QueryAnchor.RawRdata((RecordType)65281, ReadOnlyMemory<byte>.Empty, true))).Rows.Count);
        Expect.Single((await Answer.ReadAsync(store, new QueryAnchor.RawRdata((RecordType)65281, new byte[64], false))).Rows);
    }

    private async Task AMalformedRowRefusesTheWholeBatch()
    {
        IObservationStore store = await NewStoreAsync();
        ObservationRows rows = new();
        byte[] history = SightingCodec.Encode(new SightingHistory { Intervals = [new(1, 2, 3)] });
        rows.Add(new() { RrName = "\u0001a\0"u8, Type = RecordType.A, BailiwickLabels = 1, Provenance = Provenance.Probe, Rdata = new([0, 4, 1, 2, 3, 4]), History = history });
        rows.Add(new() { RrName = "\u0001a\0"u8, Type = RecordType.A, BailiwickLabels = 2, Provenance = Provenance.Probe, Rdata = new([0, 4, 1, 2, 3, 4]), History = history });
        ObservationBatch batch = new(new(new("s1"), 1, 1), rows);
        await Expect.ThrowsAsync<ArgumentException>(async () => await store.WriteAsync(batch));
        Expect.Empty((await Answer.ReadAsync(store, new ObservationQuery(new QueryAnchor.Everything()) { Provenance = ProvenanceSelection.All })).Rows);
        Expect.Null(await store.GetLastBatchAsync(new("s1")));
    }

    private async Task ACancelledWriteLeavesNothingBehind()
    {
        IObservationStore store = await NewStoreAsync();
        ObservationBatch batch = new BatchBuilder().Add("example.com", "A", "192.0.2.1").Build(1);
        await Expect.ThrowsAsync<OperationCanceledException>(async () => await store.WriteAsync(batch, new(canceled: true)), orDerived: true);
        Expect.Empty((await Answer.ReadAsync(store, s_example)).Rows);
        Expect.Equal(WriteResult.Applied, await store.WriteAsync(batch));
    }

    private async Task TheStatusTellsWhatTheStoreHolds()
    {
        IObservationStore store = await NewStoreAsync(TimeSpan.FromHours(24));
        StoreStatus empty = await store.GetStatusAsync();
        Expect.Equal((0L, null, null, TimeSpan.FromHours(24)), (empty.Rows, empty.FirstSeen, empty.LastSeen, empty.IntervalGap));
        await store.WriteAsync(new BatchBuilder().Add("example.com", "A", "192.0.2.1", 5, 9).Add("example.com", "A", "192.0.2.1|192.0.2.2", 3, 4).Build(1));
        await store.WriteAsync(new BatchBuilder("s2").Add("example.com", "A", "192.0.2.1", 7).Build(1));
        StoreStatus status = await store.GetStatusAsync();
        Expect.Equal((3L, 9L), (status.FirstSeen, status.LastSeen));
        Expect.Equal(!fixture.CountsRowsExactly, status.RowsAreEstimated);
        if (fixture.CountsRowsExactly) Expect.Equal(2, status.Rows);
        Expect.Equal([(new SensorId("s1"), 1L), (new SensorId("s2"), 1L)], status.BatchesBySensor.Select(pair => (pair.Key, pair.Value)).OrderBy(pair => pair.Key.Value));
        Expect.True(status.Bytes > 0);
    }

    private async Task AnEmptyBatchIsAppliedToo()
    {
        IObservationStore store = await NewStoreAsync();
        Expect.Equal(WriteResult.Applied, await store.WriteAsync(new BatchBuilder().Build(1)));
        Expect.Equal(WriteResult.AlreadyApplied, await store.WriteAsync(new BatchBuilder().Build(1)));
    }

    private async Task AClosedStoreSaysSo()
    {
        IObservationStore store = await NewStoreAsync();
        await store.DisposeAsync();
        await store.DisposeAsync();
        await Expect.ThrowsAsync<ObjectDisposedException>(async () => await store.WriteAsync(new BatchBuilder().Build(1)));
        await Expect.ThrowsAsync<ObjectDisposedException>(() => Answer.ReadAsync(store, s_example));
        await Expect.ThrowsAsync<ObjectDisposedException>(async () => await store.GetStatusAsync());
    }
}
