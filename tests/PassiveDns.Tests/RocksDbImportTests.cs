using System.Net;
using System.Text;
using PassiveDns.Storage;
using PassiveDns.Storage.Memory;
using PassiveDns.Storage.RocksDb;

namespace PassiveDns.Tests;

public sealed class RocksDbImportTests
{
    [Fact]
    public async Task The_store_on_disk_holds_the_same_rows_as_the_store_in_memory()
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

        await using (RocksDbObservationStore disk = RocksDbObservationStore.Open(folder.FullPath))
        {
            await Sample.ImportAsync(disk);
            foreach (QueryAnchor anchor in anchors) Assert.Equal(await Sample.ReadAllAsync(memory, anchor), await Sample.ReadAllAsync(disk, anchor));
        }

        await using RocksDbObservationStore reopened = RocksDbObservationStore.Open(folder.FullPath);
        foreach (QueryAnchor anchor in anchors) Assert.Equal(await Sample.ReadAllAsync(memory, anchor), await Sample.ReadAllAsync(reopened, anchor));
        Assert.Equal((await memory.GetStatusAsync()).BatchesBySensor, (await reopened.GetStatusAsync()).BatchesBySensor);
        Assert.Equal(await memory.GetLastBatchAsync(Sample.Sensor), await reopened.GetLastBatchAsync(Sample.Sensor));
    }

    [Fact]
    public async Task An_import_that_was_stopped_goes_on_after_the_store_was_closed_and_opened()
    {
        await using MemoryObservationStore undisturbed = new();
        await Sample.ImportAsync(undisturbed);
        foreach (long stopAfter in (long[])[150, 290, 380])
        {
            using TemporaryFolder folder = new();
            long written;
            await using (RocksDbObservationStore store = RocksDbObservationStore.Open(folder.FullPath))
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

            await using RocksDbObservationStore again = RocksDbObservationStore.Open(folder.FullPath);
            PipelineReport whole = await Sample.ImportAsync(again);
            Assert.Equal(written, whole.BatchesAlreadyApplied);
            Assert.Equal(await Sample.ReadAllAsync(undisturbed), await Sample.ReadAllAsync(again));
        }
    }

    /// <summary>The clients and the resolver of the sample, as text and as octets, in no file of the store and in no row.</summary>
    [Fact]
    public async Task No_address_of_a_client_or_resolver_is_in_the_files_or_the_rows()
    {
        using TemporaryFolder folder = new();
        ObservationRows rows = new();
        StringBuilder text = new();
        await using (RocksDbObservationStore store = RocksDbObservationStore.Open(folder.FullPath))
        {
            await Sample.ImportAsync(store);
            ObservationQuery all = new(new QueryAnchor.Everything()) { Types = TypeSelection.All, Provenance = ProvenanceSelection.All };
            await foreach (RecordPage page in store.ReadAsync(all))
            {
                foreach (ObservationRow row in page.Rows) rows.Add(row);
            }

            foreach (Observation row in await Sample.ReadAllAsync(store)) text.AppendLine($"{row.RrName} {row.Type} {row.Bailiwick} {string.Join(' ', row.Rdata)}");
        }

        byte[] rowOctets = [.. rows.Packed, .. Encoding.UTF8.GetBytes(text.ToString())];
        AssertClean(rowOctets, "the rows");

        // Until the store is opened again, all that was written stands uncompressed in its write-ahead log; the control proves that the search can see it.
        byte[] files = [.. Directory.EnumerateFiles(folder.FullPath, "*", SearchOption.AllDirectories).Order().SelectMany(File.ReadAllBytes)];
        AssertClean(files, "the files of the store");
        await using (RocksDbObservationStore.Open(folder.FullPath))
        {
        }

        AssertClean([.. Directory.EnumerateFiles(folder.FullPath, "*", SearchOption.AllDirectories).Order().SelectMany(File.ReadAllBytes)], "the files after reopening", control: false);
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
