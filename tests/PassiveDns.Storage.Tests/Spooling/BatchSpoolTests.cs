using PassiveDns.Storage.Spooling;

namespace PassiveDns.Storage.Tests.Spooling;

public sealed class BatchSpoolTests : IDisposable
{
    private readonly SpoolFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Batches_come_out_in_order_and_leave_nothing_behind()
    {
        using BatchSpool spool = _folder.Open();
        foreach (ulong number in SpoolFolder.Numbers(1, 100)) Assert.True(await spool.AppendAsync(SpoolFolder.Batch(number)));
        Assert.True(_folder.Segments.Length > 3);
        Assert.Equal((100, 300), (spool.GetReport().PendingBatches, spool.GetReport().PendingRows));
        Assert.Equal(_folder.Segments.Sum(path => new FileInfo(path).Length), spool.GetReport().Bytes);
        Assert.Equal(SpoolFolder.Numbers(1, 100), SpoolFolder.Drain(spool));
        Assert.Equal((0, 0, 0), (spool.GetReport().PendingBatches, spool.GetReport().PendingRows, spool.GetReport().Bytes));
        Assert.Empty(_folder.Segments);
    }

    [Fact]
    public async Task What_was_not_acknowledged_comes_again_with_the_same_id()
    {
        using (BatchSpool first = _folder.Open())
        {
            foreach (ulong number in SpoolFolder.Numbers(1, 40)) await first.AppendAsync(SpoolFolder.Batch(number));
            Assert.True(first.TryRead(out ObservationBatch? batch));
            Assert.True(first.TryRead(out ObservationBatch? again));
            Assert.Same(batch, again);
        }

        using BatchSpool second = _folder.Open();
        Assert.Equal((40, 120), (second.GetReport().RecoveredBatches, second.GetReport().RecoveredRows));
        await second.AppendAsync(SpoolFolder.Batch(41));
        Assert.Equal(SpoolFolder.Numbers(1, 41), SpoolFolder.Drain(second));
        Assert.Empty(_folder.Segments);
    }

    [Fact]
    public async Task A_reader_that_keeps_up_with_a_writer_gets_everything_once()
    {
        using BatchSpool spool = _folder.Open();
        Task writing = Task.Run(async () =>
        {
            foreach (ulong number in SpoolFolder.Numbers(1, 500)) await spool.AppendAsync(SpoolFolder.Batch(number));
        });
        List<ulong> read = [];
        while (read.Count < 500)
        {
            await spool.WaitToReadAsync(TestContext.Current.CancellationToken);
            read.AddRange(SpoolFolder.Drain(spool));
        }

        await writing;
        Assert.Equal(SpoolFolder.Numbers(1, 500), read);
        Assert.Empty(_folder.Segments);
    }

    [Fact]
    public async Task A_full_spool_lets_a_batch_wait_until_there_is_room()
    {
        using BatchSpool spool = _folder.Open(maxBytes: 1 << 20);
        ulong number = 0;
        while (spool.GetReport().Bytes < (1 << 20) - 120_000) await spool.AppendAsync(SpoolFolder.Batch(++number, rows: 1000));
        ValueTask<bool> waiting = spool.AppendAsync(SpoolFolder.Batch(++number, rows: 6000));
        Assert.False(waiting.IsCompleted);
        Assert.True(spool.TryRead(out _));
        spool.Acknowledge();
        while (!waiting.IsCompleted && spool.TryRead(out _)) spool.Acknowledge();
        Assert.True(await waiting);
        Assert.True(spool.GetReport().Bytes <= 1 << 20);
        Assert.Equal(number, SpoolFolder.Drain(spool)[^1]);
    }

    [Fact]
    public async Task A_process_that_ends_may_exceed_the_bound()
    {
        using BatchSpool spool = _folder.Open();
        await spool.AppendAsync(SpoolFolder.Batch(1, rows: 20_000)); // larger than the spool: it finds room because the spool is empty
        using CancellationTokenSource hurry = new();
        ValueTask<bool> waiting = spool.AppendAsync(SpoolFolder.Batch(2), hurry.Token);
        Assert.False(waiting.IsCompleted);
        await hurry.CancelAsync();
        Assert.True(await waiting);
        Assert.Equal([1UL, 2], SpoolFolder.Drain(spool));
    }

    [Fact]
    public async Task A_full_spool_may_drop_what_is_newest_and_counts_it()
    {
        using BatchSpool spool = _folder.Open(whenFull: SpoolFullMode.DropNewest);
        await spool.AppendAsync(SpoolFolder.Batch(1, rows: 20_000));
        Assert.False(await spool.AppendAsync(SpoolFolder.Batch(2)));
        SpoolReport report = spool.GetReport();
        Assert.Equal((1, 3, 1), (report.DroppedBatches, report.DroppedRows, report.AppendedBatches));
        Assert.Equal([1UL], SpoolFolder.Drain(spool));
        Assert.True(await spool.AppendAsync(SpoolFolder.Batch(3)));
    }

    [Fact]
    public void A_directory_belongs_to_one_spool_at_a_time()
    {
        using BatchSpool spool = _folder.Open();
        IOException refusal = Assert.Throws<IOException>(() => _folder.Open());
        Assert.Contains("another process uses this spool", refusal.Message);
    }

    [Fact]
    public void Acknowledging_nothing_is_misuse()
    {
        using BatchSpool spool = _folder.Open();
        Assert.Throws<InvalidOperationException>(spool.Acknowledge);
    }

    [Fact]
    public void Bounds_are_checked()
    {
        Assert.Contains("MaxBytes", Assert.Throws<ArgumentOutOfRangeException>(() => _folder.Open(maxBytes: 1000)).Message);
        Assert.Contains("SegmentBytes", Assert.Throws<ArgumentOutOfRangeException>(() => _folder.Open(segmentBytes: 1000)).Message);
    }
}
