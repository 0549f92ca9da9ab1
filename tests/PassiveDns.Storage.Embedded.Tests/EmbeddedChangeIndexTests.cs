using System.Buffers.Binary;
using PassiveDns.Storage.Embedded.Files;
using PassiveDns.Storage.Embedded.Tables;
using PassiveDns.Storage.Keys;
using PassiveDns.Storage.Memory;
using PassiveDns.Storage.Tests;

namespace PassiveDns.Storage.Embedded.Tests;

/// <summary>What changed in a window is found without looking at the rest, and never less than a walk over everything finds.</summary>
public sealed class EmbeddedChangeIndexTests : IDisposable
{
    private const long Day = 86_400;

    private static readonly DateTimeOffset s_now = DateTimeOffset.FromUnixTimeSeconds(400 * Day);

    private readonly StoreDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    private static EmbeddedObservationStore Open(string path) =>
        EmbeddedObservationStore.Open(path, new() { MemoryBytes = EmbeddedStoreOptions.MinMemoryBytes, WriteBufferBytes = 128 << 10 });

    [Fact]
    public async Task A_narrow_window_looks_at_few_rows_wherever_they_are()
    {
        await using EmbeddedObservationStore store = Open(_directory.Next());
        for (int batch = 0; batch < 20; batch++)
        {
            BatchBuilder rows = new();
            for (int i = 0; i < 600; i++) rows.Add($"h{i * 7919L % 1_000_003}.d{batch % 7}.example", "A", $"10.0.{i % 7}.{batch}", (i % 300) * Day, (i % 300) * Day + 100);
            await store.WriteAsync(rows.Build((ulong)batch + 1));
            if (batch == 9) await store.CompactAsync(); // from here on in files of several tiers, and in memory
        }

        foreach (bool compacted in new[] { false, true })
        {
            if (compacted) await store.CompactAsync();
            foreach (QueryAnchor anchor in new QueryAnchor[] { new QueryAnchor.Changed(250 * Day, 250 * Day + 100), new QueryAnchor.FirstSeen(249 * Day + 1, 250 * Day) })
            {
                Answer answer = await Answer.ReadAsync(store, new ObservationQuery(anchor) { ScanBudget = 100 });
                Assert.Equal((40, Completeness.Exact), (answer.Rows.Count, answer.Completeness)); // of 12,000
                Assert.All(answer.Rows, row => Assert.Equal(250 * Day, row.History.FirstSeen));
                List<Observation> walked = [];
                string? continuation = null;
                do
                {
                    Answer part = await Answer.ReadAsync(store, new ObservationQuery(anchor) { Limit = 7, Continuation = continuation });
                    walked.AddRange(part.Rows);
                    continuation = part.Continuation;
                }
                while (continuation is not null);
                Assert.Equal(answer.Rows, walked);
            }
        }
    }

    [Fact]
    public async Task Fences_on_the_first_and_the_last_sighting_look_at_few_rows_too()
    {
        await using EmbeddedObservationStore store = Open(_directory.Next());
        await using MemoryObservationStore model = new();
        for (int batch = 0; batch < 6; batch++)
        {
            BatchBuilder rows = new();
            for (int i = 0; i < 900; i++) rows.Add($"h{i * 7919L % 1_000_003}.d{i % 3}.example", "A", "192.0.2.1", (i % 300 + batch) * Day, (i % 300 + batch) * Day + 100);
            ObservationBatch built = rows.Build((ulong)batch + 1);
            await store.WriteAsync(built);
            await model.WriteAsync(built);
        }

        foreach (TimeFilter time in new TimeFilter[]
        {
            new() { FirstAfter = 290 * Day }, new() { FirstAfter = 200 * Day, FirstBefore = 203 * Day }, new() { LastAfter = 300 * Day }, new() { LastBefore = 8 * Day },
            new() { FirstBefore = 3 * Day }, new() { LastAfter = 300 * Day, FirstBefore = 298 * Day }, TimeFilter.Within(100 * Day, 106 * Day), new() { FirstAfter = 9, FirstBefore = 3 },
        })
        {
            foreach (QueryAnchor anchor in new QueryAnchor[] { new QueryAnchor.Everything(), new QueryAnchor.Subtree(DomainName.Parse("example")), new QueryAnchor.Subtree(DomainName.Parse("d1.example")) })
            {
                ObservationQuery query = new(anchor) { Time = time };
                List<Observation> expected = (await Answer.ReadAsync(model, query)).Rows;
                Assert.Equal(expected, (await Answer.ReadAsync(store, query)).Rows);
                if (time.FirstBefore >= time.FirstAfter || time.FirstAfter is null) Assert.NotEmpty(expected);
            }
        }

        Answer fenced = await Answer.ReadAsync(store, new ObservationQuery(new QueryAnchor.Everything()) { Time = new() { FirstAfter = 298 * Day }, ScanBudget = 200 });
        Assert.Equal((6, Completeness.Exact), (fenced.Rows.Count, fenced.Completeness)); // of 900
    }

    [Fact]
    public async Task What_a_deletion_cuts_changes_where_it_was_cut()
    {
        await using EmbeddedObservationStore store = Open(_directory.Next());
        await using MemoryObservationStore model = new();
        BatchBuilder rows = new();
        for (int i = 0; i < 2_000; i++) rows.Add($"h{i}.d{i % 50}.example", "A", "192.0.2.1", (i % 200) * Day, (i % 200 + 20) * Day, 100);
        ObservationBatch batch = rows.Build(1);
        await store.WriteAsync(batch);
        await model.WriteAsync(batch);
        await store.CompactAsync();
        DeletionScope scope = new() { Subtree = DomainName.Parse("d40.example"), From = 100 * Day, To = 105 * Day };
        await store.DeleteAsync(scope, s_now);
        await model.DeleteAsync(scope, s_now);
        foreach (bool compacted in new[] { false, true })
        {
            if (compacted) await store.CompactAsync();
            foreach ((long from, long to, int found) in new[] { (100 * Day - 1, 100 * Day - 1, 10), (105 * Day + 1, 105 * Day + 9, 10), (102 * Day, 102 * Day, 0) })
            {
                ObservationQuery query = new(new QueryAnchor.Changed(from, to));
                List<Observation> expected = (await Answer.ReadAsync(model, query)).Rows;
                Assert.Equal(expected, (await Answer.ReadAsync(store, query)).Rows);
                Assert.Equal(found, expected.Count(row => row.RrName.ToString().EndsWith(".d40.example.", StringComparison.Ordinal)));
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Whatever_is_written_deleted_and_merged_a_window_finds_what_a_walk_over_everything_finds(int seed)
    {
        Random random = new(seed);
        await using EmbeddedObservationStore store = Open(_directory.Next());
        for (int step = 1; step <= 40; step++)
        {
            BatchBuilder rows = new($"s{random.Next(2)}");
            for (int i = random.Next(20, 300); i > 0; i--)
            {
                long first = random.NextInt64(0, 80) * Day + random.Next(3) * 3_600;
                bool isDnssec = random.Next(9) == 0;
                rows.Add($"h{random.Next(200)}.d{random.Next(6)}.example", isDnssec ? "DS" : "TXT", isDnssec ? "1 13 99 00" : "\"x\"", first, first + random.Next(400_000));
            }

            await store.WriteAsync(rows.Build((ulong)step));
            if (random.Next(8) == 0) await store.CompactAsync();
            if (random.Next(5) == 0) await store.DeleteAsync(RandomScope(random), s_now.AddSeconds(step));
            if (step % 4 != 0) continue;
            List<Observation> all = (await Answer.ReadAsync(store, new ObservationQuery(new QueryAnchor.Everything()) { Types = TypeSelection.All })).Rows;
            for (int i = 0; i < 30; i++)
            {
                long from = random.NextInt64(0, 85) * Day + random.Next(-1, 2), to = from + random.Next(3) switch { 0 => 0, 1 => random.Next(7_200), _ => random.Next(200_000) };
                ObservationQuery changed = new(new QueryAnchor.Changed(from, to)) { Types = TypeSelection.All }, seen = changed with { Anchor = new QueryAnchor.FirstSeen(from, to) };
                Assert.Equal(all.Where(row => row.History.Intervals.Any(one => (one.First >= from && one.First <= to) || (one.Last >= from && one.Last <= to))), (await Answer.ReadAsync(store, changed)).Rows);
                Assert.Equal(all.Where(row => row.History.FirstSeen >= from && row.History.FirstSeen <= to), (await Answer.ReadAsync(store, seen)).Rows);
            }
        }
    }

    private static DeletionScope RandomScope(Random random)
    {
        long from = random.NextInt64(0, 80) * Day;
        return new()
        {
            Subtree = random.Next(3) > 0 ? DomainName.Parse($"d{random.Next(6)}.example") : null,
            Sensor = random.Next(3) == 0 ? new("s1") : null,
            From = from,
            To = from + random.Next(1, 4) * Day,
        };
    }

    [Fact]
    public void An_index_of_many_runs_and_pages_names_the_rows_that_a_plain_search_finds()
    {
        const int Rows = 300_000, RowsPerBlock = 37;
        Random random = new(3);
        List<byte[]> pages = [];
        ChangeIndexBuilder builder = new(page =>
        {
            pages.Add(page.ToArray());
            return (pages.Count - 1, page.Length);
        });
        List<(long First, long Last)[]> truth = [];
        for (int i = 0; i < Rows; i++)
        {
            (long First, long Last)[] intervals = [.. RandomIntervals(random)];
            truth.Add(intervals);
            builder.Add(SightingCodec.Encode(new SightingHistory { Intervals = [.. intervals.Select(one => new SightingInterval(one.First, one.Last, 1))], Witnesses = [] }), out _);
            if (i % RowsPerBlock == RowsPerBlock - 1) builder.EndBlock();
        }

        builder.EndBlock();
        builder.EndRun();
        ChangeIndex index = builder.ToIndex(page => pages[(int)page.Start]);
        Assert.Equal(Rows, index.Rows);
        Assert.True(index.Runs.Length > 1);
        Assert.InRange(pages.Sum(page => page.Length) / (double)Rows, 2, 6); // octets a row
        foreach (ChangeWindow window in new ChangeWindow[]
        {
            new(0, 3_599, false), new(100 * Day, 101 * Day, false), new(100 * Day, 101 * Day, true), new(364 * Day, long.MaxValue, false), new(-5, -1, false), new(7_300, 7_400, false),
        })
        {
            // by whole hours, as the index knows them
            (long from, long to) = (Math.Max(window.From, 0) / 3600 * 3600, window.To > long.MaxValue / 2 ? window.To : Math.Max(window.To, 0) / 3600 * 3600 + 3599);
            int[] expected = [.. Enumerable.Range(0, Rows).Where(row => truth[row].Any(one => (one.First >= from && one.First <= to) || (!window.BeginsOnly && one.Last >= from && one.Last <= to)))];
            List<int> found = [], ofRun = [];
            int first = 0;
            for (int run = 0; run < index.Runs.Length; run++)
            {
                Assert.True(index.TryCollect(run, window, ofRun));
                found.AddRange(ofRun.Select(row => first + row));
                first += index.Runs[run].Rows;
            }

            Assert.Equal(expected, found);
            Assert.InRange(index.Estimate(window, 0, Rows / RowsPerBlock), expected.Length / 3, 3 * expected.Length + 100);
        }

        foreach (int row in new[] { 0, 1, RowsPerBlock - 1, RowsPerBlock, Rows - 1 }) Assert.Equal((row / RowsPerBlock, row % RowsPerBlock), index.Find(row));
        byte[] packed = builder.Pack();
        ChangeIndex again = ChangeIndex.Read(packed, long.MaxValue, page => pages[(int)page.Start])!;
        Assert.Equal((index.Rows, index.Runs.Length), (again.Rows, again.Runs.Length));
        Assert.Equal(index.Runs[1].Pages, again.Runs[1].Pages);
        for (int length = 0; length < packed.Length; length += 1 + packed.Length / 97) Assert.Null(ChangeIndex.Read(packed.AsSpan(0, length), long.MaxValue, _ => default));
    }

    [Fact]
    public async Task Verification_finds_an_index_that_does_not_fit_its_rows()
    {
        string path = _directory.Next();
        await using (EmbeddedObservationStore store = Open(path)) await store.WriteAsync(new BatchBuilder().Add("a.example", "A", "192.0.2.1", 5 * Day, 9 * Day).Build(1));
        string file = Assert.Single(Directory.GetFiles(path, "*.table"));
        byte[] octets = await File.ReadAllBytesAsync(file);
        int mark = octets.AsSpan().IndexOf(TableFile.PageMark);
        Span<byte> frame = octets.AsSpan(mark + 8, BinaryPrimitives.ReadInt32LittleEndian(octets.AsSpan(mark + 4)));
        Assert.Equal(0, frame[^FrameCodec.TailLength]); // so short that it is not packed
        frame[0] ^= 1; // another hour
        Crc32C.Seal(frame);
        await File.WriteAllBytesAsync(file, octets);
        VerifiedFile damaged = Assert.Single((await EmbeddedObservationStore.VerifyAsync(path)).Files, one => one.Damages.Count > 0);
        Assert.Equal("its index of changes does not fit its rows at entry 1", Assert.Single(damaged.Damages));
    }

    private static IEnumerable<(long First, long Last)> RandomIntervals(Random random)
    {
        long at = random.NextInt64(0, 364 * Day);
        for (int left = random.Next(20) == 0 ? random.Next(1, 6) : 1; left > 0; left--)
        {
            long last = at + random.Next(3) switch { 0 => 0, 1 => random.Next(1_800), _ => random.NextInt64(0, 10 * Day) };
            yield return (at, last);
            at = last + 2 * Day + random.Next(100_000);
        }
    }
}
