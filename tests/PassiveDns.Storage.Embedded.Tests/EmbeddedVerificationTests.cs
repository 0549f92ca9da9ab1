using System.Buffers.Binary;
using System.Text;
using PassiveDns.Storage.Embedded;
using PassiveDns.Storage.Embedded.Files;
using PassiveDns.Storage.Embedded.Tables;

namespace PassiveDns.Storage.Tests;

/// <summary>Every flipped octet of every file is found and named, and what it does not touch is read.</summary>
public sealed class EmbeddedVerificationTests : IDisposable
{
    private readonly StoreDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    private async Task<string> FilledAsync()
    {
        string path = _directory.Next();
        await using (EmbeddedObservationStore store = EmbeddedObservationStore.Open(path))
        {
            for (ulong sequence = 1; sequence <= 2; sequence++)
            {
                BatchBuilder rows = new();
                for (int i = 0; i < 3_000; i++) rows.Add($"h{i * 7919L % 1_000_003}.example.com", "A", "192.0.2.1", (long)sequence);
                await store.WriteAsync(rows.Build(sequence));
            }

            await store.DeleteAsync(new() { Sensor = new("bad") }, DateTimeOffset.UnixEpoch.AddDays(1));
        }

        // an open store that was copied leaves a log
        await using EmbeddedObservationStore open = EmbeddedObservationStore.Open(path);
        await open.WriteAsync(new BatchBuilder().Add("logged.example", "A", "192.0.2.1").Build(3));
        string copy = _directory.Next();
        Directory.CreateDirectory(copy);
        foreach (string file in Directory.GetFiles(path).Where(file => Path.GetFileName(file) != "LOCK")) File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        Assert.True((await open.VerifyAsync()).IsSound); // beside its writer
        return copy;
    }

    [Fact]
    public async Task Each_file_that_is_touched_is_named_and_nothing_else()
    {
        string path = await FilledAsync();
        VerificationReport sound = await EmbeddedObservationStore.VerifyAsync(path);
        Assert.True(sound.IsSound);
        Assert.Contains(sound.Files, file => file.Name.EndsWith(".log", StringComparison.Ordinal) && file.Checksums == 2);
        Assert.Contains(sound.Files, file => file.Name.EndsWith(".table", StringComparison.Ordinal) && file.Checksums > 8);
        foreach (string file in Directory.GetFiles(path))
        {
            byte[] octets = await File.ReadAllBytesAsync(file);
            string name = Path.GetFileName(file);
            int step = Math.Max(octets.Length / 40, 1);
            int end = name.EndsWith(".log", StringComparison.Ordinal) ? 24 : octets.Length; // behind its header a flip in the last record is a torn tail
            for (int at = 0; at < end; at += step)
            {
                octets[at] ^= 0x10;
                await File.WriteAllBytesAsync(file, octets);
                VerificationReport found = await EmbeddedObservationStore.VerifyAsync(path);
                VerifiedFile damaged = Assert.Single(found.Files, one => one.Damages.Count > 0);
                Assert.Equal(name, damaged.Name);
                octets[at] ^= 0x10;
            }

            File.Delete(file);
            if (name is "MANIFEST" or "PASSIVEDNS" || name.EndsWith(".table", StringComparison.Ordinal)) Assert.False((await EmbeddedObservationStore.VerifyAsync(path)).IsSound);
            await File.WriteAllBytesAsync(file, octets);
        }

        Assert.True((await EmbeddedObservationStore.VerifyAsync(path)).IsSound);
    }

    [Fact]
    public async Task Several_damaged_blocks_are_all_named_and_the_rest_is_read()
    {
        string path = await FilledAsync();
        string file = Directory.GetFiles(path, "*.table").MaxBy(table => new FileInfo(table).Length)!;
        byte[] octets = await File.ReadAllBytesAsync(file);
        octets[octets.Length / 3] ^= 1;
        octets[octets.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(file, octets);
        VerifiedFile damaged = Assert.Single((await EmbeddedObservationStore.VerifyAsync(path)).Files, one => one.Damages.Count > 0);
        Assert.Equal(2, damaged.Damages.Count);
        Assert.All(damaged.Damages, line => Assert.Matches(@"^at offset \d+: the checksum of a block does not fit \(block \d+ of \d+, keyspace \w+, \d+ octets\)$", line));
        await using EmbeddedObservationStore store = EmbeddedObservationStore.OpenReadOnly(path);
        int found = 0;
        for (int i = 0; i < 50; i++)
        {
            try
            {
                await foreach (Observation _ in store.FindAsync(new(new QueryAnchor.OwnerName(DomainName.Parse($"h{i * 7919L % 1_000_003}.example.com"))))) found++;
            }
            catch (ObservationStoreException damage)
            {
                Assert.Contains("is damaged at offset", damage.Message, StringComparison.Ordinal);
            }
        }

        Assert.InRange(found, 1, 50);
    }

    [Theory]
    [InlineData("PDTI", @"^at offset \d+: the checksum of a part does not fit \(page 1 of 1 of the index, \d+ octets\)$")]
    [InlineData("PDTF", @"^at offset \d+: the checksum of a part does not fit \(page \d of \d of the filter, \d+ octets\)$")]
    public async Task A_damaged_page_of_index_or_filter_is_named(string mark, string line)
    {
        string path = await FilledAsync();
        string file = Directory.GetFiles(path, "*.table").MaxBy(table => new FileInfo(table).Length)!;
        byte[] octets = await File.ReadAllBytesAsync(file);
        octets[octets.AsSpan().LastIndexOf(Encoding.ASCII.GetBytes(mark)) + 20] ^= 1;
        await File.WriteAllBytesAsync(file, octets);
        VerifiedFile damaged = Assert.Single((await EmbeddedObservationStore.VerifyAsync(path)).Files, one => one.Damages.Count > 0);
        Assert.Matches(line, Assert.Single(damaged.Damages));
        Assert.InRange(damaged.Checksums, 8, long.MaxValue); // its blocks are looked at all the same
    }

    [Theory]
    [InlineData(1, "its index does not fit its rows")] // an hour
    [InlineData(4, "its index does not fit its rows at entry 1")] // the key
    public async Task An_index_that_says_something_else_than_the_rows_is_found(int fromEnd, string line)
    {
        string path = _directory.Next();
        await using (EmbeddedObservationStore store = EmbeddedObservationStore.Open(path)) await store.WriteAsync(new BatchBuilder().Add("a.example", "A", "192.0.2.1", 7_200, 14_400).Build(1));
        string file = Assert.Single(Directory.GetFiles(path, "*.table"));
        byte[] octets = await File.ReadAllBytesAsync(file);
        int mark = octets.AsSpan().IndexOf(TableFile.IndexMark);
        Span<byte> frame = octets.AsSpan(mark + TableFile.MarkLength, BinaryPrimitives.ReadInt32LittleEndian(octets.AsSpan(mark + 4)));
        frame[^(FrameCodec.TailLength + fromEnd)] ^= 2;
        Crc32C.Seal(frame);
        await File.WriteAllBytesAsync(file, octets);
        VerifiedFile damaged = Assert.Single((await EmbeddedObservationStore.VerifyAsync(path)).Files, one => one.Damages.Count > 0);
        Assert.Equal(line, Assert.Single(damaged.Damages));
    }

    [Fact]
    public async Task A_damaged_backup_is_not_restored_and_a_filled_directory_is_left_alone()
    {
        string path = await FilledAsync(), backup = _directory.Next();
        await using (EmbeddedObservationStore store = EmbeddedObservationStore.OpenReadOnly(path)) await store.BackupAsync(backup); // beside a writer, as it were
        await using (EmbeddedObservationStore store = EmbeddedObservationStore.OpenReadOnly(backup)) Assert.Equal(3UL, (await store.GetLastBatchAsync(new("s1")))!.Value.Sequence);
        Assert.Empty(Directory.GetFiles(backup, "*.log"));
        Assert.Contains("is not empty", (await Assert.ThrowsAsync<ObservationStoreException>(async () => await EmbeddedObservationStore.RestoreAsync(backup, path))).Message, StringComparison.Ordinal);
        string table = Directory.GetFiles(backup, "*.table").First();
        byte[] octets = await File.ReadAllBytesAsync(table);
        octets[^50] ^= 1;
        await File.WriteAllBytesAsync(table, octets);
        string target = _directory.Next();
        Assert.Contains("nothing was restored", (await Assert.ThrowsAsync<ObservationStoreException>(async () => await EmbeddedObservationStore.RestoreAsync(backup, target))).Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(target));
    }
}
