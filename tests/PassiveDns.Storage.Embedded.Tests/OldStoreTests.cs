using PassiveDns.Storage.Embedded;
using PassiveDns.Storage.Embedded.Tables;
using PassiveDns.Storage.Memory;

namespace PassiveDns.Storage.Tests;

/// <summary>Stores that earlier versions left are read as they are, written on, and take the present format as they are merged.</summary>
public sealed class OldStoreTests : IDisposable
{
    private const long Day = 86_400;

    private readonly StoreDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)] // the present one: what its indexes are made of must not change unnoticed
    public async Task A_store_that_an_earlier_version_left_is_read_written_and_brought_to_the_present_format(int format)
    {
        string path = _directory.Next();
        Directory.CreateDirectory(path);
        foreach (string file in Directory.GetFiles(OldStore.Files($"embedded-{format}"))) File.Copy(file, Path.Combine(path, Path.GetFileName(file)));
        Assert.Equal([format, format], Formats(path));
        await using MemoryObservationStore model = new();
        await model.WriteAsync(OldStore.Batch(1));
        await model.WriteAsync(OldStore.Batch(2));
        await model.DeleteAsync(OldStore.Deleted, OldStore.DeletedAt);
        await model.WriteAsync(OldStore.Batch(3));
        Assert.True((await EmbeddedObservationStore.VerifyAsync(path)).IsSound);
        await using (EmbeddedObservationStore reading = EmbeddedObservationStore.OpenReadOnly(path)) await CompareAsync(model, reading);
        await using EmbeddedObservationStore store = EmbeddedObservationStore.Open(path);
        await CompareAsync(model, store);
        Assert.Equal(WriteResult.AlreadyApplied, await store.WriteAsync(OldStore.Batch(3)));
        await store.WriteAsync(OldStore.Batch(4));
        await model.WriteAsync(OldStore.Batch(4));
        await CompareAsync(model, store);
        await store.CompactAsync();
        Assert.Equal([TableFile.Format], Formats(path));
        await CompareAsync(model, store);
        Assert.True((await store.VerifyAsync()).IsSound);
    }

    private static async Task CompareAsync(MemoryObservationStore model, EmbeddedObservationStore store)
    {
        QueryAnchor[] anchors =
        [
            new QueryAnchor.Everything(), new QueryAnchor.Subtree(DomainName.Parse("d2.example")), new QueryAnchor.OwnerName(DomainName.Parse("d0.example")),
            new QueryAnchor.Target(DomainName.Parse("mail3.example")), QueryAnchor.Network(System.Net.IPNetwork.Parse("192.0.2.0/28")),
            new QueryAnchor.RawRdata(RecordType.DS, default, IsPrefix: true), new QueryAnchor.FirstSeen(20 * Day, 22 * Day), new QueryAnchor.Changed(20 * Day, 20 * Day),
            new QueryAnchor.NamePrefix(DomainName.Parse("h7")), new QueryAnchor.NamePrefix(DomainName.Parse("h30.d2")), new QueryAnchor.NamePrefix(DomainName.Parse("d0")),
            new QueryAnchor.Changed(30 * Day + 3_599, 30 * Day + 3_599), new QueryAnchor.Changed(34 * Day + 1, 34 * Day + 1), new QueryAnchor.Changed(35 * Day, 36 * Day),
        ];
        foreach (QueryAnchor anchor in anchors)
        {
            foreach (TypeSelection types in new[] { TypeSelection.Any, TypeSelection.All, TypeSelection.AnyDnssec, TypeSelection.Of(RecordType.DS, RecordType.MX) })
            {
                ObservationQuery query = new(anchor) { Types = types };
                Assert.Equal((await Answer.ReadAsync(model, query)).Rows, (await Answer.ReadAsync(store, query)).Rows);
            }
        }

        Assert.Equal((await model.GetStatusAsync()).Rows, (await store.GetStatusAsync()).Rows);
    }

    /// <summary>The formats of the tables, which their footers end with.</summary>
    private static int[] Formats(string path) =>
        [.. Directory.GetFiles(path, "*.table").Order().Select(file => System.Buffers.Binary.BinaryPrimitives.ReadInt32LittleEndian(File.ReadAllBytes(file).AsSpan()[^8..]))];
}
