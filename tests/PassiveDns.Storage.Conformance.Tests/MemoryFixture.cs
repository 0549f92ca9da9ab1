using PassiveDns.Storage.Memory;

namespace PassiveDns.Storage.Conformance.Tests;

/// <summary>The store in memory, right or with a fault.</summary>
internal sealed class MemoryFixture(Func<IObservationStore, IObservationStore>? fault = null) : StoreFixture
{
    public override ValueTask<IObservationStore> OpenAsync(TimeSpan intervalGap, CancellationToken cancellationToken)
    {
        IObservationStore store = new MemoryObservationStore(new() { IntervalGap = intervalGap });
        return new(fault is null ? store : fault(store));
    }
}
