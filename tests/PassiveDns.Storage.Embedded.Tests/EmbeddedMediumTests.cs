using PassiveDns.Storage.Tests;

namespace PassiveDns.Storage.Embedded.Tests;

/// <summary>What the disk may do: be full, be read-only, and have clocks that jump.</summary>
public sealed class EmbeddedMediumTests
{
    private static readonly EmbeddedStoreOptions s_small = new() { MemoryBytes = EmbeddedStoreOptions.MinMemoryBytes, WriteBufferBytes = 256 << 10 };

    /// <summary>Each batch adds one to the count of one row, and brings many that cannot be packed.</summary>
    private static ObservationBatch Batch(ulong sequence)
    {
        Random random = new((int)sequence);
        BatchBuilder rows = new();
        rows.Add("counter.example.com", "A", "192.0.2.1", (long)sequence);
        byte[] octets = new byte[24];
        for (int i = 0; i < 100; i++)
        {
            random.NextBytes(octets);
            rows.Add($"{Convert.ToHexStringLower(octets)}.example.com", "A", $"10.{octets[0]}.{octets[1]}.{octets[2]}", (long)sequence);
        }

        return rows.Build(sequence);
    }

    private static async Task<long> CountAsync(EmbeddedObservationStore store) =>
        Assert.Single((await Answer.ReadAsync(store, new QueryAnchor.OwnerName(DomainName.Parse("counter.example.com")))).Rows).History.Count;

    /// <summary>Writes until the disk is full, and says how many batches were acknowledged.</summary>
    private static async Task<ulong> FillAsync(EmbeddedObservationStore store, string path)
    {
        for (ulong sequence = 1; sequence < 20_000; sequence++)
        {
            try
            {
                await store.WriteAsync(Batch(sequence));
            }
            catch (ObservationStoreException failure)
            {
                Assert.Contains(path, failure.Message, StringComparison.Ordinal);
                return sequence - 1;
            }
        }

        throw new InvalidOperationException("The disk never became full.");
    }

    [Fact]
    public async Task On_a_full_disk_the_write_fails_by_name_and_what_was_acknowledged_stays()
    {
        using SmallDisk disk = SmallDisk.Mount(4);
        string path = Path.Combine(disk.Path, "store");
        ulong acknowledged;
        await using (EmbeddedObservationStore store = EmbeddedObservationStore.Open(path, s_small))
        {
            acknowledged = await FillAsync(store, path);
            Assert.True(acknowledged > 10);
            Assert.Equal((long)acknowledged, await CountAsync(store));
            disk.Remount("size=64m");
        }

        await using EmbeddedObservationStore again = EmbeddedObservationStore.Open(path, s_small);
        ulong last = (await again.GetLastBatchAsync(new("s1")))!.Value.Sequence;
        Assert.InRange(last, acknowledged, acknowledged + 1);
        Assert.Equal((long)last, await CountAsync(again));
        for (ulong sequence = acknowledged; sequence <= acknowledged + 5; sequence++)
            Assert.Equal(sequence <= last ? WriteResult.AlreadyApplied : WriteResult.Applied, await again.WriteAsync(Batch(sequence)));
        Assert.Equal((long)acknowledged + 5, await CountAsync(again));
    }

    [Fact]
    public async Task A_store_that_was_closed_on_a_full_disk_opens_with_everything_once_there_is_room()
    {
        using SmallDisk disk = SmallDisk.Mount(4);
        string path = Path.Combine(disk.Path, "store");
        EmbeddedObservationStore store = EmbeddedObservationStore.Open(path, s_small);
        ulong acknowledged = await FillAsync(store, path);
        Exception? atTheEnd = await Record.ExceptionAsync(async () => await store.DisposeAsync());
        Assert.True(atTheEnd is null or ObservationStoreException, atTheEnd?.ToString());
        disk.Remount("size=64m");
        await using EmbeddedObservationStore again = EmbeddedObservationStore.Open(path, s_small);
        ulong last = (await again.GetLastBatchAsync(new("s1")))!.Value.Sequence;
        Assert.InRange(last, acknowledged, acknowledged + 1);
        Assert.Equal((long)last, await CountAsync(again));
        await again.CompactAsync();
        Assert.Equal(1 + 100 * (int)last, (await Answer.ReadAsync(again, new QueryAnchor.Everything())).Rows.Count);
    }

    [Fact]
    public async Task A_read_only_directory_can_be_read_and_writing_is_refused_by_name()
    {
        using SmallDisk disk = SmallDisk.Mount(8);
        string path = Path.Combine(disk.Path, "store");
        await using (EmbeddedObservationStore store = EmbeddedObservationStore.Open(path, s_small))
        {
            for (ulong sequence = 1; sequence <= 20; sequence++) await store.WriteAsync(Batch(sequence));
        }

        disk.Remount("ro");
        ObservationStoreException refusal = Assert.Throws<ObservationStoreException>(() => EmbeddedObservationStore.Open(path, s_small));
        Assert.StartsWith(path, refusal.Message, StringComparison.Ordinal);
        await using (EmbeddedObservationStore reader = EmbeddedObservationStore.OpenReadOnly(path)) Assert.Equal(20, await CountAsync(reader));
        string other = Path.Combine(disk.Path, "other");
        refusal = Assert.Throws<ObservationStoreException>(() => EmbeddedObservationStore.Open(other, s_small));
        Assert.StartsWith(other, refusal.Message, StringComparison.Ordinal);
        disk.Remount("rw");
        await using EmbeddedObservationStore again = EmbeddedObservationStore.Open(path, s_small);
        Assert.Equal(WriteResult.Applied, await again.WriteAsync(Batch(21)));
    }

    /// <summary>The store reads no clock: neither the times of the data nor those of its files decide anything.</summary>
    [Fact]
    public async Task Clocks_may_jump()
    {
        using StoreDirectory directory = new();
        string path = directory.Next();
        await using Memory.MemoryObservationStore model = new();
        long[] times = [1_800_000_000, 0, 4_102_444_800, 1_700_000_000, int.MaxValue, uint.MaxValue, 1, 1_800_000_001];
        for (int i = 0; i < times.Length; i++)
        {
            await using EmbeddedObservationStore store = EmbeddedObservationStore.Open(path, s_small);
            ObservationBatch batch = new BatchBuilder().Add("jump.example.com", "A", "192.0.2.1", times[i]).Add($"h{i}.example.com", "A", "192.0.2.2", times[i]).Build((ulong)i + 1);
            Assert.Equal(WriteResult.Applied, await store.WriteAsync(batch));
            await model.WriteAsync(batch);
            if (i % 3 == 2) await store.CompactAsync();
            foreach (string file in Directory.GetFiles(path)) File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch.AddYears(i % 2 == 0 ? 80 : 1));
        }

        await using EmbeddedObservationStore last = EmbeddedObservationStore.OpenReadOnly(path);
        Assert.Equal((await Answer.ReadAsync(model, new QueryAnchor.Everything())).Rows, (await Answer.ReadAsync(last, new QueryAnchor.Everything())).Rows);
        StoreStatus status = await last.GetStatusAsync();
        Assert.Equal((0L, 4_294_967_295L), (status.FirstSeen!.Value, status.LastSeen!.Value));
    }

    [Fact]
    public async Task A_flipped_bit_in_the_marker_is_a_named_error_or_changes_nothing()
    {
        using StoreDirectory directory = new();
        string path = directory.Next();
        await using (EmbeddedObservationStore store = EmbeddedObservationStore.Open(path)) await store.WriteAsync(Batch(1));
        string marker = Path.Combine(path, StoreMarker.FileName);
        byte[] sound = await File.ReadAllBytesAsync(marker);
        for (int bit = 0; bit < 8 * sound.Length; bit++)
        {
            byte[] flipped = [.. sound];
            flipped[bit / 8] ^= (byte)(1 << bit % 8);
            await File.WriteAllBytesAsync(marker, flipped);
            try
            {
                // A digit of the gap: what counts stands in the manifest, under a checksum.
                await using EmbeddedObservationStore opened = EmbeddedObservationStore.Open(path);
                Assert.Equal(SightingHistory.DefaultIntervalGap, opened.IntervalGap);
                Assert.Equal(1, await CountAsync(opened));
            }
            catch (ObservationStoreException failure)
            {
                Assert.StartsWith(path, failure.Message, StringComparison.Ordinal);
            }
        }

        await File.WriteAllBytesAsync(marker, sound);
        await using EmbeddedObservationStore again = EmbeddedObservationStore.Open(path);
        Assert.Equal(1, await CountAsync(again));
    }
}
