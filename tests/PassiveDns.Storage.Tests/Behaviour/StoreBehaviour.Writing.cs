using System.Net;

namespace PassiveDns.Storage.Tests;

public abstract partial class StoreBehaviour
{
    private const long Day = 86_400;

    private static readonly QueryAnchor s_example = new QueryAnchor.OwnerName(DomainName.Parse("example.com"));

    [Fact]
    public async Task A_batch_counts_once_however_often_it_is_delivered()
    {
        IObservationStore store = NewStore();
        BatchBuilder rows = new();
        ObservationBatch batch = rows.Add("example.com", "A", "192.0.2.1", count: 5).Build(1);
        Assert.Equal(WriteResult.Applied, await store.WriteAsync(batch));
        Assert.Equal(WriteResult.AlreadyApplied, await store.WriteAsync(batch));
        Assert.Equal(WriteResult.Applied, await store.WriteAsync(rows.Add("example.com", "A", "192.0.2.1", count: 2).Build(2)));
        Assert.Equal(WriteResult.AlreadyApplied, await store.WriteAsync(batch));
        Assert.Equal(7, (await Answer.ReadAsync(store, s_example)).Rows[0].History.Count);
    }

    [Fact]
    public async Task Batches_of_other_sensors_and_epochs_are_other_batches()
    {
        IObservationStore store = NewStore();
        foreach ((string sensor, ulong epoch) in new[] { ("s1", 1UL), ("s1", 2UL), ("s2", 1UL) })
        {
            Assert.Equal(WriteResult.Applied, await store.WriteAsync(new BatchBuilder(sensor, epoch).Add("example.com", "A", "192.0.2.1").Build(1)));
        }

        Observation row = Assert.Single((await Answer.ReadAsync(store, s_example)).Rows);
        Assert.Equal(3, row.History.Count);
        Assert.Equal(new[] { new SensorId("s1").Fingerprint, new SensorId("s2").Fingerprint }.Order(), row.History.Witnesses);
    }

    [Fact]
    public async Task The_last_batch_is_the_highest_by_epoch_and_sequence_whatever_the_order_of_arrival()
    {
        IObservationStore store = NewStore();
        Assert.Null(await store.GetLastBatchAsync(new("s1")));
        foreach ((ulong epoch, ulong sequence) in new[] { (7UL, 9UL), (7UL, 3UL), (5UL, 100UL) })
        {
            await store.WriteAsync(new BatchBuilder("s1", epoch).Add("example.com", "A", "192.0.2.1").Build(sequence));
        }

        Assert.Equal(new BatchId(new("s1"), 7, 9), await store.GetLastBatchAsync(new("s1")));
        Assert.Null(await store.GetLastBatchAsync(new("s2")));
        Assert.Equal(WriteResult.Applied, await store.WriteAsync(new BatchBuilder("s1", 7).Add("example.com", "A", "192.0.2.1").Build(4))); // the hole is not taken for applied
        Assert.Equal(4, (await store.GetStatusAsync()).BatchesBySensor[new("s1")]);
    }

    [Fact]
    public async Task Late_and_reordered_batches_end_in_the_same_rows()
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
            IObservationStore store = NewStore();
            foreach (ObservationBatch batch in batches) await store.WriteAsync(batch);
            List<Observation> rows = (await Answer.ReadAsync(store, s_example)).Rows;
            rows.AddRange((await Answer.ReadAsync(store, QueryAnchor.Network(IPNetwork.Parse("0.0.0.0/0")))).Rows);
            Assert.Equal(expected ??= rows, rows);
            random.Shuffle(batches);
        }

        Assert.Equal([(Day, 12 * Day + 100, 78)], expected![0].History.Intervals.Select(i => (i.First, i.Last, i.Count)));
        Assert.Equal(12, expected[1].History.Intervals.Length); // four days apart: never joined
        Assert.Equal((1u, 12u), (expected[0].History.MinTimeToLive, expected[0].History.MaxTimeToLive));
    }

    [Theory]
    [InlineData(48 * 3600, 1)] // a silence as long as the gap joins
    [InlineData(48 * 3600 + 1, 2)]
    public async Task A_silence_longer_than_the_gap_begins_another_interval(long silence, int intervals)
    {
        IObservationStore store = await StoreWith(new BatchBuilder()
            .Add("example.com", "A", "192.0.2.1", 1_000, 2_000).Add("example.com", "A", "192.0.2.1", 2_000 + silence));
        Assert.Equal(intervals, (await Answer.ReadAsync(store, s_example)).Rows[0].History.Intervals.Length);
    }

    [Fact]
    public async Task Rows_of_a_store_with_a_shorter_gap_are_brought_to_this_stores_gap()
    {
        SightingHistory history = new() { Intervals = [new(0, 10, 1), new(36 * 3600, 36 * 3600, 2), new(30 * Day, 30 * Day, 4)] };
        IObservationStore store = NewStore();
        await store.WriteAsync(new BatchBuilder().AddHistory("example.com", "A", [[192, 0, 2, 1]], SightingCodec.Encode(history)).Build(1));
        Assert.Equal(
            [(0, 36 * 3600, 3), (30 * Day, 30 * Day, 4)],
            (await Answer.ReadAsync(store, s_example)).Rows[0].History.Intervals.Select(i => (i.First, i.Last, i.Count)));
    }

    [Fact]
    public async Task A_coarsened_row_makes_the_answer_an_estimate()
    {
        SightingHistory history = new()
        {
            Intervals = [.. Enumerable.Range(0, 1024).Select(i => new SightingInterval(i * 10 * Day, i * 10 * Day, 1))],
        };
        IObservationStore store = NewStore();
        BatchBuilder rows = new BatchBuilder().AddHistory("example.com", "A", [[192, 0, 2, 1]], SightingCodec.Encode(history));
        await store.WriteAsync(rows.Build(1));
        Assert.Equal(Completeness.Exact, (await Answer.ReadAsync(store, s_example)).Completeness);
        await store.WriteAsync(rows.Add("example.com", "A", "192.0.2.1", 2_000 * 10 * Day).Build(2));
        Answer answer = await Answer.ReadAsync(store, s_example);
        Assert.Equal(Completeness.Estimated, answer.Completeness);
        Assert.Equal((1024, 1025L), (answer.Rows[0].History.Intervals.Length, answer.Rows[0].History.Count));
    }

    [Fact]
    public async Task Large_sets_and_long_names_come_back_whole()
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
        Assert.Equal(255, longest.Wire.Length);
        Observation pool = Assert.Single((await Answer.ReadAsync(store, new QueryAnchor.OwnerName(Name("pool.example.com")))).Rows);
        Assert.Equal(addresses, pool.Rdata.Select(rdata => rdata.Canonical.ToArray()));
        Assert.Equal(4000, (await Answer.ReadAsync(store, QueryAnchor.Network(IPNetwork.Parse("10.0.0.0/8")))).Rows.Count);
        Assert.Equal(3, (await Answer.ReadAsync(store, new QueryAnchor.OwnerName(longest))).Rows.Count);
        Assert.Equal(longest, Assert.Single((await Answer.ReadAsync(store, new QueryAnchor.Target(longest))).Rows).RrName);
        RecordType unknown = (RecordType)65280;
        Assert.Equal(2, (await Answer.ReadAsync(store, new QueryAnchor.RawRdata(unknown, longText, false))).Rows.Count);
        Assert.Equal(otherText, Assert.Single((await Answer.ReadAsync(store, new QueryAnchor.RawRdata(unknown, otherText, false))).Rows).Rdata[0].Canonical.ToArray());
        Assert.Equal(3, (await Answer.ReadAsync(store, new QueryAnchor.RawRdata(unknown, longText.AsMemory(0, 100), true))).Rows.Count);
        Assert.Single((await Answer.ReadAsync(store, new QueryAnchor.RawRdata((RecordType)65281, ReadOnlyMemory<byte>.Empty, false))).Rows);
        Assert.Equal(2, (await Answer.ReadAsync(store, new QueryAnchor.RawRdata((RecordType)65281, ReadOnlyMemory<byte>.Empty, true))).Rows.Count);
        Assert.Single((await Answer.ReadAsync(store, new QueryAnchor.RawRdata((RecordType)65281, new byte[64], false))).Rows);
    }

    [Fact]
    public async Task A_malformed_row_refuses_the_whole_batch()
    {
        IObservationStore store = NewStore();
        ObservationRows rows = new();
        byte[] history = SightingCodec.Encode(new SightingHistory { Intervals = [new(1, 2, 3)] });
        rows.Add(new() { RrName = "\u0001a\0"u8, Type = RecordType.A, BailiwickLabels = 1, Provenance = Provenance.Probe, Rdata = new([0, 4, 1, 2, 3, 4]), History = history });
        rows.Add(new() { RrName = "\u0001a\0"u8, Type = RecordType.A, BailiwickLabels = 2, Provenance = Provenance.Probe, Rdata = new([0, 4, 1, 2, 3, 4]), History = history });
        ObservationBatch batch = new(new(new("s1"), 1, 1), rows);
        await Assert.ThrowsAsync<ArgumentException>(async () => await store.WriteAsync(batch));
        Assert.Empty((await Answer.ReadAsync(store, new ObservationQuery(new QueryAnchor.Everything()) { Provenance = ProvenanceSelection.All })).Rows);
        Assert.Null(await store.GetLastBatchAsync(new("s1")));
    }

    [Fact]
    public async Task A_cancelled_write_leaves_nothing_behind()
    {
        IObservationStore store = NewStore();
        ObservationBatch batch = new BatchBuilder().Add("example.com", "A", "192.0.2.1").Build(1);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await store.WriteAsync(batch, new(canceled: true)));
        Assert.Empty((await Answer.ReadAsync(store, s_example)).Rows);
        Assert.Equal(WriteResult.Applied, await store.WriteAsync(batch));
    }

    [Fact]
    public async Task The_status_tells_what_the_store_holds()
    {
        IObservationStore store = NewStore(TimeSpan.FromHours(24));
        StoreStatus empty = await store.GetStatusAsync();
        Assert.Equal((0L, null, null, TimeSpan.FromHours(24)), (empty.Rows, empty.FirstSeen, empty.LastSeen, empty.IntervalGap));
        await store.WriteAsync(new BatchBuilder().Add("example.com", "A", "192.0.2.1", 5, 9).Add("example.com", "A", "192.0.2.1|192.0.2.2", 3, 4).Build(1));
        await store.WriteAsync(new BatchBuilder("s2").Add("example.com", "A", "192.0.2.1", 7).Build(1));
        StoreStatus status = await store.GetStatusAsync();
        Assert.Equal((3L, 9L), (status.FirstSeen, status.LastSeen));
        Assert.Equal(!CountsExactly, status.RowsAreEstimated);
        if (CountsExactly) Assert.Equal(2, status.Rows);
        Assert.Equal([(new SensorId("s1"), 1L), (new SensorId("s2"), 1L)], status.BatchesBySensor.Select(pair => (pair.Key, pair.Value)).OrderBy(pair => pair.Key.Value));
        Assert.True(status.Bytes > 0);
    }

    [Fact]
    public async Task An_empty_batch_is_applied_too()
    {
        IObservationStore store = NewStore();
        Assert.Equal(WriteResult.Applied, await store.WriteAsync(new BatchBuilder().Build(1)));
        Assert.Equal(WriteResult.AlreadyApplied, await store.WriteAsync(new BatchBuilder().Build(1)));
    }

    [Fact]
    public async Task A_closed_store_says_so()
    {
        IObservationStore store = NewStore();
        await store.DisposeAsync();
        await store.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await store.WriteAsync(new BatchBuilder().Build(1)));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Answer.ReadAsync(store, s_example));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await store.GetStatusAsync());
    }
}
