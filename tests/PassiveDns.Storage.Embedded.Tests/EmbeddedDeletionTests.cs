using System.Text;
using PassiveDns.Storage.Embedded;

namespace PassiveDns.Storage.Tests;

/// <summary>What deletions leave in the files: nothing, once these are merged.</summary>
public sealed class EmbeddedDeletionTests : IDisposable
{
    private static readonly DateTimeOffset s_now = DateTimeOffset.FromUnixTimeSeconds(100_000_000);
    private static readonly string s_text = "deadbeef" + new string('q', 200);

    private readonly StoreDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    private static BatchBuilder Rows(int round) => new BatchBuilder()
        .Add("secretperson.example", "A", "192.0.2.1", round).Add("www.secretperson.example", "TXT", $"\"{s_text}\"", round)
        .Add("other.example", "CNAME", "www.secretperson.example.", round).Add("other.example", "TXT", $"\"{new string('z', 200)}\"", round)
        .Add($"n{round}.example.net", "A", "192.0.2.7", round);

    private static EmbeddedObservationStore Open(string path) => EmbeddedObservationStore.Open(path, new() { MemoryBytes = EmbeddedStoreOptions.MinMemoryBytes });

    private static string[] FilesWith(string path, string octets)
    {
        byte[] wanted = Encoding.ASCII.GetBytes(octets);
        return [.. Directory.GetFiles(path).Where(file => Path.GetFileName(file) != "LOCK" && File.ReadAllBytes(file).AsSpan().IndexOf(wanted) >= 0).Select(file => Path.GetFileName(file)!)];
    }

    private static async Task<string[]> OwnersAsync(IObservationReader store)
    {
        List<string> owners = [];
        ObservationQuery query = new(new QueryAnchor.Everything()) { Types = TypeSelection.All, Provenance = ProvenanceSelection.All };
        await foreach (Observation row in store.FindAsync(query, TestContext.Current.CancellationToken)) owners.Add(row.RrName.ToString());
        return [.. owners.Distinct()];
    }

    [Fact]
    public async Task After_a_compaction_no_file_has_the_octets_and_late_batches_do_not_even_reach_the_log()
    {
        string path = _directory.Next();
        await using EmbeddedObservationStore store = Open(path);
        for (int round = 1; round <= 3; round++) await store.WriteAsync(Rows(round).Build((ulong)round));
        Assert.NotEmpty(FilesWith(path, "secretperson")); // the log is not packed: the search does find
        Assert.NotEmpty(FilesWith(path, "deadbeef"));
        await store.DeleteAsync(new() { Subtree = DomainName.Parse("secretperson.example"), IncludeTargets = true }, s_now, new() { Note = "case 17" });
        await store.WriteAsync(Rows(4).Build(4));
        await store.CompactAsync();
        Assert.Empty(FilesWith(path, "secretperson"));
        Assert.Empty(FilesWith(path, "deadbeef"));
        Assert.Empty(FilesWith(path, "personsecret"));
        Assert.Equal(["other.example.", "n1.example.net.", "n2.example.net.", "n3.example.net.", "n4.example.net."], (await OwnersAsync(store)).OrderBy(name => name.Length));
        Assert.Equal(3, (await store.GetStatusAsync()).RefusedRows);
        await store.WriteAsync(Rows(5).Build(5));
        Assert.Empty(FilesWith(path, "secretperson")); // nor the log
        Assert.NotEmpty(FilesWith(path, "case 17"));
        StoreStatistics statistics = await store.GetStatisticsAsync();
        Assert.Equal((1, 0), (statistics.Deletions, statistics.FilesWithDeletedRows));
        Assert.True((await store.VerifyAsync()).IsSound);
    }

    [Fact]
    public async Task Unpacked_tables_have_none_of_it_either()
    {
        string path = _directory.Next();
        await using (EmbeddedObservationStore store = Open(path)) await store.WriteAsync(Rows(1).Build(1));
        await using (EmbeddedObservationStore store = Open(path))
        {
            await store.DeleteAsync(new() { Subtree = DomainName.Parse("secretperson.example"), IncludeTargets = true }, s_now);
            Assert.Equal(1, (await store.GetStatisticsAsync()).FilesWithDeletedRows);
            await store.CompactAsync();
        }

        // what is packed cannot be searched: every entry of every table is looked at instead
        foreach (string file in Directory.GetFiles(path, "*.table"))
        {
            Embedded.Tables.FileTable table = Embedded.Tables.TableFile.Open(file, new(), new(0));
            Embedded.Tables.TableCursor cursor = new(table, isScan: true);
            for (int entries = 0; cursor.MoveNext(); entries++)
            {
                Assert.True(cursor.Key.IndexOf("secretperson"u8) < 0 && cursor.Value.IndexOf("deadbeef"u8) < 0 && cursor.Key.IndexOf("deadbeef"u8) < 0);
            }

            table.Release();
        }
    }

    [Fact]
    public async Task A_deletion_can_empty_a_store_and_times_begin_anew()
    {
        string path = _directory.Next();
        await using (EmbeddedObservationStore store = Open(path))
        {
            await store.WriteAsync(Rows(1).Build(1));
            await store.DeleteAsync(new() { From = 0 }, s_now);
            await store.CompactAsync();
            StoreStatus status = await store.GetStatusAsync();
            Assert.Equal((0L, (long?)null, (long?)null), (status.Rows, status.FirstSeen, status.LastSeen));
        }

        Assert.Empty(Directory.GetFiles(path, "*.table"));
        await using EmbeddedObservationStore again = Open(path);
        await again.WriteAsync(new BatchBuilder().Add("later.example", "A", "192.0.2.1", 200_000_000).Build(2));
        Assert.Equal(200_000_000, (await again.GetStatusAsync()).FirstSeen);
        Assert.Equal(WriteResult.AlreadyApplied, await again.WriteAsync(Rows(1).Build(1)));
    }

    [Fact]
    public async Task A_store_of_the_first_manifest_format_is_read_and_written_anew()
    {
        string path = _directory.Next();
        await using (EmbeddedObservationStore store = Open(path)) await store.WriteAsync(Rows(1).Build(1));
        string manifest = Path.Combine(path, "MANIFEST");
        byte[] octets = await File.ReadAllBytesAsync(manifest);
        Assert.Equal(2, octets[8]);
        byte[] first = [.. octets[..(12 + 72 + 9)], .. octets[(12 + 72 + 13)..]]; // one table, and nothing of deletions behind it
        first[8] = 1;
        Embedded.Files.Crc32C.Seal(first);
        await File.WriteAllBytesAsync(manifest, first);
        await using EmbeddedObservationStore old = Open(path);
        Assert.Contains("secretperson.example.", await OwnersAsync(old));
        await old.DeleteAsync(new() { Subtree = DomainName.Parse("secretperson.example") }, s_now);
        Assert.DoesNotContain("secretperson.example.", await OwnersAsync(old));
        await old.CompactAsync();
        Assert.Equal(2, (await File.ReadAllBytesAsync(manifest))[8]);
    }

    [Fact]
    public async Task A_ledger_that_is_missing_or_damaged_is_told()
    {
        string path = _directory.Next();
        await using (EmbeddedObservationStore store = Open(path))
        {
            await store.DeleteAsync(new() { Sensor = new("bad") }, s_now);
            await store.WriteAsync(Rows(1).Build(1));
        }

        string ledger = Path.Combine(path, "DELETIONS");
        byte[] octets = await File.ReadAllBytesAsync(ledger);
        for (int i = 0; i < octets.Length; i++)
        {
            octets[i] ^= 0x20;
            await File.WriteAllBytesAsync(ledger, octets);
            Assert.Contains("DELETIONS", Assert.Throws<ObservationStoreException>(() => Open(path)).Message, StringComparison.Ordinal);
            octets[i] ^= 0x20;
        }

        File.Delete(ledger);
        Assert.Contains("deletions are missing", Assert.Throws<ObservationStoreException>(() => Open(path)).Message, StringComparison.Ordinal);
        Assert.False((await EmbeddedObservationStore.VerifyAsync(path)).IsSound);
    }

    [Fact]
    public async Task Compaction_tells_how_far_it_is_and_keeps_to_a_rate()
    {
        string path = _directory.Next();
        await using EmbeddedObservationStore store = Open(path);
        BatchBuilder rows = new();
        for (int i = 0; i < 20_000; i++) rows.Add($"h{i * 7919L % 1_000_003}.example.com", "A", "192.0.2.1");
        await store.WriteAsync(rows.Build(1));
        Seen seen = new();
        await store.CompactAsync(new() { Progress = seen, BytesPerSecond = 100L << 20 });
        Assert.NotEmpty(seen.Reports);
        Assert.All(seen.Reports, report => Assert.InRange(report.Done, 0, report.Total));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await store.CompactAsync(new() { BytesPerSecond = 0 }));

        // at one octet a second it would take for ever: what is waited for is the end of the wait
        await store.WriteAsync(Rows(1).Build(2));
        using CancellationTokenSource stop = new();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await store.CompactAsync(new() { BytesPerSecond = 1, Progress = new Seen(stop.Cancel) }, stop.Token));
        Assert.True((await store.VerifyAsync()).IsSound);
    }

    /// <summary>Each time that the merge says how far it is, another name is deleted. One that were done again each time would not end before the last one is.</summary>
    [Theory]
    [InlineData(null, 1)]
    [InlineData(1_500_000L, 2)]
    public async Task A_merge_that_deletions_overtake_ends_and_what_they_took_stays_away(long? to, int passes)
    {
        const int Names = 20_000;
        string path = _directory.Next();
        await using EmbeddedObservationStore store = Open(path);
        for (ulong batch = 1; batch <= 3; batch++)
        {
            BatchBuilder rows = new();
            for (int i = 0; i < Names; i++) rows.Add($"n{i}.example.com", "A", "192.0.2.1", 1_000_000 + (long)batch * 400_000); // four days and more apart
            await store.WriteAsync(rows.Build(batch));
        }

        int deleted = 0, begun = 0;
        long before = long.MaxValue;
        Seen overtaking = new(report =>
        {
            if (report.Done <= before) begun++;
            before = report.Done;
            if (begun > 1 && to is not null) return; // the second pass is left alone
            store.UniteDeletionsAsync([Deletion.Of(new() { Subtree = DomainName.Parse($"n{7 * deleted++}.example.com"), To = to }, s_now)]).AsTask().GetAwaiter().GetResult();
        });
        await store.CompactAsync(new() { Progress = overtaking });
        Assert.InRange(deleted, 3, Names / 7);
        Assert.Equal(passes, begun);
        await CheckAsync();
        await store.CompactAsync();
        Assert.Equal(0, (await store.GetStatisticsAsync()).FilesWithDeletedRows);
        await CheckAsync();

        async Task CheckAsync()
        {
            List<Observation> rows = (await Answer.ReadAsync(store, new QueryAnchor.Everything())).Rows;
            Assert.Equal(to is null ? Names - deleted : Names, rows.Count);
            Observation first = rows.FirstOrDefault(row => row.RrName.ToString() == "n7.example.com.")!;
            if (to is not null) Assert.Equal([1_800_000, 2_200_000], first.History.Intervals.Select(interval => interval.First));
            else Assert.Null(first);
        }
    }

    private sealed class Seen(Action<StoreProgress> act) : IProgress<StoreProgress>
    {
        public Seen(Action? act = null)
            : this(_ => act?.Invoke())
        {
        }

        public List<StoreProgress> Reports { get; } = [];

        public void Report(StoreProgress value)
        {
            Reports.Add(value);
            act(value);
        }
    }
}
