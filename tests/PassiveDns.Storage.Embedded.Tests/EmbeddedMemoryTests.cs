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

    [Fact]
    public async Task Writing_merging_and_reading_stay_within_the_memory_that_was_given()
    {
        string program = Environment.ProcessPath!;
        ProcessStartInfo start = new(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (Path.GetFileNameWithoutExtension(program) == "dotnet") start.ArgumentList.Add(typeof(MemoryWriter).Assembly.Location);
        start.Environment[MemoryWriter.Variable] = _directory.Next();
        start.Environment["DOTNET_GCHeapHardLimit"] = (MemoryWriter.MemoryBytes + Others).ToString("x", CultureInfo.InvariantCulture);
        using Process writer = Process.Start(start)!;
        Task<string> output = writer.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), error = writer.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await writer.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(writer.ExitCode == 0, $"{await output}\n{await error}"); // beyond the limit the collector ends the process
        string[] numbers = (await output).Trim().Split(' ');
        Assert.Equal(MemoryWriter.Rows, int.Parse(numbers[0], CultureInfo.InvariantCulture));
        Assert.InRange(long.Parse(numbers[1], CultureInfo.InvariantCulture), long.MinValue, 2 * Others); // beside the collector: compiled code, stacks and the codec, none of which grows with the rows
    }

    [Fact]
    public async Task Batches_and_tables_and_the_room_to_sort_and_log_stay_within_the_memory_as_they_are_counted()
    {
        EmbeddedStoreOptions options = new() { MemoryBytes = 32 << 20 };
        await using EmbeddedObservationStore store = EmbeddedObservationStore.Open(_directory.Next(), options);
        long most = 0;
        for (int batch = 0; batch < 24; batch++)
        {
            await store.WriteAsync(MemoryWriter.Batch(batch), TestContext.Current.CancellationToken);
            most = Math.Max(most, store.MemoryInUse);
        }

        Assert.InRange(most, options.MemoryBytes / 2, options.MemoryBytes);
    }
}
