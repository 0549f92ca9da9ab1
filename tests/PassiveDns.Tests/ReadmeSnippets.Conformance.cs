using PassiveDns.Storage;
using PassiveDns.Storage.Conformance;
using PassiveDns.Storage.Memory;

namespace PassiveDns.Tests;

public sealed partial class ReadmeSnippets
{
    [Fact]
    public async Task Conformance()
    {
        using StringWriter error = new();
        TextWriter before = Console.Error;
        Console.SetError(error);
        try
        {
            await foreach (ConformanceResult result in StoreConformance.RunAsync(() => new MyStoreFixture()))
            {
                if (result.Outcome == ConformanceOutcome.Failed) Console.Error.WriteLine(result);
            }
        }
        finally
        {
            Console.SetError(before);
        }

        Assert.Empty(error.ToString());
    }

    private sealed class MyStoreFixture : StoreFixture
    {
        public override ValueTask<IObservationStore> OpenAsync(TimeSpan intervalGap, CancellationToken cancellationToken) =>
            new(new MemoryObservationStore(new() { IntervalGap = intervalGap }));
    }
}
