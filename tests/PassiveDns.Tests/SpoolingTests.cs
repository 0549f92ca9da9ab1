using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using PassiveDns.Aggregation;
using PassiveDns.Storage;
using PassiveDns.Storage.Memory;
using PassiveDns.Storage.Spooling;

namespace PassiveDns.Tests;

public sealed class SpoolingTests : IDisposable
{
    private static readonly AggregationOptions s_options = new() { Sensor = new("test"), Epoch = 1, Window = TimeSpan.FromSeconds(2) };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_store_that_is_down_does_not_hold_back_the_sources_and_gets_everything_in_order_later()
    {
        bool isDown = true;
        List<ulong> written = [];
        await using MemoryObservationStore store = new();
        await using TappedStore shaky = new(store, batch =>
        {
            if (isDown) throw new ObservationStoreException("test: down", isTransient: true);
            written.Add(batch.Id.Sequence);
        });
        ListedSource source = new(Responses.RootNs(0..200), isLive: true);
        using BatchSpool spool = Open();
        using CancellationTokenSource stop = new();
        PassiveDnsPipeline pipeline = new(source, new ResponseAggregator(s_options), shaky, Options(spool));
        Task<PipelineReport> run = pipeline.RunAsync(stop: stop.Token);
        await source.Drained.WaitAsync(TimeSpan.FromSeconds(30)); // the store has not taken one batch
        while (pipeline.GetReport().Aggregation.Responses < 200) await Task.Delay(5);
        isDown = false;
        while (pipeline.GetReport().Spool!.PendingBatches > 0) await Task.Delay(5);
        Assert.Equal(99, written.Count); // the last window is still open
        await stop.CancelAsync();
        PipelineReport report = await run;
        Assert.Equal(Enumerable.Range(1, 100).Select(i => (ulong)i), written);
        Assert.True(report.WriteRetries > 0);
        Assert.Empty(report.FindImbalances());
        Assert.Equal(200, (await Sample.ReadAllAsync(store)).Sum(row => row.History.Count));
    }

    [Fact]
    public async Task A_shutdown_while_the_store_is_down_leaves_the_rest_in_the_spool_for_the_next_run()
    {
        await using MemoryObservationStore store = new();
        await using TappedStore down = new(store, _ => throw new ObservationStoreException("test: down", isTransient: true));
        using (BatchSpool spool = Open())
        {
            ListedSource source = new(Responses.RootNs(0..9), isLive: true);
            using CancellationTokenSource stop = new();
            Task<PipelineReport> run = new PassiveDnsPipeline(source, new ResponseAggregator(s_options), down, Options(spool)).RunAsync(stop: stop.Token);
            await source.Drained.WaitAsync(TimeSpan.FromSeconds(30));
            await stop.CancelAsync();
            PipelineReport report = await run.WaitAsync(TimeSpan.FromSeconds(30));
            Assert.False(report.IsComplete);
            Assert.Equal((5, 5), (report.Aggregation.Batches, report.Spool!.PendingBatches));
            Assert.Equal(5, report.Account.Single(line => line is { Stage: "batches", Fate: "left-in-spool" }).Count);
            Assert.Empty(report.FindImbalances());
        }

        using BatchSpool again = Open();
        PipelineReport second = await new PassiveDnsPipeline(
            new ListedSource(Responses.RootNs(20..22)), new ResponseAggregator(s_options with { Epoch = 2 }), store, Options(again)).RunAsync();
        Assert.True(second.IsComplete);
        Assert.Equal((5, 6), (second.Spool!.RecoveredBatches, second.BatchesApplied));
        Assert.Empty(second.FindImbalances());
        Assert.Equal(11, (await Sample.ReadAllAsync(store)).Sum(row => row.History.Count));
    }

    [Fact]
    public async Task A_store_that_fails_for_good_ends_the_run_and_nothing_is_lost()
    {
        await using MemoryObservationStore store = new();
        await using TappedStore broken = new(store, _ => throw new ObservationStoreException("test: damaged; restore a backup"));
        using (BatchSpool spool = Open())
        {
            // Of seven responses, four are in finished batches when the store fails, or later: all seven are spooled in any case.
            ListedSource source = new(Responses.RootNs(0..7), isLive: true);
            PassiveDnsPipeline pipeline = new(source, new ResponseAggregator(s_options), broken, Options(spool));
            ObservationStoreException e = await Assert.ThrowsAsync<ObservationStoreException>(() => pipeline.RunAsync().WaitAsync(TimeSpan.FromSeconds(30)));
            Assert.Equal("test: damaged; restore a backup", e.Message);
            Assert.Equal(pipeline.GetReport().Aggregation.Batches, spool.GetReport().PendingBatches);
            Assert.Equal(0, pipeline.GetReport().Aggregation.Keys);
        }

        using BatchSpool again = Open();
        PipelineReport second = await new PassiveDnsPipeline(new ListedSource([]), new ResponseAggregator(s_options with { Epoch = 2 }), store, Options(again)).RunAsync();
        Assert.Equal(second.RowsApplied, (await Sample.ReadAllAsync(store)).Count);
        Assert.True(second.RowsApplied > 0);
        Assert.Empty(second.FindImbalances());
    }

    [Fact]
    public async Task A_failing_source_is_told_although_the_store_is_down()
    {
        await using TappedStore down = new(new MemoryObservationStore(), _ => throw new ObservationStoreException("test: down", isTransient: true));
        using BatchSpool spool = Open();
        ListedSource source = new(Responses.RootNs(0..5), failure: new IOException("test: the interface went down"));
        PassiveDnsPipeline pipeline = new(source, new ResponseAggregator(s_options), down, Options(spool));
        IOException e = await Assert.ThrowsAsync<IOException>(() => pipeline.RunAsync().WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal("test: the interface went down", e.Message);
        Assert.Equal(3, spool.GetReport().PendingBatches);
    }

    [Fact]
    public async Task A_spool_that_drops_what_is_newest_keeps_the_account_balanced()
    {
        TaskCompletionSource up = new();
        await using MemoryObservationStore store = new();
        await using TappedStore slow = new(store, _ => up.Task.Wait());
        using BatchSpool spool = BatchSpool.Open(new() { Directory = _folder.FullPath, MaxBytes = 1 << 20, WhenFull = SpoolFullMode.DropNewest });
        ListedSource source = new(Responses.RootNs(0..40_000), isLive: true);
        using CancellationTokenSource stop = new();
        PassiveDnsPipeline pipeline = new(source, new ResponseAggregator(s_options), slow, Options(spool));
        Task<PipelineReport> run = pipeline.RunAsync(stop: stop.Token);
        await source.Drained.WaitAsync(TimeSpan.FromSeconds(120)); // nothing holds it back
        while (pipeline.GetReport().Aggregation.Responses < 40_000) await Task.Delay(5);
        up.SetResult();
        await stop.CancelAsync();
        PipelineReport report = await run;
        Assert.True(report.Spool!.DroppedBatches > 0);
        Assert.Empty(report.FindImbalances());
        Assert.Equal(report.Spool.DroppedBatches, report.Account.Single(line => line is { Stage: "batches", Fate: "spool-full", IsDrop: true }).Count);
    }

    [Fact]
    public async Task An_import_through_a_spool_gives_the_same_store()
    {
        await using MemoryObservationStore expected = new(), store = new();
        await Sample.ImportAsync(expected);
        for (int run = 0; run < 2; run++)
        {
            HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new());
            builder.Services.AddPassiveDns(o =>
            {
                o.Sensor = Sample.Sensor.Value;
                o.ResolversFile = Sample.Resolvers;
                o.RootHintsFile = Sample.RootHintsFile;
                o.SpoolDirectory = _folder.FullPath;
            }).AddPcapFile(Sample.Capture).UseStore(_ => new TappedStore(store, _ => { }));
            IHost host = builder.Build(); // not disposed: the store is this test's
            await host.StartAsync();
            PipelineReport report = await host.Services.GetRequiredService<PipelineRun>().Completion;
            Assert.True(report.IsComplete);
            Assert.Empty(report.FindImbalances());
            Assert.Equal(run == 0 ? 0 : report.Aggregation.Batches, report.BatchesAlreadyApplied);
            Assert.Equal(await Sample.ReadAllAsync(expected), await Sample.ReadAllAsync(store));
            Assert.Empty(Directory.GetFiles(_folder.FullPath, "*.spool"));
        }
    }

    private static PipelineOptions Options(BatchSpool spool) => new()
    {
        Spool = spool,
        RetryDelay = TimeSpan.FromMilliseconds(1),
        MaxRetryDelay = TimeSpan.FromMilliseconds(10),
        DrainTime = TimeSpan.FromMilliseconds(100),
    };

    private BatchSpool Open() => BatchSpool.Open(new() { Directory = _folder.FullPath });
}
