using PassiveDns.Storage.Memory;
using PassiveDns.Storage.Tests;

namespace PassiveDns.Storage.Embedded.Tests;

/// <summary>Random steps in the embedded store and in the one in memory: after each the answers are the same.</summary>
public sealed class EmbeddedModelTests : IAsyncDisposable
{
    private static readonly EmbeddedStoreOptions s_small = new() { MemoryBytes = EmbeddedStoreOptions.MinMemoryBytes, WriteBufferBytes = 24 << 10 };

    private readonly StoreDirectory _directory = new();
    private readonly MemoryObservationStore _model = new();
    private string _path = "";
    private EmbeddedObservationStore? _store;
    private ulong _sequence;

    public async ValueTask DisposeAsync()
    {
        if (_store is not null) await _store.DisposeAsync();
        await _model.DisposeAsync();
        _directory.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Random_steps_leave_what_the_store_in_memory_has(int seed)
    {
        Random random = new(seed);
        _path = _directory.Next();
        _store = EmbeddedObservationStore.Open(_path, s_small);
        for (int step = 0; step < 120; step++)
        {
            switch (random.Next(12))
            {
                case 0:
                    await _store.DisposeAsync();
                    _store = EmbeddedObservationStore.Open(_path, s_small);
                    break;
                case 1:
                    await _store.CompactAsync();
                    break;
                case 2:
                    await AbandonAsync();
                    break;
                default:
                    await WriteAsync(random);
                    break;
            }

            if (step % 6 == 0) await CompareAsync(_store, random);
        }

        await CompareAsync(_store, random);
    }

    [Fact]
    public async Task A_walk_in_a_snapshot_is_not_disturbed_by_flushes_and_compactions()
    {
        Random random = new(5);
        _path = _directory.Next();
        _store = EmbeddedObservationStore.Open(_path, s_small);
        for (int i = 0; i < 30; i++) await WriteAsync(random);
        QueryAnchor everything = new QueryAnchor.Everything();
        List<Observation> expected = (await Answer.ReadAsync(_model, everything)).Rows, first = [], second = [];
        IAsyncEnumerator<RecordPage> one = _store.ReadAsync(new(everything)).GetAsyncEnumerator();
        await using (one)
        {
            Assert.True(await one.MoveNextAsync());
            Take(one.Current, first);
            for (int i = 0; i < 30; i++) await WriteAsync(random);
            List<Observation> expectedLater = (await Answer.ReadAsync(_model, everything)).Rows;
            IAsyncEnumerator<RecordPage> two = _store.ReadAsync(new(everything)).GetAsyncEnumerator();
            await using (two)
            {
                Assert.True(await two.MoveNextAsync());
                Take(two.Current, second);
                await _store.CompactAsync();
                for (int i = 0; i < 10; i++) await WriteAsync(random);
                await _store.CompactAsync();
                while (await one.MoveNextAsync()) Take(one.Current, first);
                while (await two.MoveNextAsync()) Take(two.Current, second);
            }

            Assert.Equal(expectedLater, second);
        }

        Assert.Equal(expected, first);
        Assert.Single(Directory.GetFiles(_path, "*.table")); // what the walks held is gone with them
    }

    private static void Take(RecordPage page, List<Observation> rows)
    {
        foreach (ObservationRow row in page.Rows) rows.Add(row.ToObservation());
    }

    private async Task WriteAsync(Random random)
    {
        BatchBuilder rows = new($"s{random.Next(3)}");
        for (int i = random.Next(1, 120); i > 0; i--)
        {
            long first = random.NextInt64(0, 90) * 86_400;
            string name = $"h{random.Next(60)}.d{random.Next(9)}.example";
            if (random.Next(3) == 0) rows.Add(name, "MX", $"10 mail{random.Next(5)}.example.", first);
            else if (random.Next(8) == 0) rows.Add(name, "TXT", $"\"{new string('x', 80 + random.Next(9))}\"", first);
            else rows.Add(name, "A", $"192.0.2.{random.Next(40)}", first, first + random.Next(100_000));
        }

        ObservationBatch batch = rows.Build(random.Next(10) == 0 && _sequence > 0 ? _sequence : ++_sequence);
        Assert.Equal(await _model.WriteAsync(batch), await _store!.WriteAsync(batch));
    }

    /// <summary>Goes on with a copy of the files as they are at this moment, while the store works on them: what a killed writer leaves.</summary>
    private async Task AbandonAsync()
    {
        string copy = _directory.Next();
        Directory.CreateDirectory(copy);
        // The manifest first: what it names and a flush clears away meanwhile makes the copy start over.
        while (true)
        {
            try
            {
                foreach (string file in Directory.GetFiles(copy)) File.Delete(file);
                byte[] manifest = await File.ReadAllBytesAsync(Path.Combine(_path, "MANIFEST"));
                foreach (string file in Directory.GetFiles(_path).Where(file => Path.GetFileName(file) is not ("LOCK" or "MANIFEST" or "MANIFEST.new")))
                {
                    await File.WriteAllBytesAsync(Path.Combine(copy, Path.GetFileName(file)), await ReadSharedAsync(file));
                }

                await File.WriteAllBytesAsync(Path.Combine(copy, "MANIFEST"), manifest);
                byte[] now = await File.ReadAllBytesAsync(Path.Combine(_path, "MANIFEST"));
                if (now.AsSpan().SequenceEqual(manifest)) break;
            }
            catch (FileNotFoundException)
            {
                // cleared away between the listing and the copying
            }
        }

        await _store!.DisposeAsync();
        _path = copy;
        _store = EmbeddedObservationStore.Open(copy, s_small);
    }

    private static async Task<byte[]> ReadSharedAsync(string path)
    {
        await using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        byte[] octets = new byte[file.Length];
        await file.ReadExactlyAsync(octets);
        return octets;
    }

    /// <summary>A window at some part of a day that is long or short.</summary>
    private static QueryAnchor.Changed Window(Random random, int partsOfDay, int length)
    {
        long from = random.Next(90 * partsOfDay) * (86_400L / partsOfDay);
        return new(from, from + random.Next(length));
    }

    private async Task CompareAsync(EmbeddedObservationStore store, Random random)
    {
        QueryAnchor[] anchors =
        [
            new QueryAnchor.Everything(), new QueryAnchor.OwnerName(DomainName.Parse($"h{random.Next(60)}.d{random.Next(9)}.example")),
            new QueryAnchor.Subtree(DomainName.Parse($"d{random.Next(9)}.example")), new QueryAnchor.Target(DomainName.Parse($"mail{random.Next(6)}.example")),
            QueryAnchor.Network(System.Net.IPNetwork.Parse("192.0.2.16/28")), QueryAnchor.Network(System.Net.IPNetwork.Parse($"192.0.2.{random.Next(40)}/32")),
            new QueryAnchor.RawRdata(RecordType.TXT, ReadOnlyMemory<byte>.Empty, true), Window(random, 4, 7200), Window(random, 2, 86_400), Window(random, 1, 10 * 86_400),
            new QueryAnchor.FirstSeen(0, random.Next(20) * 86_400), new QueryAnchor.FirstSeen(random.Next(88) * 86_400L, 88 * 86_400 + random.Next(100_000)),
        ];
        foreach (QueryAnchor anchor in anchors) Assert.Equal((await Answer.ReadAsync(_model, anchor)).Rows, (await Answer.ReadAsync(store, anchor)).Rows);
        long? At(int days) => random.Next(2) == 0 ? random.NextInt64(days) * 86_400 : null;
        for (int i = 0; i < 4; i++)
        {
            QueryAnchor anchor = i % 2 == 0 ? anchors[0] : new QueryAnchor.Subtree(DomainName.Parse("example"));
            ObservationQuery fenced = new(anchor) { Time = new() { FirstAfter = At(180), FirstBefore = At(180), LastAfter = At(180), LastBefore = At(180) } };
            Assert.Equal((await Answer.ReadAsync(_model, fenced)).Rows, (await Answer.ReadAsync(store, fenced)).Rows);
        }

        Assert.Equal((await _model.GetStatusAsync()).Rows, (await store.GetStatusAsync()).Rows);
        Assert.Equal((await _model.GetStatusAsync()).BatchesBySensor, (await store.GetStatusAsync()).BatchesBySensor);
    }
}
