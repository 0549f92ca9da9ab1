using PassiveDns.Storage.Memory;

namespace PassiveDns.Storage.Conformance.Tests;

/// <summary>A "medium" in memory, so that a store's ends can be tried, and broken, without a disk: the batches that reached it, in order.</summary>
internal sealed class FakeMedium
{
    public List<ObservationBatch> Batches { get; } = [];

    public TimeSpan Gap { get; set; }

    public async Task<IObservationStore> ReplayAsync(TimeSpan gap, bool rememberIds)
    {
        MemoryObservationStore store = new(new() { IntervalGap = gap });
        ulong other = 1_000_000;
        foreach (ObservationBatch batch in Batches) await store.WriteAsync(rememberIds ? batch : new(batch.Id with { Sequence = ++other }, batch.Rows));
        return new WritesToMedium(store, this);
    }

    private sealed class WritesToMedium(IObservationStore right, FakeMedium medium) : FaultyStore(right)
    {
        public override async ValueTask<WriteResult> WriteAsync(ObservationBatch batch, CancellationToken cancellationToken = default)
        {
            WriteResult result = await Right.WriteAsync(batch, cancellationToken);
            if (result == WriteResult.Applied) medium.Batches.Add(batch);
            return result;
        }
    }
}

/// <summary>What goes wrong between the end of a store and its next opening.</summary>
internal enum DurabilityFault
{
    None,
    LosesTheLastBatchWhenKilled,
    LosesTheLastBatchWhenClosed,
    ForgetsBatchIds,
    CannotOpenAnEmptyStore,
    ForgetsTheGap,
}

/// <summary>Stores over a medium in memory.</summary>
internal sealed class DurableFixture(DurabilityFault fault = DurabilityFault.None) : StoreFixture
{
    private readonly Dictionary<IObservationStore, FakeMedium> _media = [];

    public override bool IsDurable => true;

    public override async ValueTask<IObservationStore> OpenAsync(TimeSpan intervalGap, CancellationToken cancellationToken) =>
        await OpenAsync(new FakeMedium { Gap = intervalGap }, rememberIds: true);

    public override async ValueTask<IObservationStore> ReopenAsync(IObservationStore store, StoreEnd how, CancellationToken cancellationToken)
    {
        FakeMedium medium = _media[store];
        if (how == StoreEnd.Closed) await store.DisposeAsync();
        bool loses = fault == (how == StoreEnd.Killed ? DurabilityFault.LosesTheLastBatchWhenKilled : DurabilityFault.LosesTheLastBatchWhenClosed);
        if (loses && medium.Batches.Count > 0) medium.Batches.RemoveAt(medium.Batches.Count - 1);
        if (fault == DurabilityFault.CannotOpenAnEmptyStore && medium.Batches.Count == 0) throw new ObservationStoreException("no store here");
        if (fault == DurabilityFault.ForgetsTheGap) medium.Gap = SightingHistory.DefaultIntervalGap;
        return await OpenAsync(medium, fault != DurabilityFault.ForgetsBatchIds);
    }

    private async Task<IObservationStore> OpenAsync(FakeMedium medium, bool rememberIds)
    {
        IObservationStore store = await medium.ReplayAsync(medium.Gap, rememberIds);
        _media.Add(store, medium);
        return store;
    }
}
