using PassiveDns.Storage.Memory;

namespace PassiveDns.Storage.Tests;

public sealed class MemoryObservationStoreTests : StoreBehaviour
{
    protected override IObservationStore Open(TimeSpan intervalGap) => new MemoryObservationStore(new() { IntervalGap = intervalGap });
}
