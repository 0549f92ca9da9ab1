using System.Net;
using System.Text;
using PassiveDns.Storage;
using PassiveDns.Storage.Embedded;
using PassiveDns.Storage.Memory;
using PassiveDns.Storage.RocksDb;

namespace PassiveDns.Tests;

/// <summary>The sample in both kinds of store on the disk.</summary>
public sealed class DurableImportTests
{
    public static TheoryData<string> Engines => ["embedded", "rocksdb"];

    private static IObservationStore Open(string engine, string path) => engine == "rocksdb" ? RocksDbObservationStore.Open(path) : EmbeddedObservationStore.Open(path);

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task The_store_on_disk_holds_the_same_rows_as_the_store_in_memory(string engine)
    {
        using TemporaryFolder folder = new();
        await using MemoryObservationStore memory = new();
        await Sample.ImportAsync(memory);
        QueryAnchor[] anchors =
        [
            new QueryAnchor.Everything(),
            new QueryAnchor.Subtree(DomainName.Parse("example.com")),
            new QueryAnchor.Target(DomainName.Parse("ns1.harbourhost.example")),
            QueryAnchor.Network(IPNetwork.Parse("192.0.2.0/24")),
            QueryAnchor.Network(IPNetwork.Parse("2001:db8::/32")),
        ];

        await using (IObservationStore disk = Open(engine, folder.FullPath))
        {
            await Sample.ImportAsync(disk);
            foreach (QueryAnchor anchor in anchors) Assert.Equal(await Sample.ReadAllAsync(memory, anchor), await Sample.ReadAllAsync(disk, anchor));
        }

        await using IObservationStore reopened = Open(engine, folder.FullPath);
        foreach (QueryAnchor anchor in anchors) Assert.Equal(await Sample.ReadAllAsync(memory, anchor), await Sample.ReadAllAsync(reopened, anchor));
        Assert.Equal((await memory.GetStatusAsync()).BatchesBySensor, (await reopened.GetStatusAsync()).BatchesBySensor);
        Assert.Equal(await memory.GetLastBatchAsync(Sample.Sensor), await reopened.GetLastBatchAsync(Sample.Sensor));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task An_import_that_was_stopped_goes_on_after_the_store_was_closed_and_opened(string engine)
    {
        await using MemoryObservationStore undisturbed = new();
        await Sample.ImportAsync(undisturbed);
        foreach (long stopAfter in (long[])[150, 290, 380])
        {
            using TemporaryFolder folder = new();
            long written;
            await using (IObservationStore store = Open(engine, folder.FullPath))
            {
                using CancellationTokenSource stop = new();
                PipelineReport cut = await Sample.ImportAsync(
                    store,
                    source => new TappedSource(source, 7, observed =>
                    {
                        if (observed >= stopAfter) stop.Cancel();
                    }),
                    stop: stop.Token);
                Assert.False(cut.IsComplete);
                written = cut.BatchesApplied;
            }

            await using IObservationStore again = Open(engine, folder.FullPath);
            PipelineReport whole = await Sample.ImportAsync(again);
            Assert.Equal(written, whole.BatchesAlreadyApplied);
            Assert.Equal(await Sample.ReadAllAsync(undisturbed), await Sample.ReadAllAsync(again));
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_directory_of_the_other_kind_is_recognised_and_named(string engine)
    {
        using TemporaryFolder folder = new();
        await using (Open(engine, folder.FullPath))
        {
        }

        string other = engine == "rocksdb" ? "embedded" : "rocksdb";
        ObservationStoreException refusal = Assert.Throws<ObservationStoreException>(() => Open(other, folder.FullPath));
        Assert.Contains($"a store of the kind {engine}", refusal.Message, StringComparison.OrdinalIgnoreCase);
        await using IObservationStore still = Open(engine, folder.FullPath);
        Assert.Empty(await Sample.ReadAllAsync(still));
    }

    /// <summary>The clients and the resolver of the sample, as text and as octets, in no file of the store and in no row.</summary>
    [Theory]
    [MemberData(nameof(Engines))]
    public async Task No_address_of_a_client_or_resolver_is_in_the_files_or_the_rows(string engine)
    {
        using TemporaryFolder folder = new();
        ObservationRows rows = new();
        StringBuilder text = new();
        byte[] written;
        await using (IObservationStore store = Open(engine, folder.FullPath))
        {
            await Sample.ImportAsync(store);
            ObservationQuery all = new(new QueryAnchor.Everything()) { Types = TypeSelection.All, Provenance = ProvenanceSelection.All };
            await foreach (RecordPage page in store.ReadAsync(all))
            {
                foreach (ObservationRow row in page.Rows) rows.Add(row);
            }

            written = FilesOf(folder.FullPath); // uncompressed in the write-ahead log; the control proves that the search can see it
            foreach (Observation row in await Sample.ReadAllAsync(store)) text.AppendLine($"{row.RrName} {row.Type} {row.Bailiwick} {string.Join(' ', row.Rdata)}");
        }

        AssertClean([.. rows.Packed, .. Encoding.UTF8.GetBytes(text.ToString())], "the rows");
        AssertClean(written, "the files of the store");
        AssertClean(FilesOf(folder.FullPath), "the files of the closed store", control: false);
        await using (Open(engine, folder.FullPath))
        {
        }

        AssertClean(FilesOf(folder.FullPath), "the files after reopening", control: false);
    }

    private static byte[] FilesOf(string path)
    {
        List<byte> all = [];
        foreach (string name in Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != "LOCK").Order())
        {
            using FileStream file = new(name, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            byte[] octets = new byte[file.Length];
            file.ReadExactly(octets);
            all.AddRange(octets);
        }

        return [.. all];
    }

    private static void AssertClean(byte[] octets, string where, bool control = true)
    {
        if (control)
        {
            Assert.True(octets.AsSpan().IndexOf(IPAddress.Parse("192.0.2.80").GetAddressBytes()) >= 0, $"The search sees no address at all in {where}.");
            Assert.True(octets.AsSpan().IndexOf(IPAddress.Parse("2001:db8:a::80").GetAddressBytes()) >= 0, $"The search sees no IPv6 address at all in {where}.");
            Assert.True(octets.AsSpan().IndexOf("harbourhost"u8) >= 0, $"The search sees no text at all in {where}.");
        }

        foreach (string address in (string[])["10.53.0.11", "10.53.0.12", "10.53.0.14", "10.53.0.53", "fd53::13", "fd53::53", "203.0.113.53", "2001:db8:53::53"])
        {
            Assert.False(octets.AsSpan().IndexOf(IPAddress.Parse(address).GetAddressBytes()) >= 0, $"{address} stands as octets in {where}.");
            Assert.False(octets.AsSpan().IndexOf(Encoding.ASCII.GetBytes(address)) >= 0, $"{address} stands as text in {where}.");
        }

        Assert.False(octets.AsSpan().IndexOf("10.53.0."u8) >= 0, $"A client's network stands as text in {where}.");
        Assert.False(octets.AsSpan().IndexOf("fd53:"u8) >= 0, $"A client's network stands as text in {where}.");
    }
}
