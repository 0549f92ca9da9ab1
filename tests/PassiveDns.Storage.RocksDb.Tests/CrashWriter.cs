using System.Globalization;
using System.Runtime.CompilerServices;
using PassiveDns.Storage.Tests;

namespace PassiveDns.Storage.RocksDb.Tests;

/// <summary>
/// What the test program does when it is started again with <see cref="Variable"/> set: it writes batch after batch into the store named
/// there, and a line for each that was acknowledged, until it is killed.
/// </summary>
internal static class CrashWriter
{
    public const string Variable = "PDNS_TEST_CRASH_WRITER";

    /// <summary>Each batch adds one to the count of each of these rows, so that the counts tell which batches are in the store.</summary>
    public const int Rows = 300;

    public static ObservationBatch Batch(ulong sequence)
    {
        BatchBuilder rows = new("crash");
        for (int i = 0; i < Rows; i++) rows.Add($"h{i}.example.com", "A", $"10.0.{i / 250}.{i % 250}", (long)sequence);
        return rows.Build(sequence);
    }

    [ModuleInitializer]
#pragma warning disable CA2255 // the entry point belongs to the test framework; this runs before it
    internal static void RunIfAsked()
#pragma warning restore CA2255
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } path) return;
        Write(path).GetAwaiter().GetResult();
        Environment.Exit(0);
    }

    private static async Task Write(string path)
    {
        RocksDbObservationStore store = RocksDbObservationStore.Open(path, new() { WriteBufferBytes = 1 << 20 });
        ulong sequence = (await store.GetLastBatchAsync(new("crash")))?.Sequence ?? 0;
        using Stream output = Console.OpenStandardOutput();
        while (sequence < 100_000)
        {
            await store.WriteAsync(Batch(++sequence));
            output.Write(System.Text.Encoding.ASCII.GetBytes(sequence.ToString(CultureInfo.InvariantCulture) + "\n"));
            output.Flush();
        }
    }
}
