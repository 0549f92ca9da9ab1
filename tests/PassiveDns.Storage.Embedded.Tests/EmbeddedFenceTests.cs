using PassiveDns.Storage.Embedded.Operations;
using PassiveDns.Storage.Embedded.Tables;
using PassiveDns.Storage.Embedded.Views;
using PassiveDns.Storage.Keys;
using PassiveDns.Storage.Memory;
using PassiveDns.Storage.Tests;

namespace PassiveDns.Storage.Embedded.Tests;

/// <summary>Fenced walks jump over what cannot pass, and merge all versions of what does: never another first sighting, count or row than without jumping.</summary>
public sealed class EmbeddedFenceTests : IDisposable
{
    private const long Day = 86_400;

    private readonly StoreDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    private static EmbeddedObservationStore Open(string path) =>
        EmbeddedObservationStore.Open(path, new() { MemoryBytes = EmbeddedStoreOptions.MinMemoryBytes, WriteBufferBytes = 200 << 10 });

    /// <summary>Rows of many zones, each seen in some days of its own and now and then at any time, in many tables; something is deleted meanwhile.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Answers_are_those_of_the_store_in_memory(int seed)
    {
        Random random = new(seed);
        await using MemoryObservationStore model = new();
        await using EmbeddedObservationStore store = Open(_directory.Next());
        for (ulong sequence = 1; sequence <= 24; sequence++)
        {
            ObservationBatch batch = Rows(random, 900).Build(sequence);
            await model.WriteAsync(batch);
            await store.WriteAsync(batch);
            if (sequence % 7 == 0)
            {
                long from = random.Next(80) * Day + random.Next(80_000);
                DeletionScope scope = new() { Subtree = DomainName.Parse($"d{random.Next(30)}.example"), From = from, To = from + random.Next(20) * Day, IncludeTargets = true };
                await model.DeleteAsync(scope, DateTimeOffset.FromUnixTimeSeconds(200 * Day));
                await store.DeleteAsync(scope, DateTimeOffset.FromUnixTimeSeconds(200 * Day));
            }

            if (sequence % 12 == 5) await store.CompactAsync();
            if (sequence % 6 == 0) await CompareAsync(model, store, random);
        }

        await store.CompactAsync();
        await CompareAsync(model, store, random);
    }

    private static BatchBuilder Rows(Random random, int count)
    {
        BatchBuilder rows = new();
        for (int i = 0; i < count; i++)
        {
            int zone = random.Next(30);
            long first = (random.Next(50) == 0 ? random.Next(90) : zone * 3 + random.Next(3)) * Day + random.Next(80_000);
            string name = $"h{random.Next(300)}.d{zone}.example";
            switch (random.Next(6))
            {
                case 0: rows.Add(name, "MX", $"10 mail{random.Next(5)}.d{zone}.example.", first, first + random.Next(5_000)); break;
                case 1: rows.Add(name, "DS", $"{random.Next(100)} 13 2 3A2C7E62E7AC0FD4A6AC6F6C6B7E7D0C2CC65F7E9B0D7AB26B1E47E2A3CC0E8F", first); break;
                case 2: rows.Add(name, "TXT", $"\"{new string((char)('a' + zone % 26), 90 + random.Next(3))}\"", first); break;
                default: rows.Add(name, "A", $"192.0.{zone}.{random.Next(250)}", first, first + random.Next(100_000)); break;
            }
        }

        return rows;
    }

    private static async Task CompareAsync(MemoryObservationStore model, EmbeddedObservationStore store, Random random)
    {
        QueryAnchor[] anchors =
        [
            new QueryAnchor.Everything(), new QueryAnchor.Subtree(DomainName.Parse("example")), QueryAnchor.Network(System.Net.IPNetwork.Parse("192.0.0.0/16")),
            QueryAnchor.Network(System.Net.IPNetwork.Parse("192.0.16.0/21")), new QueryAnchor.Target(DomainName.Parse("example")) { IncludeSubtree = true },
            new QueryAnchor.RawRdata(RecordType.DS, default, IsPrefix: true), new QueryAnchor.FirstSeen(20 * Day, 21 * Day), new QueryAnchor.Changed(40 * Day, 43 * Day),
        ];
        foreach (TimeFilter time in Fences(random))
        {
            QueryAnchor anchor = anchors[random.Next(anchors.Length)];
            TypeSelection types = random.Next(3) switch { 0 => TypeSelection.All, 1 => TypeSelection.AnyDnssec, _ => TypeSelection.Any };
            ObservationQuery query = new(anchor) { Types = types, Time = time };
            Answer expected = await Answer.ReadAsync(model, query);
            Assert.Equal(expected.Rows, (await Answer.ReadAsync(store, query)).Rows);
            List<Observation> walked = []; // in pieces
            string? continuation = null;
            do
            {
                Answer part = await Answer.ReadAsync(store, query with { Limit = 97, Continuation = continuation });
                walked.AddRange(part.Rows);
                continuation = part.Continuation;
            }
            while (continuation is not null);
            Assert.Equal(expected.Rows, walked);
        }
    }

    private static IEnumerable<TimeFilter> Fences(Random random)
    {
        for (int i = 0; i < 4; i++)
        {
            long from = random.Next(91) * Day + random.Next(80_000), to = from + random.Next(8) * Day;
            yield return new() { LastAfter = from };
            yield return new() { FirstAfter = from };
            yield return new() { LastBefore = from };
            yield return new() { FirstBefore = from };
            yield return TimeFilter.Overlapping(from, to);
            yield return TimeFilter.Within(from, to);
            yield return new() { Present = (from, to) };
            yield return new() { FirstBefore = from, LastAfter = to }; // all that time
        }
    }

    /// <summary>The law itself, without the choice whether jumping pays: each side of a fence names a superset of what passes it, with the whole history.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Each_side_of_a_fence_hands_out_what_a_walk_over_everything_finds(int seed)
    {
        Random random = new(seed);
        string path = Directory.CreateDirectory(_directory.Next()).FullName;
        List<Table> tables = [];
        for (int number = 0; number < 5; number++)
        {
            SortedDictionary<byte[], byte[]> entries = new(Comparer<byte[]>.Create(static (a, b) => a.AsSpan().SequenceCompareTo(b)));
            for (int i = random.Next(6_000); i >= 0; i--)
            {
                int zone = random.Next(100);
                long first = (zone + random.Next(3)) * Day + random.Next(80_000);
                byte[] history = new byte[SightingCodec.MaxSingleLength];
                int length = SightingCodec.Encode(new Sighting(first, first + random.Next(2) * random.Next(200_000), 1, 300, 300), 1, history);
                byte[] key = [(byte)Keyspace.Addresses, 4, 192, 0, (byte)zone, (byte)random.Next(60), .. System.Text.Encoding.ASCII.GetBytes($"name{random.Next(9)}")];
                entries[key] = history[..length];
            }

            if (number == 0)
            {
                using MemoryTable.Builder memory = new(new(4 << 20), null);
                foreach ((byte[] key, byte[] value) in entries) memory.Add(key, value);
                tables.Add(memory.Build());
                continue;
            }

            string file = Path.Combine(path, $"{number}.table");
            using (FileTableBuilder builder = new(file, number % 2))
            {
                foreach ((byte[] key, byte[] value) in entries) builder.Add(key, value);
                builder.Finish();
            }

            tables.Add(TableFile.Open(file, new(), new(1 << 20)));
        }

        for (int round = 0; round < 60; round++)
        {
            long time = random.Next(-1, 105) * Day + random.Next(80_000);
            BlockFence side = random.Next(2) == 0 ? new(time, long.MaxValue) : new(long.MinValue, time);
            byte[] from = [(byte)Keyspace.Addresses, 4, 192, 0, (byte)random.Next(100)], to = [(byte)Keyspace.Addresses, 4, 192, 0, (byte)random.Next(101)];
            TableCursor[] cursors = [.. tables.Select(static table => new TableCursor(table)).Where(cursor => cursor.Seek(from))];
            MergedCursor everything = new(cursors, cursors.Length, to, TimeSpan.FromDays(2));
            CandidateCursor jumping = new([.. tables.Select(table => new FenceCandidates(table, side, (from, to), RrsetPart.All))], new RowSieve?[tables.Count], TimeSpan.FromDays(2), namesAll: false);
            List<string> expected = [], found = [];
            while (everything.MoveNext())
            {
                if (Passes(side, everything.Value)) expected.Add(Convert.ToHexString(everything.Key[1..]) + Convert.ToHexString(everything.Value));
            }

            while (jumping.MoveNext())
            {
                if (Passes(side, jumping.Value)) found.Add(Convert.ToHexString(jumping.Key) + Convert.ToHexString(jumping.Value));
            }

            Assert.Equal(expected, found);
        }

        foreach (Table table in tables) table.Release();
    }

    private static bool Passes(BlockFence side, ReadOnlySpan<byte> history)
    {
        Assert.True(SightingCodec.TryReadBounds(history, out SightingInterval life));
        return life.Last >= side.LastFrom && life.First <= side.FirstTo;
    }

    [Fact]
    public async Task What_lies_by_time_is_jumped_over()
    {
        await using EmbeddedObservationStore store = EmbeddedObservationStore.Open(_directory.Next());
        BatchBuilder rows = new();
        for (int i = 0; i < 60_000; i++) rows.Add($"h{i}.d{i / 500}.example", "A", $"10.{i / 500}.{i % 500 / 250}.{i % 250}", i / 500 * Day);
        await store.WriteAsync(rows.Build(1));
        await store.CompactAsync();
        using IKeyedSnapshot snapshot = store.OpenSnapshot();
        IFencedSnapshot fenced = Assert.IsAssignableFrom<IFencedSnapshot>(snapshot);
        foreach ((TimeFence fence, int passing) in new[] { (new TimeFence(118 * Day, long.MaxValue), 1_000), (new TimeFence(long.MinValue, Day + 1), 1_000), (new TimeFence(60 * Day, 60 * Day), 500) })
        {
            using IKeyedCursor cursor = fenced.OpenFenced(KeyRange.OfPrefix(Keyspace.Addresses, default), fence);
            int found = 0;
            while (cursor.MoveNext()) found++;
            Assert.InRange(found, passing, passing + 60); // of what is passed over one in 1,024 comes along
        }
    }
}
