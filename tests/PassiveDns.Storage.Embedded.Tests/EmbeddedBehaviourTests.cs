using PassiveDns.Storage.Tests;

namespace PassiveDns.Storage.Embedded.Tests;

public sealed class EmbeddedBehaviourTests : StoreBehaviour
{
    private readonly StoreDirectory _directory = new();

    protected override IObservationStore Open(TimeSpan intervalGap) =>
        EmbeddedObservationStore.Open(_directory.Next(), new() { IntervalGap = intervalGap });

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _directory.Dispose();
    }
}
