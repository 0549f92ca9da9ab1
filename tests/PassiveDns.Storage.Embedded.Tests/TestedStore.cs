using PassiveDns.Storage.Embedded;

namespace PassiveDns.Storage.Tests;

/// <summary>How the tests that all durable stores share open this one, and what its files are called.</summary>
internal static class TestedStore
{
    public const string Kind = EmbeddedObservationStore.MarkerKind;

    public const string TablePattern = "*.table";

    public const int CrashRounds = 30;

    public static TheoryData<string> Vital => ["MANIFEST", TablePattern];

    public static IObservationStore Open(string path, TimeSpan? intervalGap = null) => EmbeddedObservationStore.Open(path, new() { IntervalGap = intervalGap });

    /// <summary>With little memory, so that much is written out and merged; in some processes with so little that batches go into files past the log.</summary>
    public static IObservationStore OpenSmall(string path) =>
        EmbeddedObservationStore.Open(path, new() { MemoryBytes = EmbeddedStoreOptions.MinMemoryBytes, WriteBufferBytes = Environment.ProcessId % 2 == 0 ? 64 << 10 : 256 << 10 });

    public static IObservationStore OpenReadOnly(string path) => EmbeddedObservationStore.OpenReadOnly(path);

    public static async Task RestoreAsync(string backup, string path, IReadOnlyList<Deletion> deletions) =>
        await EmbeddedObservationStore.RestoreAsync(backup, path, deletions);

    /// <summary>What a refusal says of who has the store.</summary>
    public static string OwnerOfLock => $"by process {Environment.ProcessId} on {Environment.MachineName}";
}
