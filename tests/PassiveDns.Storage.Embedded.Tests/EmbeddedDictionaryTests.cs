using System.Buffers.Binary;
using PassiveDns.Storage.Embedded.Tables;
using PassiveDns.Storage.Tests;

namespace PassiveDns.Storage.Embedded.Tests;

/// <summary>The dictionaries of tables: damage to one of the two places costs nothing, damage to both is told, and they hold nothing that was deleted.</summary>
public sealed class EmbeddedDictionaryTests : IDisposable
{
    private const int Rows = 40_000;

    private readonly StoreDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    /// <summary>Half of the rows name somebody, and are old.</summary>
    private async Task<string> FilledAsync()
    {
        string path = _directory.Next();
        for (ulong sequence = 1; sequence <= 2; sequence++)
        {
            await using EmbeddedObservationStore store = EmbeddedObservationStore.Open(path);
            BatchBuilder rows = new();
            for (int i = 0; i < Rows; i += 2)
            {
                rows.Add($"h{i * 7919L % 1_000_003}.example.com", "CNAME", "www.secretperson.com.", 10);
                rows.Add($"h{(i + 1) * 7919L % 1_000_003}.example.com", "A", $"192.0.{i % 7}.{i % 250}", 100 * 86_400);
            }

            await store.WriteAsync(rows.Build(sequence)); // in a file of its own when the store is closed
        }

        return path;
    }

    private async Task<string> MergedAsync()
    {
        string path = await FilledAsync();
        await using EmbeddedObservationStore store = EmbeddedObservationStore.Open(path);
        await store.CompactAsync();
        return path;
    }

    private static async Task<int> CountAsync(EmbeddedObservationStore store) =>
        (await Answer.ReadAsync(store, new QueryAnchor.Everything())).Rows.Count + (await Answer.ReadAsync(store, QueryAnchor.Network(System.Net.IPNetwork.Parse("192.0.0.0/16")))).Rows.Count;

    private static int[] Places(byte[] table)
    {
        int first = table.AsSpan().IndexOf(TableFile.DictionaryMark), second = table.AsSpan().LastIndexOf(TableFile.DictionaryMark);
        Assert.Equal(TableFile.Magic.Length, first);
        Assert.True(second > first);
        return [first, second];
    }

    private static int LengthOf(byte[] table, int place) => TableFile.MarkLength + BinaryPrimitives.ReadInt32LittleEndian(table.AsSpan(place + 4));

    /// <summary>The dictionaries of a table as they were trained.</summary>
    private static byte[] Unpack(string file)
    {
        byte[] octets = File.ReadAllBytes(file);
        int place = Places(octets)[0];
        byte[] frame = octets[(place + TableFile.MarkLength)..(place + LengthOf(octets, place))], part = new byte[FrameCodec.Measure(frame, 1 << 20)];
        Assert.True(new FrameCodec().TryUnpack(frame, part));
        return part;
    }

    [Fact]
    public async Task Damage_to_one_of_the_two_is_named_and_costs_nothing()
    {
        string path = await MergedAsync();
        string file = Assert.Single(Directory.GetFiles(path, "*.table"));
        byte[] octets = await File.ReadAllBytesAsync(file);
        VerificationReport sound = await EmbeddedObservationStore.VerifyAsync(path);
        Assert.True(sound.IsSound);
        foreach (int place in Places(octets))
        {
            for (int at = place; at < place + LengthOf(octets, place); at += at < place + 10 ? 1 : 997)
            {
                octets[at] ^= 0x10;
                await File.WriteAllBytesAsync(file, octets);
                VerifiedFile damaged = Assert.Single((await EmbeddedObservationStore.VerifyAsync(path)).Files, one => one.Damages.Count > 0);
                Assert.Equal([$"at offset {place}: the dictionaries cannot be read; the others can, so no block is lost"], damaged.Damages);
                Assert.Equal(sound.Files.Single(one => one.Name == damaged.Name).Checksums - 1, damaged.Checksums);
                octets[at] ^= 0x10;
            }

            octets[place + 100] ^= 0x10;
            octets[^1] ^= 0x10; // and the footer
            await File.WriteAllBytesAsync(file, octets);
            await using EmbeddedObservationStore store = EmbeddedObservationStore.OpenReadOnly(path, new() { Salvage = true });
            Assert.Equal(Rows + Rows / 2, await CountAsync(store));
            octets[place + 100] ^= 0x10;
            octets[^1] ^= 0x10;
        }
    }

    [Fact]
    public async Task Damage_to_both_is_told_and_what_was_packed_without_them_is_saved()
    {
        string path = await MergedAsync();
        await using (EmbeddedObservationStore store = EmbeddedObservationStore.Open(path)) await store.WriteAsync(new BatchBuilder().Add("plain.example", "A", "198.51.100.1").Build(3));
        string file = Directory.GetFiles(path, "*.table").MaxBy(table => new FileInfo(table).Length)!;
        byte[] octets = await File.ReadAllBytesAsync(file);
        int[] places = Places(octets);
        foreach (int place in places) octets[place + 100] ^= 1;
        await File.WriteAllBytesAsync(file, octets);
        string told = $"{file} is damaged at offset {places[1]}: the dictionaries cannot be read, neither these nor those behind the magic number, and the blocks that were packed with them are lost.";
        Assert.StartsWith(told, Assert.Throws<ObservationStoreException>(() => EmbeddedObservationStore.OpenReadOnly(path)).Message, StringComparison.Ordinal);
        Assert.Contains(told[(file.Length + " is damaged ".Length)..].TrimEnd('.'), Assert.Single((await EmbeddedObservationStore.VerifyAsync(path)).Files, one => one.Damages.Count > 0).Damages);
        await SaveAsync(told);
        octets[^1] ^= 1;
        await File.WriteAllBytesAsync(file, octets);
        await SaveAsync($"{file}: neither of its dictionaries can be read, and the blocks that were packed with them are lost.");

        async Task SaveAsync(string line)
        {
            await using EmbeddedObservationStore store = EmbeddedObservationStore.OpenReadOnly(path, new() { Salvage = true });
            Assert.Equal("plain.example.", Assert.Single((await Answer.ReadAsync(store, new QueryAnchor.OwnerName(DomainName.Parse("plain.example")))).Rows).RrName.ToString());
            Assert.InRange(await CountAsync(store), 1, Rows / 10);
            Assert.Contains(store.Damages, one => one.StartsWith(line, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task They_hold_nothing_that_was_deleted_or_not_retained()
    {
        string path = await FilledAsync();
        DomainName secret = DomainName.Parse("secretperson.com");
        await using (EmbeddedObservationStore store = EmbeddedObservationStore.Open(path))
        {
            await store.CompactAsync();
            Assert.True(Unpack(Assert.Single(Directory.GetFiles(path, "*.table"))).AsSpan().IndexOf("secretperson"u8) >= 0); // what they hold otherwise
            Assert.Equal(Rows / 2, (await store.DeleteAsync(new() { Subtree = secret, IncludeTargets = true }, DateTimeOffset.UnixEpoch.AddDays(110))).Removed);
            await store.CompactAsync();
        }

        Assert.True(Unpack(Assert.Single(Directory.GetFiles(path, "*.table"))).AsSpan().IndexOf("secretperson"u8) < 0);
        string other = await FilledAsync();
        await using (EmbeddedObservationStore store = EmbeddedObservationStore.Open(other))
        {
            await store.RetainAsync(RetentionPolicy.OfAge(TimeSpan.FromDays(30)), DateTimeOffset.UnixEpoch.AddDays(110));
        }

        Assert.True(Unpack(Assert.Single(Directory.GetFiles(other, "*.table"))).AsSpan().IndexOf("secretperson"u8) < 0);
    }

    [Fact]
    public async Task Tables_from_memory_and_small_ones_have_none()
    {
        string path = await FilledAsync();
        foreach (string file in Directory.GetFiles(path, "*.table")) Assert.True((await File.ReadAllBytesAsync(file)).AsSpan().IndexOf(TableFile.DictionaryMark) < 0);
        string small = _directory.Next();
        await using (EmbeddedObservationStore store = EmbeddedObservationStore.Open(small))
        {
            await store.WriteAsync(new BatchBuilder().Add("a.example", "A", "192.0.2.1").Build(1));
            await store.CompactAsync();
        }

        Assert.True((await File.ReadAllBytesAsync(Assert.Single(Directory.GetFiles(small, "*.table")))).AsSpan().IndexOf(TableFile.DictionaryMark) < 0);
    }
}
