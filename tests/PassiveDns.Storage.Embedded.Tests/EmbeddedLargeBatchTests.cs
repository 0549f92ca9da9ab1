using PassiveDns.Storage.Tests;

namespace PassiveDns.Storage.Embedded.Tests;

/// <summary>Batches that memory should not hold: they go into files, and are there whole or not at all.</summary>
public sealed class EmbeddedLargeBatchTests : IDisposable
{
    private const int Rows = 6_000;

    private static readonly DateTimeOffset s_now = DateTimeOffset.FromUnixTimeSeconds(100_000_000);

    private readonly StoreDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    private static EmbeddedObservationStore Open(string path) =>
        EmbeddedObservationStore.Open(path, new() { MemoryBytes = EmbeddedStoreOptions.MinMemoryBytes, WriteBufferBytes = 256 << 10 });

    private static ObservationBatch Large(ulong sequence, int rows = Rows) => new(new(new("memory"), 1, sequence), MemoryWriter.Batch(0, rows).Rows);

    private static async Task<List<Observation>> ReadAsync(IObservationReader store) =>
        (await Answer.ReadAsync(store, new QueryAnchor.Everything())).Rows;

    [Fact]
    public async Task It_is_in_files_when_it_is_acknowledged_and_counts_once_before_and_after_reopening()
    {
        string path = _directory.Next();
        await using (EmbeddedObservationStore store = Open(path))
        {
            await store.WriteAsync(new BatchBuilder("small").Add("example.com", "A", "192.0.2.1").Build(1));
            Assert.Equal(WriteResult.Applied, await store.WriteAsync(Large(1)));
            Assert.Equal(0, (await store.GetStatisticsAsync()).MemoryBytes);
            Assert.Equal(WriteResult.AlreadyApplied, await store.WriteAsync(Large(1)));
            await store.WriteAsync(new BatchBuilder("small").Add("example.com", "A", "192.0.2.1").Build(2)); // whose log is read again below
            string copy = Copy(path);
            await using (EmbeddedObservationStore killed = Open(copy)) await CheckAsync(killed);
            await CheckAsync(store);
        }

        await using EmbeddedObservationStore again = Open(path);
        await CheckAsync(again);
        Assert.True((await again.VerifyAsync()).IsSound);

        static async Task CheckAsync(EmbeddedObservationStore store)
        {
            Assert.Equal(WriteResult.AlreadyApplied, await store.WriteAsync(Large(1)));
            List<Observation> rows = await ReadAsync(store);
            Assert.Equal(Rows + 1, rows.Count);
            Assert.Equal(2, Assert.Single(rows, row => row.RrName.ToString() == "example.com.").History.Count);
            Assert.All(rows.Where(row => row.RrName.ToString() != "example.com."), row => Assert.Equal(1, row.History.Count));
            StoreStatus status = await store.GetStatusAsync();
            Assert.Equal((1L, 2L), (status.BatchesBySensor[new("memory")], status.BatchesBySensor[new("small")]));
            Assert.Equal(rows.Min(row => row.History.FirstSeen), status.FirstSeen);
            Assert.Equal(rows.Max(row => row.History.LastSeen), status.LastSeen);
        }
    }

    /// <summary>The files of a store as a process leaves them that is killed now.</summary>
    private string Copy(string path)
    {
        string copy = _directory.Next();
        Directory.CreateDirectory(copy);
        foreach (string file in Directory.GetFiles(path).Where(file => Path.GetFileName(file) != "LOCK")) File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        return copy;
    }

    [Fact]
    public async Task Nothing_of_it_is_seen_or_kept_if_a_row_is_malformed_or_the_writer_gives_up()
    {
        string path = _directory.Next();
        await using EmbeddedObservationStore store = Open(path);
        ObservationBatch malformed = Large(1);
        malformed.Rows.Add(new() { RrName = "\x0"u8, Type = RecordType.A, BailiwickLabels = 9, Provenance = Provenance.VerifiedTraffic, Rdata = new([0, 0]), History = [1] });
        ArgumentException refusal = await Assert.ThrowsAsync<ArgumentException>(async () => await store.WriteAsync(malformed));
        Assert.Contains($"Row {Rows + 1} ", refusal.Message, StringComparison.Ordinal);
        using CancellationTokenSource stopped = new();
        Task<WriteResult> given = Task.Run(async () => await store.WriteAsync(Large(1, 40 * Rows), stopped.Token));
        while (!given.IsCompleted && Directory.GetFiles(path, "*.table").Length < 3) await Task.Yield();
        await stopped.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await given);
        Assert.Empty(await ReadAsync(store));
        Assert.Empty(Directory.GetFiles(path, "*.table"));
        Assert.Equal(WriteResult.Applied, await store.WriteAsync(Large(1)));
        Assert.Equal(Rows, (await ReadAsync(store)).Count);
    }

    [Fact]
    public async Task A_full_disk_fails_it_whole_and_it_can_be_tried_again()
    {
        using SmallDisk disk = SmallDisk.Mount(4);
        string path = Path.Combine(disk.Path, "store");
        await using EmbeddedObservationStore store = Open(path);
        await store.WriteAsync(new BatchBuilder("small").Add("example.com", "A", "192.0.2.1").Build(1));
        ObservationStoreException full = await Assert.ThrowsAsync<ObservationStoreException>(async () => await store.WriteAsync(Large(1, 20 * Rows)));
        Assert.True(full.IsTransient);
        Assert.Single(await ReadAsync(store));
        await store.WriteAsync(new BatchBuilder("small").Add("example.com", "A", "192.0.2.1").Build(2));
        disk.Remount("size=64m");
        Assert.Equal(WriteResult.Applied, await store.WriteAsync(Large(1, 20 * Rows)));
        Assert.Equal(20 * Rows + 1, (await ReadAsync(store)).Count);
    }

    /// <summary>Each file must have the bodies of the long sets that its rows need, also where a part before it has them: a merge looks no further.</summary>
    [Fact]
    public async Task Long_sets_of_several_parts_and_deletions_that_come_before_and_behind_it()
    {
        string path = _directory.Next();
        await using EmbeddedObservationStore store = Open(path);
        string text = $"\"{new string('q', 200)}\"";
        BatchBuilder builder = new();
        for (int i = 0; i < 4_000; i++) builder.Add($"{(i < 2_000 ? "gone" : "left")}{i}.{(i % 2 == 0 ? "even" : "odd")}.example", "TXT", text);
        ObservationRows batch = builder.Build(1).Rows;
        await store.DeleteAsync(new() { Subtree = DomainName.Parse("odd.example") }, s_now);
        Assert.Equal(WriteResult.Applied, await store.WriteAsync(new(new(new("s1"), 1, 1), batch)));
        Assert.Equal(2_000, (await store.GetStatusAsync()).RefusedRows);
        Assert.Equal(2_000, (await ReadAsync(store)).Count);
        for (int i = 0; i < 2_000; i += 2) await store.WriteAsync(new BatchBuilder().Add($"x{i}.example.net", "A", "192.0.2.1").Build((ulong)i + 2));
        await store.DeleteAsync(new() { Subtree = DomainName.Parse("gone0.even.example") }, s_now);
        await store.CompactAsync();
        await store.WriteAsync(new(new(new("s1"), 2, 1), batch));
        await store.DeleteAsync(new() { Subtree = DomainName.Parse("gone2.even.example") }, s_now);
        await store.CompactAsync();
        List<Observation> rows = [.. (await ReadAsync(store)).Where(row => row.RrName.ToString().EndsWith("even.example.", StringComparison.Ordinal))];
        Assert.Equal(1_998, rows.Count);
        Assert.All(rows, row => Assert.Equal(text, row.Rdata.Single().ToString()));
        Assert.All(rows, row => Assert.Equal(2, row.History.Count));
    }

    [Fact]
    public async Task Writers_of_large_and_of_small_batches_do_not_disturb_each_other()
    {
        string path = _directory.Next();
        await using (EmbeddedObservationStore store = Open(path))
        {
            WriteResult[] results = await Task.WhenAll(Enumerable.Range(0, 120).Select(i => Task.Run(async () => await store.WriteAsync(
                i % 10 == 0 ? Large(1 + (ulong)i / 20) : new BatchBuilder("small").Add("example.com", "A", "192.0.2.1").Build((ulong)i)))));
            Assert.Equal(108 + 6, results.Count(result => result == WriteResult.Applied));
        }

        await using EmbeddedObservationStore again = Open(path);
        List<Observation> rows = await ReadAsync(again);
        Assert.Equal(Rows + 1, rows.Count);
        Assert.Equal(108, Assert.Single(rows, row => row.RrName.ToString() == "example.com.").History.Count);
        Assert.All(rows.Where(row => row.RrName.ToString() != "example.com."), row => Assert.Equal(6, row.History.Count));
    }
}
