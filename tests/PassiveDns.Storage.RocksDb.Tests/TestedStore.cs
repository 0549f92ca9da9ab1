using PassiveDns.Storage.RocksDb;

namespace PassiveDns.Storage.Tests;

/// <summary>How the tests that all durable stores share open this one, and what its files are called.</summary>
internal static class TestedStore
{
    public const string Kind = RocksDbObservationStore.MarkerKind;

    public const string TablePattern = "*.sst";

    public const int CrashRounds = 5;

    public static TheoryData<string> Vital => ["CURRENT", "MANIFEST-*"];

    public static IObservationStore Open(string path, TimeSpan? intervalGap = null) => RocksDbObservationStore.Open(path, new() { IntervalGap = intervalGap });

    /// <summary>With little memory, so that much is written out and merged.</summary>
    public static IObservationStore OpenSmall(string path) =>
        RocksDbObservationStore.Open(path, new() { WriteBufferBytes = 1 << 20, BlockCacheBytes = 1 << 20, MaxOpenFiles = 32 });

    public static IObservationStore OpenReadOnly(string path) => RocksDbObservationStore.OpenReadOnly(path);

    public static async Task RestoreAsync(string backup, string path, IReadOnlyList<Deletion> deletions) =>
        await RocksDbObservationStore.RestoreAsync(backup, path, deletions);

    /// <summary>What a refusal says of who has the store.</summary>
    public static string OwnerOfLock => "by another process";
}
