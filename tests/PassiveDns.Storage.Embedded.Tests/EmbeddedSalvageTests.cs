using PassiveDns.Storage.Embedded.Tables;
using PassiveDns.Storage.Merging;
using PassiveDns.Storage.Tests;

namespace PassiveDns.Storage.Embedded.Tests;

/// <summary>What damage leaves can be read, and what it took is named.</summary>
public sealed class EmbeddedSalvageTests : IDisposable
{
    private const int Names = 3_000;

    private readonly StoreDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    private async Task<string> FilledAsync()
    {
        string path = _directory.Next();
        await using EmbeddedObservationStore store = EmbeddedObservationStore.Open(path);
        BatchBuilder rows = new();
        for (int i = 0; i < Names; i++) rows.Add($"h{i * 7919L % 1_000_003}.example.com", "A", $"192.0.{i % 7}.{i % 250}", i % 300 * 86_400);
        rows.Add("example.com", "TXT", $"\"{new string('x', 200)}\"").Add("example.com", "DS", "1 13 99 00");
        await store.WriteAsync(rows.Build(1));
        return path;
    }

    private static async Task<List<Observation>> ReadAsync(IObservationReader store) =>
        (await Answer.ReadAsync(store, new ObservationQuery(new QueryAnchor.Everything()) { Types = TypeSelection.All })).Rows;

    private static void Flip(string file, Func<byte[], IEnumerable<int>> places)
    {
        byte[] octets = File.ReadAllBytes(file);
        foreach (int place in places(octets).ToArray()) octets[place] ^= 1;
        File.WriteAllBytes(file, octets);
    }

    private static int[] Blocks(byte[] octets)
    {
        List<int> marks = [];
        for (int at = 0, found; (found = octets.AsSpan(at).IndexOf(TableFile.BlockMark)) >= 0; at += found + 4) marks.Add(at + found);
        return [.. marks];
    }

    [Theory]
    [InlineData(1)] // the footer
    [InlineData(45)] // the facts
    [InlineData(200)] // the filter
    [InlineData(6_500)] // the index or the changes
    public async Task A_table_without_its_index_is_read_block_by_block_and_copied(int fromEnd)
    {
        string path = await FilledAsync();
        List<Observation> expected;
        await using (EmbeddedObservationStore whole = EmbeddedObservationStore.OpenReadOnly(path)) expected = await ReadAsync(whole);
        string file = Assert.Single(Directory.GetFiles(path, "*.table"));
        Flip(file, octets => [octets.Length - Math.Min(fromEnd, octets.Length - Blocks(octets)[^1])]);
        List<string> told = [];
        await using EmbeddedObservationStore store = EmbeddedObservationStore.OpenReadOnly(path, new() { Salvage = true, DamageFound = told.Add });
        Assert.Equal(expected, await ReadAsync(store));
        Assert.Equal(expected.Count, (await store.GetStatusAsync()).Rows);
        QueryAnchor name = new QueryAnchor.OwnerName(DomainName.Parse("example.com"));
        Assert.Single((await Answer.ReadAsync(store, name)).Rows);
        Assert.Equal(10, (await Answer.ReadAsync(store, new QueryAnchor.Changed(5 * 86_400, 5 * 86_400))).Rows.Count);
        await using EmbeddedObservationStore copy = EmbeddedObservationStore.Open(_directory.Next());
        StoreMerge merge = await StoreMerge.OpenAsync(store, copy, new("saved"));
        await foreach (ObservationBatch batch in merge.ReadAsync()) await copy.WriteAsync(batch);
        Assert.Equal(expected, await ReadAsync(copy));
        Assert.Equal(store.Damages, told);
    }

    [Fact]
    public async Task Lost_blocks_are_passed_over_and_named_with_and_without_the_index()
    {
        string path = await FilledAsync();
        string file = Assert.Single(Directory.GetFiles(path, "*.table"));
        List<Observation> expected;
        await using (EmbeddedObservationStore whole = EmbeddedObservationStore.OpenReadOnly(path)) expected = await ReadAsync(whole);
        Flip(file, octets => [Blocks(octets)[1] + 100]);
        List<Observation> left = await SaveAsync();
        Assert.InRange(left.Count, Names / 2, expected.Count - 1);
        Assert.Empty(left.Except(expected));
        Flip(file, octets => [octets.Length - 1]);
        Assert.Equal(left, await SaveAsync());

        async Task<List<Observation>> SaveAsync()
        {
            await using EmbeddedObservationStore store = EmbeddedObservationStore.OpenReadOnly(path, new() { Salvage = true });
            List<Observation> rows = await ReadAsync(store);
            Assert.Contains(store.Damages, line => line.StartsWith($"{file} is damaged at offset ", StringComparison.Ordinal));
            return rows;
        }
    }

    [Fact]
    public async Task A_file_that_was_cut_off_gives_what_stands_before()
    {
        string path = await FilledAsync();
        string file = Assert.Single(Directory.GetFiles(path, "*.table"));
        List<Observation> expected;
        await using (EmbeddedObservationStore whole = EmbeddedObservationStore.OpenReadOnly(path)) expected = await ReadAsync(whole);
        byte[] octets = await File.ReadAllBytesAsync(file);
        int sets = Blocks(octets)[^1]; // the last block has the body of the long set
        await File.WriteAllBytesAsync(file, octets[..(sets + 20)]);
        await using (EmbeddedObservationStore store = EmbeddedObservationStore.OpenReadOnly(path, new() { Salvage = true }))
        {
            List<Observation> left = await ReadAsync(store);
            Assert.Equal(expected.Where(row => row.Type == RecordType.A), left.Where(row => row.Type == RecordType.A));
        }

        File.Delete(file);
        await using EmbeddedObservationStore nothing = EmbeddedObservationStore.OpenReadOnly(path, new() { Salvage = true });
        Assert.Empty(await ReadAsync(nothing));
        Assert.Contains("the file is missing", Assert.Single(nothing.Damages), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Salvage_only_reads()
    {
        string path = await FilledAsync();
        Assert.Throws<ArgumentException>(() => EmbeddedObservationStore.Open(path, new() { Salvage = true }));
    }

    [Fact]
    public async Task Damage_that_a_merge_in_the_background_meets_is_told_once_and_the_store_goes_on()
    {
        string path = _directory.Next();
        for (ulong table = 1; table < TablesPerTier; table++)
        {
            await using EmbeddedObservationStore filling = EmbeddedObservationStore.Open(path);
            await filling.WriteAsync(Rows(table).Build(table));
        }

        string damaged = Directory.GetFiles(path, "*.table").Order().First();
        Flip(damaged, octets => [Blocks(octets)[0] + 50]);
        TaskCompletionSource<string> told = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int times = 0;
        await using EmbeddedObservationStore store = EmbeddedObservationStore.Open(path, new()
        {
            MemoryBytes = EmbeddedStoreOptions.MinMemoryBytes,
            WriteBufferBytes = 16 << 10,
            DamageFound = line =>
            {
                Interlocked.Increment(ref times);
                told.TrySetResult(line);
            },
        });
        for (ulong table = TablesPerTier; table < 6 * TablesPerTier; table++) await store.WriteAsync(Rows(table).Build(table));
        Assert.StartsWith($"{damaged} is damaged at offset ", await told.Task.WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        for (ulong table = 6 * TablesPerTier; table < 9 * TablesPerTier; table++) Assert.Equal(WriteResult.Applied, await store.WriteAsync(Rows(table).Build(table)));
        Assert.Equal([await told.Task], store.Damages);
        Assert.Equal(1, times);
        Assert.True(File.Exists(damaged));
    }

    private const int TablesPerTier = Views.TableSet.TablesPerTier;

    private static BatchBuilder Rows(ulong table)
    {
        BatchBuilder rows = new();
        for (int i = 0; i < 400; i++) rows.Add($"h{i}.example.com", "A", $"10.{table}.{i / 250}.{i % 250}");
        return rows;
    }
}
