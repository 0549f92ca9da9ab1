using System.Globalization;
using System.Runtime.CompilerServices;
namespace PassiveDns.Storage.Tests;

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
        Write(path);
        Environment.Exit(0);
    }

    /// <summary>Waits on this thread: until this initializer has ended no other thread can run code of this module.</summary>
    private static void Write(string path)
    {
        IObservationStore store = TestedStore.OpenSmall(path);
        ulong sequence = store.GetLastBatchAsync(new("crash")).AsTask().GetAwaiter().GetResult()?.Sequence ?? 0;
        using Stream output = Console.OpenStandardOutput();
        while (sequence < 100_000)
        {
            store.WriteAsync(Batch(++sequence)).AsTask().GetAwaiter().GetResult();
            output.Write(System.Text.Encoding.ASCII.GetBytes(sequence.ToString(CultureInfo.InvariantCulture) + "\n"));
            output.Flush();
        }
    }
}
