using PassiveDns.Storage.Memory;
using PassiveDns.Storage.Merging;

namespace PassiveDns.Storage.Tests;

/// <summary>All that holds for a store holds for several stores read as one, with the batches spread over them.</summary>
public sealed class MergingReaderTests
{
    public static TheoryData<string> Case_ids => [.. StoreConformance.Cases.Where(c => !c.NeedsDurability && c.Capability is null).Select(c => c.Id)];

    [Theory]
    [MemberData(nameof(Case_ids))]
    public async Task Stores_read_as_one_conform(string id)
    {
        await using SpreadFixture fixture = new();
        Assert.True(await StoreConformance.Cases.Single(c => c.Id == id).RunAsync(fixture, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Stores_of_different_gaps_cannot_be_merged()
    {
        ArgumentException refusal = Assert.Throws<ArgumentException>(() => new MergingReader(
            new MemoryObservationStore(), new MemoryObservationStore(new() { IntervalGap = TimeSpan.FromDays(1) })));
        Assert.Contains("2.00:00:00, 1.00:00:00", refusal.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new MergingReader());
    }

    [Fact]
    public async Task Fences_hold_for_the_merged_row()
    {
        MemoryObservationStore one = new(), other = new();
        await one.WriteAsync(new BatchBuilder("s1").Add("example.com", "A", "192.0.2.1", 100, 200).Build(1));
        await other.WriteAsync(new BatchBuilder("s2").Add("example.com", "A", "192.0.2.1", 300, 400).Build(1));
        MergingReader both = new(one, other);
        ObservationQuery query = new(new QueryAnchor.OwnerName(DomainName.Parse("example.com"))) { Time = TimeFilter.Within(100, 200) };
        Assert.Single((await Answer.ReadAsync(one, query)).Rows);
        Assert.Empty((await Answer.ReadAsync(both, query)).Rows);
        Observation row = Assert.Single((await Answer.ReadAsync(both, query with { Time = TimeFilter.None, MinWitnesses = 2 })).Rows);
        Assert.Equal((100, 400, 2), (row.History.FirstSeen, row.History.LastSeen, row.History.Count));
    }

    private sealed class SpreadFixture : StoreFixture
    {
        public override bool CountsRowsExactly => false;

        public override ValueTask<IObservationStore> OpenAsync(TimeSpan intervalGap, CancellationToken cancellationToken) => new(new SpreadStore(intervalGap));
    }

    /// <summary>Spreads batches over three stores by their id, so that a batch that comes again goes to the same one.</summary>
    private sealed class SpreadStore(TimeSpan intervalGap) : IObservationStore
    {
        private readonly MemoryObservationStore[] _stores = [.. Enumerable.Range(0, 3).Select(_ => new MemoryObservationStore(new() { IntervalGap = intervalGap }))];
        private MergingReader? _merged;

        private MergingReader Merged => _merged ??= new(_stores[0], new MergingReader(_stores[1], _stores[2]));

        public ValueTask<WriteResult> WriteAsync(ObservationBatch batch, CancellationToken cancellationToken = default) =>
            _stores[(batch.Id.Sequence + (ulong)batch.Id.Sensor.Value[^1]) % 3].WriteAsync(batch, cancellationToken);

        public IAsyncEnumerable<RecordPage> ReadAsync(ObservationQuery query, CancellationToken cancellationToken = default) => Merged.ReadAsync(query, cancellationToken);

        public ValueTask<StoreStatus> GetStatusAsync(CancellationToken cancellationToken = default) => Merged.GetStatusAsync(cancellationToken);

        public async ValueTask<BatchId?> GetLastBatchAsync(SensorId sensor, CancellationToken cancellationToken = default)
        {
            List<BatchId?> last = [];
            foreach (MemoryObservationStore store in _stores) last.Add(await store.GetLastBatchAsync(sensor, cancellationToken));
            return last.MaxBy(id => (id?.Epoch, id?.Sequence));
        }

        public async ValueTask DisposeAsync()
        {
            foreach (MemoryObservationStore store in _stores) await store.DisposeAsync();
        }
    }
}
