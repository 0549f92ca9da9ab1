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
        string program = Environment.ProcessPath!;
        ProcessStartInfo start = new(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (Path.GetFileNameWithoutExtension(program) == "dotnet") start.ArgumentList.Add(typeof(MemoryWriter).Assembly.Location);
        start.Environment[MemoryWriter.Variable] = _directory.Next();
        start.Environment[MemoryWriter.RowsVariable] = rowsOfBatch.ToString(CultureInfo.InvariantCulture);
        start.Environment["DOTNET_GCHeapHardLimit"] = (MemoryWriter.MemoryBytes + Others + callersOctets).ToString("x", CultureInfo.InvariantCulture);
        using Process writer = Process.Start(start)!;
        Task<string> output = writer.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), error = writer.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await writer.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(writer.ExitCode == 0, $"{await output}\n{await error}"); // beyond the limit the collector ends the process
        string[] numbers = (await output).Trim().Split(' ');
        Assert.Equal(MemoryWriter.Rows, int.Parse(numbers[0], CultureInfo.InvariantCulture));
        Assert.InRange(long.Parse(numbers[1], CultureInfo.InvariantCulture), long.MinValue, 2 * Others); // beside the collector: compiled code, stacks and the codec, none of which grows with the rows
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
