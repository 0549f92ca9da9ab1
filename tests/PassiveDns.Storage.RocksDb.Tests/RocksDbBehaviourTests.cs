using PassiveDns.Storage.Tests;

namespace PassiveDns.Storage.RocksDb.Tests;

public sealed class RocksDbBehaviourTests : StoreBehaviour
{
    private readonly StoreDirectory _directory = new();

    protected override IObservationStore Open(TimeSpan intervalGap) =>
        RocksDbObservationStore.Open(_directory.Next(), new() { IntervalGap = intervalGap });

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _directory.Dispose();
    }
}
