using PassiveDns.Storage.Tests;

namespace PassiveDns.Storage.Embedded.Tests;

/// <summary>What a power cut or a failing disk can leave of the log, and what recovery makes of it.</summary>
public sealed class EmbeddedLogTests : IDisposable
{
    private const int Batches = 4;

    private readonly StoreDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    private static ObservationBatch Batch(int sequence) => new BatchBuilder().Add("example.com", "A", "192.0.2.1").Build((ulong)sequence);

    /// <summary>The log of a writer that was killed after some batches, and where each record ends.</summary>
    private async Task<(byte[] Log, List<int> Ends, string Path)> Killed()
    {
        string path = _directory.Next();
        List<int> ends = [];
        EmbeddedObservationStore store = EmbeddedObservationStore.Open(path);
        await using (store)
        {
            for (int i = 1; i <= Batches; i++)
            {
                await store.WriteAsync(Batch(i));
                ends.Add((int)new FileInfo(LogOf(path)).Length);
            }

            string copy = _directory.Next();
            Directory.CreateDirectory(copy);
            foreach (string file in Directory.GetFiles(path).Where(file => Path.GetFileName(file) != "LOCK")) File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
            return (await File.ReadAllBytesAsync(LogOf(copy)), ends, copy);
        }
    }

    private static string LogOf(string path) => Assert.Single(Directory.GetFiles(path, "*.log"));

    private string With(string path, byte[] log)
    {
        string copy = _directory.Next();
        Directory.CreateDirectory(copy);
        foreach (string file in Directory.GetFiles(path)) File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        File.WriteAllBytes(LogOf(copy), log);
        return copy;
    }

    private static async Task<long> CountAsync(string path)
    {
        await using EmbeddedObservationStore store = EmbeddedObservationStore.OpenReadOnly(path);
        List<Observation> rows = (await Answer.ReadAsync(store, new QueryAnchor.Everything())).Rows;
        ulong last = (await store.GetLastBatchAsync(new("s1")))?.Sequence ?? 0;
        long count = rows.Count == 0 ? 0 : Assert.Single(rows).History.Count;
        Assert.Equal((long)last, count); // each batch adds one
        return count;
    }

    [Fact]
    public async Task A_log_cut_at_any_octet_holds_the_batches_that_are_whole()
    {
        (byte[] log, List<int> ends, string path) = await Killed();
        for (int length = ends[^2]; length <= log.Length; length++)
        {
            Assert.Equal(ends.Count(end => end <= length), await CountAsync(With(path, log[..length])));
        }

        foreach (int length in (int[])[0, 5, 24]) Assert.Equal(0, await CountAsync(With(path, log[..length])));
    }

    [Fact]
    public async Task A_tail_of_zeros_or_noise_behind_the_last_batch_is_cut_off_and_writing_goes_on()
    {
        (byte[] log, _, string path) = await Killed();
        byte[] noise = new byte[5_000];
        new Random(3).NextBytes(noise);
        foreach (byte[] tail in (byte[][])[new byte[5_000], noise])
        {
            string torn = With(path, [.. log, .. tail]);
            await using (EmbeddedObservationStore store = EmbeddedObservationStore.Open(torn)) await store.WriteAsync(Batch(Batches + 1));
            Assert.Equal(Batches + 1, await CountAsync(torn));
        }
    }

    [Fact]
    public async Task A_flipped_bit_in_the_last_batch_loses_it_and_one_before_is_reported()
    {
        (byte[] log, List<int> ends, string path) = await Killed();
        for (int at = ends[0]; at < log.Length; at += 7)
        {
            byte[] flipped = [.. log];
            flipped[at] ^= 0x10;
            string damaged = With(path, flipped);
            if (at >= ends[^2])
            {
                Assert.Equal(Batches - 1, await CountAsync(damaged));
                continue;
            }

            foreach (Func<string, EmbeddedObservationStore> open in (Func<string, EmbeddedObservationStore>[])[p => EmbeddedObservationStore.Open(p), p => EmbeddedObservationStore.OpenReadOnly(p)])
            {
                ObservationStoreException refusal = Assert.Throws<ObservationStoreException>(() => open(damaged));
                Assert.Contains($"{LogOf(damaged)} is damaged at offset {ends.Last(end => end <= at)}", refusal.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task Writers_at_the_same_time_share_syncs_and_each_batch_counts_once()
    {
        string path = _directory.Next();
        await using (EmbeddedObservationStore store = EmbeddedObservationStore.Open(path))
        {
            WriteResult[] results = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(async () => await store.WriteAsync(Batch(1 + i % 100)))));
            Assert.Equal(100, results.Count(result => result == WriteResult.Applied));
        }

        Assert.Equal(100, await CountAsync(path));
    }
}
