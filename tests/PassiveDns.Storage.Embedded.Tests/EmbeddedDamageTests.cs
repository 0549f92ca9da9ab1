using System.Buffers.Binary;
using PassiveDns.Storage.Embedded.Files;
using PassiveDns.Storage.Embedded.Tables;
using PassiveDns.Storage.Tests;

namespace PassiveDns.Storage.Embedded.Tests;

/// <summary>A damaged octet anywhere in a table or the manifest is an error that names the file and the offset: never other rows, never more memory.</summary>
public sealed class EmbeddedDamageTests : IDisposable
{
    private readonly StoreDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    private async Task<string> Filled()
    {
        string path = _directory.Next();
        await using EmbeddedObservationStore store = EmbeddedObservationStore.Open(path);
        BatchBuilder rows = new();
        for (int i = 0; i < 3_000; i++) rows.Add($"h{i * 7919L % 1_000_003}.example.com", "A", $"192.0.{i % 7}.{i % 250}", i % 300 * 86_400);
        await store.WriteAsync(rows.Build(1));
        return path;
    }

    private static async Task<int> ReadAllAsync(string path)
    {
        await using EmbeddedObservationStore store = EmbeddedObservationStore.OpenReadOnly(path);
        int rows = (await Answer.ReadAsync(store, new QueryAnchor.Everything())).Rows.Count;
        for (int day = 0; day < 300; day += 20) rows += (await Answer.ReadAsync(store, new QueryAnchor.Changed(day * 86_400, (day + 19) * 86_400))).Rows.Count;
        for (int i = 0; i < 3_000; i += 100) rows += (await Answer.ReadAsync(store, new QueryAnchor.NamePrefix(DomainName.Parse($"h{i * 7919L % 1_000_003}")))).Rows.Count;
        for (int i = 0; i < 3_000; i += 100) rows += (await Answer.ReadAsync(store, new QueryAnchor.OwnerName(DomainName.Parse($"h{i * 7919L % 1_000_003}.example.com")))).Rows.Count;
        return rows + (await Answer.ReadAsync(store, QueryAnchor.Network(System.Net.IPNetwork.Parse("192.0.0.0/16")))).Rows.Count;
    }

    [Theory]
    [InlineData("*.table", 97)]
    [InlineData("MANIFEST", 1)]
    public async Task A_flipped_bit_is_found_and_named(string pattern, int stride)
    {
        string path = await Filled();
        Assert.Equal(9_060, await ReadAllAsync(path));
        string file = Assert.Single(Directory.GetFiles(path, pattern));
        byte[] sound = await File.ReadAllBytesAsync(file);
        for (int at = 0; at < sound.Length; at += stride)
        {
            if (IsInMark(sound, at)) continue; // only for when the index is damaged; verification looks at them
            byte[] flipped = [.. sound];
            flipped[at] ^= 1;
            await File.WriteAllBytesAsync(file, flipped);
            ObservationStoreException failure = await Assert.ThrowsAsync<ObservationStoreException>(() => ReadAllAsync(path));
            Assert.StartsWith($"{file} is damaged at offset ", failure.Message, StringComparison.Ordinal);
            Assert.False(failure.IsTransient);
        }

        for (int length = 0; length < sound.Length; length += 1 + sound.Length / 50)
        {
            await File.WriteAllBytesAsync(file, sound[..length]);
            Assert.StartsWith(file, (await Assert.ThrowsAsync<ObservationStoreException>(() => ReadAllAsync(path))).Message, StringComparison.Ordinal);
        }
    }

    private static bool IsInMark(byte[] table, int at)
    {
        ReadOnlySpan<byte> before = table.AsSpan(Math.Max(0, at - 7), Math.Min(at, 7) + Math.Min(4, table.Length - at));
        return before.IndexOf(TableFile.BlockMark) >= 0 || before.IndexOf(TableFile.PageMark) >= 0 || before.IndexOf(TableFile.IndexMark) >= 0 || before.IndexOf(TableFile.FilterMark) >= 0;
    }

    [Fact]
    public async Task Damage_in_one_block_leaves_the_others_readable()
    {
        string path = await Filled();
        string file = Assert.Single(Directory.GetFiles(path, "*.table"));
        byte[] octets = await File.ReadAllBytesAsync(file);
        octets[20] ^= 1; // in the first block, which has names
        await File.WriteAllBytesAsync(file, octets);
        await using EmbeddedObservationStore store = EmbeddedObservationStore.Open(path);
        Assert.Equal(3_000, (await Answer.ReadAsync(store, QueryAnchor.Network(System.Net.IPNetwork.Parse("192.0.0.0/16")))).Rows.Count);
        await Assert.ThrowsAsync<ObservationStoreException>(() => Answer.ReadAsync(store, new QueryAnchor.Everything()));
        await Assert.ThrowsAsync<ObservationStoreException>(async () => await store.CompactAsync());
        Assert.Equal(WriteResult.Applied, await store.WriteAsync(new BatchBuilder().Add("example.com", "A", "198.51.100.1").Build(2)));
    }

    [Theory]
    [InlineData("MANIFEST", 8, "up to 2")]
    [InlineData("*.table", -8, "up to 5")]
    public async Task An_unknown_format_is_refused_by_name(string pattern, int offset, string known)
    {
        string path = await Filled();
        string file = Assert.Single(Directory.GetFiles(path, pattern));
        byte[] octets = await File.ReadAllBytesAsync(file);
        int at = offset < 0 ? octets.Length + offset : offset;
        BinaryPrimitives.WriteInt32LittleEndian(octets.AsSpan(at), 99);
        Crc32C.Seal(offset < 0 ? octets.AsSpan(octets.Length - 40) : octets);
        await File.WriteAllBytesAsync(file, octets);
        ObservationStoreException failure = Assert.Throws<ObservationStoreException>(() => EmbeddedObservationStore.Open(path));
        Assert.Equal($"{file} has format 99, this version reads {known}: use a newer version of PassiveDns.", failure.Message);
    }

    [Fact]
    public void Too_little_memory_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => EmbeddedObservationStore.Open(_directory.Next(), new() { MemoryBytes = 1 << 20 }));
}
