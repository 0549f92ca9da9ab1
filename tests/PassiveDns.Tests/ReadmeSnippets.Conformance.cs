using PassiveDns.Storage;
using PassiveDns.Storage.Conformance;
using PassiveDns.Storage.Memory;
using PassiveDns.Storage.Parquet;

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

    [Fact]
    public async Task Parquet()
    {
        await using MemoryObservationStore store = new();
        await Sample.ImportAsync(store);
        ObservationQuery everything = new(new QueryAnchor.Everything());
        using TemporaryFolder folder = new();
        string before = Directory.GetCurrentDirectory();
        Directory.SetCurrentDirectory(folder.FullPath);
        try
        {
            await using FileStream file = File.Create("observations.parquet");
            await using ParquetRowWriter writer = await ParquetRowWriter.CreateAsync(file);
            await foreach (RecordPage page in store.ReadAsync(everything)) await writer.WriteAsync(page.Rows);
            await writer.CompleteAsync();
        }
        finally
        {
            Directory.SetCurrentDirectory(before);
        }

        Assert.True(new FileInfo(Path.Combine(folder.FullPath, "observations.parquet")).Length > 1000);
    }

    private sealed class MyStoreFixture : StoreFixture
    {
        public override ValueTask<IObservationStore> OpenAsync(TimeSpan intervalGap, CancellationToken cancellationToken) =>
            new(new MemoryObservationStore(new() { IntervalGap = intervalGap }));
    }
}
