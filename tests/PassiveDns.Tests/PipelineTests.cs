using PassiveDns.Aggregation;
using PassiveDns.Capture;
using PassiveDns.Storage;
using PassiveDns.Storage.Memory;

namespace PassiveDns.Tests;

public sealed class PipelineTests
{
    private static readonly AggregationOptions s_options = new() { Sensor = new("test"), Epoch = 1, Window = TimeSpan.FromSeconds(2) };

    // No waiting in these tests: a retry comes at once.
    private static readonly PipelineOptions s_atOnce = new() { RetryDelay = TimeSpan.Zero };

    [Fact]
    public async Task Sources_are_read_one_after_the_other_in_the_order_given()
    {
        List<string> targets = [];
        await using MemoryObservationStore store = new();
        await using TappedStore watched = new(store, batch =>
        {
            foreach (ObservationRow row in batch.Rows) targets.Add(row.ToObservation().Rdata[0].ToString());
        });
        PipelineReport report = await new PassiveDnsPipeline(
            [new ListedSource(Responses.RootNs(0..3)), new ListedSource([]), new ListedSource(Responses.RootNs(3..6))], new ResponseAggregator(s_options), watched).RunAsync();
        Assert.Equal(["a.", "b.", "c.", "d.", "e.", "f."], targets.Select(t => t[..2]));
        Assert.Equal([3, 0, 3], report.Sources.Select(s => s.Capture.Observed));
        Assert.True(report.IsComplete);
        Assert.Empty(report.FindImbalances());
        Assert.Equal(6, report.Account.Single(line => line is { Stage: "messages", Fate: "observed" }).Count);
    }

    [Fact]
    public async Task Chaff_goes_to_its_own_store_and_negative_evidence_to_its_own_taker()
    {
        List<NegativeEvidence> missing = [];
        await using MemoryObservationStore store = new();
        await using MemoryObservationStore chaff = new();
        AggregationOptions options = new()
        {
            Sensor = new("test"), Epoch = 1, KeepChaff = true, KeepNegativeEvidence = true, RootHints = RootHints.Load(Sample.RootHintsFile),
        };
        PipelineOptions sinks = new()
        {
            ChaffStore = chaff,
            NegativeEvidence = batch =>
            {
                missing.AddRange(batch.Items);
                return default;
            },
        };
        await using PcapFileSource source = PcapFileSource.Open([Sample.Capture], Sample.Vantage());
        PipelineReport report = await new PassiveDnsPipeline(source, new ResponseAggregator(options), store, sinks).RunAsync();
        Assert.Empty(report.FindImbalances());
        Assert.DoesNotContain(await Sample.ReadAllAsync(store), row => row.Provenance == Provenance.Unverified);
        Assert.Equal(report.Aggregation.ChaffRows, (await Sample.ReadAllAsync(chaff)).Count);
        Assert.All(await Sample.ReadAllAsync(chaff), row => Assert.Equal(Provenance.Unverified, row.Provenance));
        long observed = report.Account.Where(line => line is { Stage: "negatives", Fate: "observed" }).Sum(line => line.Count);
        Assert.True(observed > 0);
        Assert.Equal(observed, missing.Sum(item => item.Sighting.Count));
    }

    [Theory]
    [InlineData(true, false, "PipelineOptions.ChaffStore")]
    [InlineData(false, true, "AggregationOptions.KeepNegativeEvidence")]
    public void What_is_kept_must_be_taken_and_the_other_way_round(bool keepsChaff, bool takesNegatives, string option)
    {
        ResponseAggregator aggregator = new(s_options with { KeepChaff = keepsChaff });
        PipelineOptions options = new() { NegativeEvidence = takesNegatives ? _ => default : null };
        ArgumentException refusal = Assert.Throws<ArgumentException>(() => new PassiveDnsPipeline(new ListedSource([]), aggregator, new MemoryObservationStore(), options));
        Assert.Contains(option, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Live_sources_are_read_at_the_same_time_and_drained_on_stop()
    {
        ListedSource one = new(Responses.RootNs(0..5), isLive: true), other = new(Responses.RootNs(5..9), isLive: true);
        await using MemoryObservationStore store = new();
        using CancellationTokenSource stop = new();
        Task<PipelineReport> run = new PassiveDnsPipeline([one, other], new ResponseAggregator(s_options), store, new() { ReadConcurrently = true }).RunAsync(stop: stop.Token);
        await Task.WhenAll(one.Drained, other.Drained).WaitAsync(TimeSpan.FromSeconds(30));
        await stop.CancelAsync();
        PipelineReport report = await run;
        Assert.False(report.IsComplete);
        Assert.Equal(9, report.Observed);
        Assert.Equal(0, report.Aggregation.Keys);
        Assert.Empty(report.FindImbalances());
        Assert.Equal(9, (await Sample.ReadAllAsync(store)).Count);
    }

    [Fact]
    public async Task A_stopped_live_source_hands_on_what_it_held_back()
    {
        ListedSource source = new(Responses.RootNs(0..30), isLive: true, heldBack: 20); // one a read, so that several reads follow the stop
        await using MemoryObservationStore store = new();
        using CancellationTokenSource stop = new();
        Task<PipelineReport> run = new PassiveDnsPipeline(source, new ResponseAggregator(s_options), store, new() { ReadConcurrently = true }).RunAsync(stop: stop.Token);
        await source.Drained.WaitAsync(TimeSpan.FromSeconds(30));
        await stop.CancelAsync();
        PipelineReport report = await run.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.False(report.IsComplete);
        Assert.Equal(30, report.Aggregation.Responses);
        Assert.Empty(report.FindImbalances());
    }

    [Fact]
    public async Task A_store_that_fails_ends_a_live_run_though_all_buffers_are_full()
    {
        ListedSource source = new(Responses.RootNs(0..200), isLive: true, heldBack: 100);
        await using MemoryObservationStore store = new();
        await using TappedStore broken = new(store, _ => throw new ObservationStoreException("test: broken", isTransient: false));
        PassiveDnsPipeline pipeline = new(source, new ResponseAggregator(s_options), broken);
        await Assert.ThrowsAsync<ObservationStoreException>(() => pipeline.RunAsync().WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task Responses_are_aggregated_while_a_batch_is_written_but_only_so_many_windows_wait()
    {
        ListedSource source = new(Responses.RootNs(0..60)); // two responses a window
        await using MemoryObservationStore store = new();
        PassiveDnsPipeline? pipeline = null;
        bool isFirst = true;
        await using TappedStore slow = new(store, _ =>
        {
            if (!isFirst) return;
            isFirst = false;
            const int Most = 2 * (1 + 1 + 1) + 1; // a window in writing, one that waits, one too many, and the response that ended it
            Assert.True(SpinWait.SpinUntil(() => pipeline!.GetReport().Aggregation.Responses == Most, TimeSpan.FromSeconds(30)));
            Thread.Sleep(100); // time to do what must not happen
            Assert.Equal(Most, pipeline!.GetReport().Aggregation.Responses);
            Assert.False(source.Drained.IsCompleted);
        });
        pipeline = new(source, new ResponseAggregator(s_options), slow);
        PipelineReport report = await pipeline.RunAsync().WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(30, report.BatchesApplied);
        Assert.Equal(60, report.RowsApplied);
        Assert.Empty(report.FindImbalances());
    }

    [Fact]
    public async Task Without_draining_only_finished_batches_are_written()
    {
        ListedSource source = new(Responses.RootNs(0..5), isLive: true); // seconds 0 and 1, 2 and 3, 4: the last window stays open
        await using MemoryObservationStore store = new();
        using CancellationTokenSource stop = new();
        Task<PipelineReport> run = new PassiveDnsPipeline(source, new ResponseAggregator(s_options), store, new() { DrainOnStop = false }).RunAsync(stop: stop.Token);
        await source.Drained.WaitAsync(TimeSpan.FromSeconds(30));
        await stop.CancelAsync();
        PipelineReport report = await run;
        Assert.Equal(2, report.BatchesApplied);
        Assert.Equal(1, report.Aggregation.Keys);
        Assert.Empty(report.FindImbalances());
        Assert.Equal(4, (await Sample.ReadAllAsync(store)).Count);
    }

    [Theory]
    [InlineData(true, 5)]
    [InlineData(false, 4)]
    public async Task A_failing_source_is_told_after_what_it_gave_was_dealt_with(bool drain, int rows)
    {
        ListedSource source = new(Responses.RootNs(0..5), failure: new IOException("test: the disk was pulled out"));
        await using MemoryObservationStore store = new();
        PassiveDnsPipeline pipeline = new(source, new ResponseAggregator(s_options), store, new() { DrainOnStop = drain });
        IOException e = await Assert.ThrowsAsync<IOException>(() => pipeline.RunAsync());
        Assert.Equal("test: the disk was pulled out", e.Message);
        Assert.False(pipeline.GetReport().IsComplete);
        Assert.Equal(5, pipeline.GetReport().Aggregation.Responses);
        Assert.Equal(rows, (await Sample.ReadAllAsync(store)).Count);
    }

    [Fact]
    public async Task One_failing_live_source_ends_the_others_too()
    {
        ListedSource failing = new([], failure: new IOException("test: the interface went down")), healthy = new([], isLive: true);
        await using MemoryObservationStore store = new();
        PassiveDnsPipeline pipeline = new([healthy, failing], new ResponseAggregator(s_options), store, new() { ReadConcurrently = true });
        await Assert.ThrowsAsync<IOException>(() => pipeline.RunAsync().WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task A_transient_failure_of_the_store_is_tried_again_and_nothing_is_lost_or_doubled()
    {
        int calls = 0;
        await using MemoryObservationStore store = new();
        await using TappedStore shaky = new(store, _ =>
        {
            if (++calls % 3 != 0) throw new ObservationStoreException("test: busy", isTransient: true);
        });
        PipelineReport report = await new PassiveDnsPipeline(new ListedSource(Responses.RootNs(0..6)), new ResponseAggregator(s_options), shaky, s_atOnce).RunAsync();
        Assert.Equal(3, report.BatchesApplied);
        Assert.Equal(6, report.WriteRetries);
        Assert.Empty(report.FindImbalances());
        Assert.Equal(6, (await Sample.ReadAllAsync(store)).Sum(row => row.History.Count));
    }

    [Fact]
    public async Task A_write_that_succeeded_but_was_reported_as_failed_counts_once()
    {
        bool first = true;
        await using MemoryObservationStore store = new();
        await using TappedStore forgetful = new(store, batch =>
        {
            if (!first) return;
            first = false;
            Assert.Equal(WriteResult.Applied, store.WriteAsync(batch).AsTask().GetAwaiter().GetResult());
            throw new ObservationStoreException("test: the answer got lost", isTransient: true);
        });
        PipelineReport report = await new PassiveDnsPipeline(new ListedSource(Responses.RootNs(0..2)), new ResponseAggregator(s_options), forgetful, s_atOnce).RunAsync();
        Assert.Equal((0, 1), (report.BatchesApplied, report.BatchesAlreadyApplied));
        Assert.Equal(2, (await Sample.ReadAllAsync(store)).Sum(row => row.History.Count));
    }

    [Fact]
    public async Task The_retries_are_bounded_and_the_waits_grow()
    {
        TimeLine time = new();
        await using MemoryObservationStore store = new();
        await using TappedStore down = new(store, _ => throw new ObservationStoreException("test: down", isTransient: true));
        PassiveDnsPipeline pipeline = new(new ListedSource(Responses.RootNs(0..2)), new ResponseAggregator(s_options), down, new()
        {
            MaxWriteAttempts = 5,
            RetryDelay = TimeSpan.FromSeconds(1),
            MaxRetryDelay = TimeSpan.FromSeconds(3),
            TimeProvider = time,
        });
        await Assert.ThrowsAsync<ObservationStoreException>(() => pipeline.RunAsync());
        Assert.Equal([1, 2, 3, 3], time.Waits.Select(wait => (int)wait.TotalSeconds));
        Assert.Equal(4, pipeline.GetReport().WriteRetries);
    }

    [Fact]
    public async Task A_store_that_fails_for_good_ends_the_run_although_the_source_never_would()
    {
        ListedSource source = new(Responses.RootNs(0..100), isLive: true);
        await using MemoryObservationStore store = new();
        await using TappedStore broken = new(store, _ => throw new ObservationStoreException("test: damaged; restore a backup"));
        PassiveDnsPipeline pipeline = new(source, new ResponseAggregator(s_options), broken);
        ObservationStoreException e = await Assert.ThrowsAsync<ObservationStoreException>(() => pipeline.RunAsync().WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal("test: damaged; restore a backup", e.Message);
    }

    [Fact]
    public async Task Progress_is_told_and_ends_with_the_final_report()
    {
        List<PipelineReport> heard = [];
        await using MemoryObservationStore store = new();
        PipelineReport report = await new PassiveDnsPipeline(
            new ListedSource(Responses.RootNs(0..10)), new ResponseAggregator(s_options), store, new() { ProgressInterval = TimeSpan.Zero }).RunAsync(new Progress(heard));
        Assert.True(heard.Count >= 10);
        Assert.Same(report, heard[^1]);
        Assert.All(heard.SkipLast(1), r => Assert.False(r.HasEnded));
        Assert.Equal(heard.Select(r => r.Aggregation.Responses).Order(), heard.Select(r => r.Aggregation.Responses));
    }

    [Fact]
    public async Task A_pipeline_runs_once()
    {
        await using MemoryObservationStore store = new();
        PassiveDnsPipeline pipeline = new(new ListedSource([]), new ResponseAggregator(s_options), store);
        PipelineReport report = await pipeline.RunAsync();
        Assert.True(report.IsComplete);
        await Assert.ThrowsAsync<InvalidOperationException>(() => pipeline.RunAsync());
    }

    [Fact]
    public void The_account_of_a_run_that_has_not_ended_is_not_checked()
    {
        PassiveDnsPipeline pipeline = new(new ListedSource([]), new ResponseAggregator(s_options), new MemoryObservationStore());
        Assert.Throws<InvalidOperationException>(() => pipeline.GetReport().FindImbalances());
    }

    [Fact]
    public void A_lost_message_is_found()
    {
        AggregationReport aggregation = new ResponseAggregator(s_options).GetReport();
        PipelineReport report = new()
        {
            Sources = [new("test", new() { Packets = 3, Messages = 2, Observed = 1, Account = [new("packets", "udp-message", 2, false), new("messages", "observed", 1, false)] })],
            Aggregation = aggregation,
            HasEnded = true,
        };
        Assert.Equal(3, report.FindImbalances().Count); // a packet, a message, and a response that never entered aggregation
    }

    private sealed class Progress(List<PipelineReport> heard) : IProgress<PipelineReport>
    {
        public void Report(PipelineReport value) => heard.Add(value);
    }

    /// <summary>Time in which every wait is over at once, and is written down.</summary>
    private sealed class TimeLine : TimeProvider
    {
        public List<TimeSpan> Waits { get; } = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Waits.Add(dueTime);
            return base.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }
}
