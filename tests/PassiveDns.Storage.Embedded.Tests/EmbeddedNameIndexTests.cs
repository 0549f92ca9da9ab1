using System.Buffers.Binary;
using PassiveDns.Storage.Embedded.Files;
using PassiveDns.Storage.Embedded.Tables;
using PassiveDns.Storage.Keys;
using PassiveDns.Storage.Memory;
using PassiveDns.Storage.Merging;
using PassiveDns.Storage.Tests;

namespace PassiveDns.Storage.Embedded.Tests;

/// <summary>Names that begin with some labels are found without looking at the rest, and never fewer than a walk over everything finds.</summary>
public sealed class EmbeddedNameIndexTests : IDisposable
{
    private const long Day = 86_400;

    private static readonly DateTimeOffset s_now = DateTimeOffset.FromUnixTimeSeconds(400 * Day);

    private readonly StoreDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    private static EmbeddedObservationStore Open(string path) =>
        EmbeddedObservationStore.Open(path, new() { MemoryBytes = EmbeddedStoreOptions.MinMemoryBytes, WriteBufferBytes = 128 << 10 });

    [Fact]
    public async Task Few_rows_are_looked_at_wherever_they_are()
    {
        await using EmbeddedObservationStore store = Open(_directory.Next());
        for (int batch = 0; batch < 20; batch++)
        {
            BatchBuilder rows = new();
            for (int i = 0; i < 600; i++)
            {
                string first = i % 100 == 0 ? "rare" : i % 2 == 0 ? "www" : $"h{i}";
                rows.Add($"{first}.d{i * 7919L % 1_000_003}.s{batch % 7}.example", i % 200 == 0 ? "DS" : "A", i % 200 == 0 ? "1 13 99 00" : "192.0.2.1");
            }

            await store.WriteAsync(rows.Build((ulong)batch + 1));
            if (batch == 9) await store.CompactAsync(); // from here on in files of several tiers, and in memory
        }

        foreach (bool compacted in new[] { false, true })
        {
            if (compacted) await store.CompactAsync();
            ObservationQuery query = new(new QueryAnchor.NamePrefix(DomainName.Parse("rare"))) { Types = TypeSelection.All, ScanBudget = 60 };
            Answer answer = await Answer.ReadAsync(store, query);
            Assert.Equal((42, Completeness.Exact), (answer.Rows.Count, answer.Completeness)); // of 4,200
            Assert.All(answer.Rows, row => Assert.StartsWith("rare.", row.RrName.ToString(), StringComparison.Ordinal));
            Answer one = await Answer.ReadAsync(store, query with { Anchor = new QueryAnchor.NamePrefix(DomainName.Parse("www.d15838")), ScanBudget = 20 }); // a frequent label and a rare one
            Assert.Equal((7, Completeness.Exact), (one.Rows.Count, one.Completeness));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Whatever_is_written_deleted_and_merged_a_prefix_finds_what_a_walk_over_everything_finds(int seed)
    {
        Random random = new(seed);
        await using EmbeddedObservationStore store = Open(_directory.Next());
        for (int step = 1; step <= 40; step++)
        {
            BatchBuilder rows = new($"s{random.Next(2)}");
            string busy = RandomName(random);
            for (int i = random.Next(20, 300); i > 0; i--)
            {
                long first = random.NextInt64(0, 80) * Day;
                bool isDnssec = random.Next(9) == 0;
                string name = random.Next(3) == 0 ? busy : RandomName(random);
                if (random.Next(3) == 0) rows.Add(name, "A", $"10.{random.Next(9)}.{random.Next(9)}.{random.Next(99)}", first, first + random.Next(400_000));
                else rows.Add(name, isDnssec ? "DS" : "TXT", isDnssec ? "1 13 99 00" : "\"x\"", first, first + random.Next(400_000));
            }

            await store.WriteAsync(rows.Build((ulong)step));
            if (random.Next(8) == 0) await store.CompactAsync();
            if (random.Next(5) == 0) await store.DeleteAsync(RandomScope(random), s_now.AddSeconds(step));
            if (step % 4 == 0) await CompareAsync(store, random, 40);
        }

        await store.CompactAsync();
        await CompareAsync(store, random, 40);
        Assert.True((await store.VerifyAsync()).IsSound);
    }

    private static async Task CompareAsync(EmbeddedObservationStore store, Random random, int questions)
    {
        List<Observation> all = (await Answer.ReadAsync(store, new ObservationQuery(new QueryAnchor.Everything()) { Types = TypeSelection.All })).Rows;
        for (int i = 0; i < questions; i++)
        {
            string[] labels = RandomName(random).Split('.');
            string prefix = string.Join('.', labels.Take(random.Next(1, labels.Length + 1)));
            Observation[] expected = [.. all.Where(row => row.RrName.ToString().StartsWith(prefix + ".", StringComparison.Ordinal))];
            ObservationQuery query = new(new QueryAnchor.NamePrefix(DomainName.Parse(prefix))) { Types = TypeSelection.All, Limit = random.Next(3) switch { 0 => null, 1 => 1 + random.Next(5), _ => 50 } };
            List<Observation> walked = [];
            string? continuation = null;
            do
            {
                Answer part = await Answer.ReadAsync(store, query with { Continuation = continuation });
                walked.AddRange(part.Rows);
                continuation = part.Continuation;
            }
            while (continuation is not null);
            Assert.Equal(expected, walked);
            List<DomainName> names = [];
            do
            {
                NamePage? last = null;
                await foreach (NamePage page in store.ReadNamesAsync(query with { Continuation = continuation }))
                {
                    names.AddRange(page.Names);
                    last = page;
                }

                continuation = last!.Continuation;
            }
            while (continuation is not null);
            Assert.Equal(expected.Select(row => row.RrName).Distinct(), names);
        }
    }

    [Fact]
    public async Task Where_so_many_names_begin_alike_there_is_no_cursor()
    {
        await using EmbeddedObservationStore store = EmbeddedObservationStore.Open(_directory.Next());
        BatchBuilder rows = new();
        for (int i = 0; i < 60_000; i++) rows.Add($"{(i % 3 > 0 ? "www" : i % 30 == 0 ? "mail" : $"h{i}")}.d{i}.example", "A", "192.0.2.1");
        await store.WriteAsync(rows.Build(1));
        foreach (bool compacted in new[] { false, true })
        {
            if (compacted) await store.CompactAsync();
            using IKeyedSnapshot snapshot = store.OpenSnapshot();
            INameIndexedSnapshot names = Assert.IsAssignableFrom<INameIndexedSnapshot>(snapshot);
            KeyRange all = KeyRange.OfPrefix(Keyspace.Rrsets, default);
            Assert.Null(names.OpenNames(all, DomainName.Parse("www")));
            using IKeyedCursor mail = Assert.IsAssignableFrom<IKeyedCursor>(names.OpenNames(all, DomainName.Parse("mail")));
            int found = 0;
            while (mail.MoveNext()) found++;
            Assert.InRange(found, 2_000, 2_100);
        }
    }

    [Fact]
    public async Task Several_stores_read_as_one_use_their_indexes_if_all_have_one()
    {
        await using EmbeddedObservationStore one = Open(_directory.Next()), other = Open(_directory.Next());
        await using MemoryObservationStore without = new();
        BatchBuilder rows = new();
        for (int i = 0; i < 3_000; i++) rows.Add($"h{i}.d{i % 11}.example", "A", "192.0.2.1", i * 10L);
        await one.WriteAsync(rows.Build(1));
        for (int i = 0; i < 3_000; i++) rows.Add($"h{i}.d{i % 11}.example", "A", "192.0.2.1", i * 10L + 5).Add($"h{i}.other.example", "A", "192.0.2.1", i);
        await other.WriteAsync(rows.Build(1));
        await without.WriteAsync(new BatchBuilder().Add("h77.third.example", "A", "192.0.2.1", 9).Build(1));
        ObservationQuery query = new(new QueryAnchor.NamePrefix(DomainName.Parse("h77"))) { ScanBudget = 30 };
        Answer both = await Answer.ReadAsync(new MergingReader(one, other), query);
        Assert.Equal(Completeness.Exact, both.Completeness);
        Assert.Equal(["h77.d0.example. A 192.0.2.1", "h77.other.example. A 192.0.2.1"], both.Texts);
        Assert.Equal((770, 775, 2), (both.Rows[0].History.FirstSeen, both.Rows[0].History.LastSeen, both.Rows[0].History.Count));
        Answer all = await Answer.ReadAsync(new MergingReader(one, other, without), query with { ScanBudget = null });
        Assert.Equal([.. both.Texts, "h77.third.example. A 192.0.2.1"], all.Texts);
    }

    private static string RandomName(Random random)
    {
        string suffix = random.Next(4) switch { 0 => "example", 1 => "a.example", 2 => "test", _ => $"d{random.Next(4)}.test" };
        return (random.Next(4) == 0 ? "www" : $"h{random.Next(60)}") + (random.Next(3) == 0 ? "" : $".d{random.Next(30)}") + $".{suffix}";
    }

    private static DeletionScope RandomScope(Random random)
    {
        long from = random.NextInt64(0, 80) * Day;
        return new()
        {
            Subtree = random.Next(3) > 0 ? DomainName.Parse(random.Next(2) == 0 ? "a.example" : $"d{random.Next(4)}.test") : null,
            Sensor = random.Next(3) == 0 ? new("s1") : null,
            From = from,
            To = from + random.Next(1, 4) * Day,
        };
    }

    [Fact]
    public async Task A_name_with_rows_in_many_blocks_is_walked_whole_and_in_parts()
    {
        await using EmbeddedObservationStore store = EmbeddedObservationStore.Open(_directory.Next());
        BatchBuilder rows = new();
        for (int i = 0; i < 9_000; i++) rows.Add(i < 6_000 ? "www.busy.example" : $"h{i}.busy.example", "A", $"10.1.{i >> 8}.{i & 255}").Add($"q{i}.other.example", "A", "192.0.2.1");
        await store.WriteAsync(rows.Add("www.next.example", "A", "192.0.2.1").Build(1));
        foreach (bool compacted in new[] { false, true })
        {
            if (compacted) await store.CompactAsync();
            HashSet<Observation> walked = [];
            string? continuation = null;
            do
            {
                Answer part = await Answer.ReadAsync(store, new ObservationQuery(new QueryAnchor.NamePrefix(DomainName.Parse("www.busy"))) { Limit = 701, Continuation = continuation, ScanBudget = 702 });
                Assert.All(part.Rows, row => Assert.True(walked.Add(row)));
                continuation = part.Continuation;
            }
            while (continuation is not null);
            Assert.Equal(6_000, walked.Count);
            List<DomainName> names = [];
            await foreach (NamePage page in store.ReadNamesAsync(new(new QueryAnchor.NamePrefix(DomainName.Parse("www"))))) names.AddRange(page.Names);
            Assert.Equal([DomainName.Parse("www.busy.example"), DomainName.Parse("www.next.example")], names);
        }
    }

    [Fact]
    public async Task Verification_finds_an_index_that_does_not_fit_its_rows()
    {
        string path = _directory.Next();
        await using (EmbeddedObservationStore store = Open(path)) await store.WriteAsync(new BatchBuilder().Add("a.example", "A", "192.0.2.1", 5 * Day, 9 * Day).Build(1));
        string file = Assert.Single(Directory.GetFiles(path, "*.table"));
        byte[] octets = await File.ReadAllBytesAsync(file);
        int mark = octets.AsSpan().LastIndexOf(TableFile.PageMark); // behind that of the changes
        Span<byte> frame = octets.AsSpan(mark + 8, BinaryPrimitives.ReadInt32LittleEndian(octets.AsSpan(mark + 4)));
        Assert.Equal(0, frame[^FrameCodec.TailLength]); // so short that it is not packed
        frame[0] ^= 1; // another key
        Crc32C.Seal(frame);
        await File.WriteAllBytesAsync(file, octets);
        VerifiedFile damaged = Assert.Single((await EmbeddedObservationStore.VerifyAsync(path)).Files, one => one.Damages.Count > 0);
        Assert.Equal("its index of names does not fit its rows", Assert.Single(damaged.Damages));
    }
}
