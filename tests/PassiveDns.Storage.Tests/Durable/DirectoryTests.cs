using System.Text;
namespace PassiveDns.Storage.Tests;

/// <summary>What may be wrong with a directory, and what the error says about it.</summary>
public sealed class DirectoryTests : IDisposable
{
    private static readonly QueryAnchor s_everything = new QueryAnchor.Everything();

    private readonly StoreDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    private static ObservationBatch Batch(ulong sequence, string name = "example.com") =>
        new BatchBuilder().Add(name, "A", "192.0.2.1").Add("example.com", "TXT", "\"" + new string('x', 100) + "\"").Build(sequence);

    private async Task<string> Filled(int batches = 1)
    {
        string path = _directory.Next();
        await using IObservationStore store = TestedStore.Open(path);
        for (int i = 1; i <= batches; i++) await store.WriteAsync(Batch((ulong)i));
        return path;
    }

    /// <summary>What a killed writer leaves: the files as they are while the store is open, with all batches in the log.</summary>
    private async Task<string> Abandoned(int batches)
    {
        string path = _directory.Next(), copy = _directory.Next();
        await using IObservationStore store = TestedStore.Open(path);
        for (int i = 1; i <= batches; i++) await store.WriteAsync(Batch((ulong)i));
        Directory.CreateDirectory(copy);
        foreach (string file in Directory.GetFiles(path).Where(file => Path.GetFileName(file) != "LOCK")) File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        return copy;
    }

    private static void AssertRefused(string path, string expected, Func<string, IObservationStore>? open = null)
    {
        ObservationStoreException refusal = Assert.Throws<ObservationStoreException>(() => (open ?? (p => TestedStore.Open(p)))(path));
        Assert.StartsWith(path, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Fact]
    public async Task Closing_and_opening_keeps_everything()
    {
        string path = _directory.Next();
        Answer before;
        string token;
        await using (IObservationStore store = TestedStore.Open(path, TimeSpan.FromHours(30)))
        {
            await store.WriteAsync(Batch(1));
            await store.WriteAsync(Batch(3, "www.example.com"));
            before = await Answer.ReadAsync(store, s_everything);
            token = (await Answer.ReadAsync(store, new ObservationQuery(s_everything) { Limit = 1 })).Continuation!;
        }

        await using IObservationStore again = TestedStore.Open(path);
        Answer after = await Answer.ReadAsync(again, s_everything);
        Assert.Equal(before.Rows, after.Rows);
        Assert.Equal((before.AsOf, 3), (after.AsOf, after.Rows.Count));
        Assert.Equal(new BatchId(new("s1"), 1, 3), await again.GetLastBatchAsync(new("s1")));
        Assert.Equal(WriteResult.AlreadyApplied, await again.WriteAsync(Batch(1)));
        Assert.Equal(WriteResult.Applied, await again.WriteAsync(Batch(2)));
        Assert.Equal(TimeSpan.FromHours(30), (await again.GetStatusAsync()).IntervalGap);
        Assert.Equal(2, (await Answer.ReadAsync(again, new ObservationQuery(s_everything) { Continuation = token })).Rows.Count);
    }

    [Fact]
    public async Task Another_interval_gap_is_refused()
    {
        string path = await Filled();
        AssertRefused(path, "interval gap of 2.00:00:00, not 1.00:00:00", p => TestedStore.Open(p, TimeSpan.FromDays(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => TestedStore.Open(path, TimeSpan.FromHours(23)));
    }

    [Fact]
    public async Task A_store_in_use_is_refused_as_a_passing_condition()
    {
        string path = _directory.Next();
        await using IObservationStore store = TestedStore.Open(path);
        AssertRefused(path, "is in use");
        if (!OperatingSystem.IsWindows()) AssertRefused(path, TestedStore.OwnerOfLock);
        Assert.True(Assert.Throws<ObservationStoreException>(() => TestedStore.Open(path)).IsTransient);
        await store.WriteAsync(Batch(1));
    }

    [Fact]
    public void A_foreign_directory_is_refused_and_left_alone()
    {
        string path = _directory.Next();
        Directory.CreateDirectory(path);
        File.WriteAllText(Path.Combine(path, "thesis.txt"), "years of work");
        AssertRefused(path, "nothing in it was touched");
        AssertRefused(path, "nothing in it was touched", p => TestedStore.OpenReadOnly(p));
        Assert.Equal([Path.Combine(path, "thesis.txt")], Directory.EnumerateFileSystemEntries(path));
        AssertRefused(Path.Combine(path, "thesis.txt"), "is a file");
    }

    [Fact]
    public void A_foreign_marker_and_a_newer_format_are_refused()
    {
        string path = _directory.Next();
        Directory.CreateDirectory(path);
        string marker = Path.Combine(path, "PASSIVEDNS");
        File.WriteAllText(marker, "PassiveDns other store, format 1\n");
        AssertRefused(path, "holds a store of the kind other");
        File.WriteAllText(marker, "something of somebody\n");
        AssertRefused(path, "something else");
        File.WriteAllText(marker, $"PassiveDns {TestedStore.Kind} store, format 2\nsomething new\n");
        AssertRefused(path, "use a newer version");
        File.WriteAllText(marker, $"PassiveDns {TestedStore.Kind} store, format 1\ninterval gap 5 s\n");
        AssertRefused(path, "is damaged");
        File.WriteAllText(marker, $"PassiveDns {TestedStore.Kind} store, format 1\n");
        AssertRefused(path, "is damaged");
    }

    [Fact]
    public async Task An_empty_directory_becomes_a_store()
    {
        string path = _directory.Next();
        Directory.CreateDirectory(path);
        await using IObservationStore store = TestedStore.Open(path);
        Assert.Equal(WriteResult.Applied, await store.WriteAsync(Batch(1)));
    }

    [Theory]
    [MemberData(nameof(TestedStore.Vital), MemberType = typeof(TestedStore))]
    public async Task Damage_to_the_files_that_hold_it_together_is_found_at_once(string pattern)
    {
        string path = await Filled(3);
        string file = Directory.GetFiles(path, pattern).Single();
        await File.WriteAllBytesAsync(file, Encoding.ASCII.GetBytes("garbage"));
        AssertRefused(path, "is damaged");
        File.Delete(file);
        AssertRefused(path, "is damaged");
    }

    [Fact]
    public async Task Damage_in_a_table_is_reported_by_the_walk_that_meets_it()
    {
        string path = _directory.Next();
        await using (IObservationStore store = TestedStore.Open(path))
        {
            BatchBuilder rows = new();
            for (int i = 0; i < 20_000; i++) rows.Add($"h{i * 7919L % 1_000_003}.example.com", "A", "192.0.2.1");
            await store.WriteAsync(rows.Build(1));
        }

        foreach (string table in Directory.GetFiles(path, TestedStore.TablePattern))
        {
            byte[] octets = await File.ReadAllBytesAsync(table);
            if (octets.Length < 50_000) continue;
            for (int i = octets.Length / 3; i < octets.Length / 2; i += 100) octets[i] ^= 0xFF;
            await File.WriteAllBytesAsync(table, octets);
        }

        await using IObservationStore damaged = TestedStore.Open(path);
        ObservationStoreException failure = await Assert.ThrowsAsync<ObservationStoreException>(() => Answer.ReadAsync(damaged, s_everything));
        Assert.Contains("is damaged", failure.Message, StringComparison.Ordinal);
        Assert.False(failure.IsTransient);
    }

    [Fact]
    public async Task Damage_in_the_middle_of_the_log_is_not_passed_over()
    {
        string path = await Abandoned(20);
        FileInfo log = new DirectoryInfo(path).GetFiles("*.log").MaxBy(file => file.Length)!;
        byte[] octets = await File.ReadAllBytesAsync(log.FullName);
        octets[octets.Length / 2] ^= 0xFF;
        await File.WriteAllBytesAsync(log.FullName, octets);
        AssertRefused(path, "is damaged"); // else batches that were acknowledged would be missing without a word
    }

    [Fact]
    public async Task A_log_cut_off_in_its_last_record_loses_only_the_batch_that_was_being_written()
    {
        string path = await Abandoned(20);
        FileInfo log = new DirectoryInfo(path).GetFiles("*.log").MaxBy(file => file.Length)!;
        using (FileStream file = log.Open(FileMode.Open)) file.SetLength(file.Length - 5);
        await using IObservationStore store = TestedStore.Open(path);
        Assert.Equal(19UL, (await store.GetLastBatchAsync(new("s1")))!.Value.Sequence);
        Assert.All((await Answer.ReadAsync(store, s_everything)).Rows, row => Assert.Equal(19, row.History.Count));
    }

    [Fact]
    public async Task A_store_can_be_read_while_it_is_written()
    {
        string path = _directory.Next();
        AssertRefused(path, "holds no store yet", p => TestedStore.OpenReadOnly(p));
        Assert.False(Directory.Exists(path));
        await using IObservationStore writer = TestedStore.Open(path);
        await writer.WriteAsync(Batch(1));
        await using IObservationStore reader = TestedStore.OpenReadOnly(path);
        await writer.WriteAsync(Batch(2));
        Answer answer = await Answer.ReadAsync(reader, s_everything);
        Assert.Equal(2, answer.Rows.Count);
        Assert.All(answer.Rows, row => Assert.Equal(1, row.History.Count));
        Assert.Equal(1UL, (await reader.GetLastBatchAsync(new("s1")))!.Value.Sequence);
        Assert.Equal(2, (await reader.GetStatusAsync()).Rows);
        await Assert.ThrowsAsync<NotSupportedException>(async () => await reader.WriteAsync(Batch(3)));
    }

    [Fact]
    public async Task A_store_can_be_opened_for_reading_while_the_writer_moves_its_files()
    {
        string path = _directory.Next();
        await using IObservationStore writer = TestedStore.OpenSmall(path);
        await writer.WriteAsync(Batch(1));
        using CancellationTokenSource stop = new();
        Task writing = Task.Run(async () =>
        {
            for (ulong sequence = 2; !stop.IsCancellationRequested; sequence++)
            {
                BatchBuilder rows = new();
                for (int i = 0; i < 1_000; i++) rows.Add($"h{i}.d{sequence % 7}.example.com", "A", $"10.0.0.{sequence % 250}");
                await writer.WriteAsync(rows.Build(sequence));
                await Task.Delay(4);
            }
        });
        for (int i = 0; i < 6; i++)
        {
            await using IObservationStore reader = TestedStore.OpenReadOnly(path);
            ulong last = (await reader.GetLastBatchAsync(new("s1")))!.Value.Sequence;
            List<Observation> rows = (await Answer.ReadAsync(reader, s_everything)).Rows;
            Assert.Equal(2 + 1_000 * ((long)last - 1), rows.Sum(row => row.History.Count)); // whole batches only
        }

        await stop.CancelAsync();
        await writing;
    }

    [Fact]
    public async Task A_walk_goes_on_when_the_store_is_closed_under_it()
    {
        BatchBuilder rows = new();
        for (int i = 0; i < 2_000; i++) rows.Add($"h{i}.example.com", "A", "192.0.2.1");
        string path = _directory.Next();
        IObservationStore store = TestedStore.Open(path);
        await store.WriteAsync(rows.Build(1));
        int read = 0;
        await foreach (RecordPage page in store.ReadAsync(new(s_everything)))
        {
            await store.DisposeAsync();
            read += page.Rows.Count;
        }

        Assert.Equal(2_000, read);
        await using IObservationStore again = TestedStore.Open(path); // and the directory is free then
    }

    [Fact]
    public async Task A_walk_that_is_given_up_lets_go_of_the_store()
    {
        string path = await Filled();
        IObservationStore store = TestedStore.Open(path);
        await foreach (RecordPage _ in store.ReadAsync(new(s_everything))) break;
        await store.DisposeAsync();
        await using IObservationStore again = TestedStore.Open(path);
    }

    [Fact]
    public async Task Rows_are_the_same_after_everything_was_written_out_and_compacted()
    {
        string path = _directory.Next();
        await using Memory.MemoryObservationStore reference = new();
        for (int round = 0; round < 5; round++)
        {
            await using IObservationStore store = TestedStore.OpenSmall(path);
            for (ulong i = 1; i <= 6; i++)
            {
                BatchBuilder rows = new();
                for (int j = 0; j < 4_000; j++) rows.Add($"h{j * 7 % 5_000}.d{j % 13}.example.com", "A", $"10.0.{j % 5}.{(int)i}", (long)i * 400_000 + j);
                ObservationBatch batch = rows.Build((ulong)round * 6 + i);
                await store.WriteAsync(batch);
                await reference.WriteAsync(batch);
            }
        }

        await using IObservationStore last = TestedStore.OpenSmall(path);
        Assert.NotEmpty(Directory.GetFiles(path, TestedStore.TablePattern));
        Assert.Equal((await Answer.ReadAsync(reference, s_everything)).Rows, (await Answer.ReadAsync(last, s_everything)).Rows);
        foreach (string name in new[] { "h7.d1.example.com", "h0.d0.example.com", "nobody.example.com" })
        {
            QueryAnchor anchor = new QueryAnchor.OwnerName(DomainName.Parse(name));
            Assert.Equal((await Answer.ReadAsync(reference, anchor)).Rows, (await Answer.ReadAsync(last, anchor)).Rows);
        }
    }
}
