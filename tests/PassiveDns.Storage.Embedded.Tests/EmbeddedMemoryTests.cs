using System.Diagnostics;
using System.Globalization;
using PassiveDns.Storage.Tests;

namespace PassiveDns.Storage.Embedded.Tests;

/// <summary>A store keeps to the memory that it was given, however much is written: the collector of its process is given no more.</summary>
public sealed class EmbeddedMemoryTests : IDisposable
{
    /// <summary>For what is not the store's: the runtime, the test program, batches that are being made, and garbage.</summary>
    private const long Others = 48 << 20;

    private readonly StoreDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    /// <summary>With batches of half a megabyte, and with one that is as long as all the memory that the store was given.</summary>
    [Theory]
    [InlineData(10_000, 0)]
    [InlineData(600_000, 64 * 600_000)]
    public async Task Writing_merging_and_reading_stay_within_the_memory_that_was_given(int rowsOfBatch, long callersOctets)
    {
        string[] numbers = await RunAsync(
            MemoryWriter.MemoryBytes + Others + callersOctets, (MemoryWriter.Variable, _directory.Next()), (MemoryWriter.RowsVariable, rowsOfBatch.ToString(CultureInfo.InvariantCulture)));
        Assert.Equal(MemoryWriter.Rows, int.Parse(numbers[0], CultureInfo.InvariantCulture));
        Assert.InRange(long.Parse(numbers[1], CultureInfo.InvariantCulture), long.MinValue, 2 * Others); // beside the collector: compiled code, stacks and the codec, none of which grows with the rows
    }

    [Fact]
    public async Task A_table_is_written_and_read_whose_index_and_filter_are_longer_than_all_memory()
    {
        string[] numbers = await RunAsync(MemoryReader.HeapBytes, (MemoryReader.Variable, Path.Combine(Directory.CreateDirectory(_directory.Next()).FullName, "1.table")));
        Assert.InRange(long.Parse(numbers[0], CultureInfo.InvariantCulture), MemoryReader.HeapBytes * 6 / 5, long.MaxValue);
        Assert.InRange(long.Parse(numbers[1], CultureInfo.InvariantCulture), 0, MemoryReader.HeapBytes / 4);
        Assert.Equal("0", numbers[2]);
    }

    /// <summary>Starts this program again with a heap of its own.</summary>
    private static async Task<string[]> RunAsync(long heap, params (string Name, string Value)[] variables)
    {
        string program = Environment.ProcessPath!;
        ProcessStartInfo start = new(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (Path.GetFileNameWithoutExtension(program) == "dotnet") start.ArgumentList.Add(typeof(MemoryWriter).Assembly.Location);
        foreach ((string name, string value) in variables) start.Environment[name] = value;
        start.Environment["DOTNET_GCHeapHardLimit"] = heap.ToString("x", CultureInfo.InvariantCulture);
        using Process child = Process.Start(start)!;
        Task<string> output = child.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), error = child.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(child.ExitCode == 0, $"{await output}\n{await error}"); // beyond the limit the collector ends the process
        return (await output).Trim().Split(' ');
    }

    /// <summary>Half a megabyte a batch, two and a half, and as much as the store may take.</summary>
    [Theory]
    [InlineData(10_000, 24)]
    [InlineData(50_000, 8)]
    [InlineData(600_000, 1)]
    public async Task Batches_and_tables_and_the_room_to_sort_log_and_merge_stay_within_the_memory_as_they_are_counted(int rowsOfBatch, int batches)
    {
        EmbeddedStoreOptions options = new() { MemoryBytes = 32 << 20 };
        await using EmbeddedObservationStore store = EmbeddedObservationStore.Open(_directory.Next(), options);
        long most = 0;
        using CancellationTokenSource written = new();
        Task watching = Task.Run(async () =>
        {
            while (!written.IsCancellationRequested)
            {
                most = Math.Max(most, store.MemoryInUse);
                await Task.Yield();
            }
        }, TestContext.Current.CancellationToken);
        for (int batch = 0; batch < batches; batch++) await store.WriteAsync(MemoryWriter.Batch(batch, rowsOfBatch), TestContext.Current.CancellationToken);
        await store.CompactAsync(cancellationToken: TestContext.Current.CancellationToken);
        await written.CancelAsync();
        await watching;
        Assert.InRange(most, options.MemoryBytes / 4, options.MemoryBytes);
        Assert.Equal(rowsOfBatch * batches, (await store.GetStatusAsync(TestContext.Current.CancellationToken)).Rows);
    }
}
