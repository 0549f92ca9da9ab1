using PassiveDns.Aggregation;
using PassiveDns.Storage.Memory;

namespace PassiveDns.Tests;

/// <summary>What imports promise: the same input counts once, however often it is imported and wherever an import was cut off.</summary>
public sealed class ImportTests
{
    [Fact]
    public async Task The_same_import_again_changes_nothing()
    {
        await using MemoryObservationStore store = new();
        PipelineReport first = await Sample.ImportAsync(store);
        List<Observation> rows = await Sample.ReadAllAsync(store);
        PipelineReport second = await Sample.ImportAsync(store);

        Assert.True(first.BatchesApplied > 5);
        Assert.Equal(0, first.BatchesAlreadyApplied);
        Assert.Equal(0, second.BatchesApplied);
        Assert.Equal(0, second.RowsApplied);
        Assert.Equal(first.BatchesApplied, second.BatchesAlreadyApplied);
        Assert.Equal(first.RowsApplied, second.RowsAlreadyApplied);
        Assert.Empty(second.FindImbalances());
        Assert.Equal(rows, await Sample.ReadAllAsync(store));
    }

    [Fact]
    public async Task An_import_that_was_stopped_anywhere_goes_on_where_it_was()
    {
        await using MemoryObservationStore undisturbed = new();
        await Sample.ImportAsync(undisturbed);
        List<Observation> expected = await Sample.ReadAllAsync(undisturbed);

        int partly = 0;
        for (long stopAfter = 1; stopAfter < 450; stopAfter += 23)
        {
            await using MemoryObservationStore store = new();
            using CancellationTokenSource stop = new();
            PipelineReport cut = await Sample.ImportAsync(
                store,
                source => new TappedSource(source, messagesPerRead: 7, observed =>
                {
                    if (observed >= stopAfter) stop.Cancel();
                }),
                stop: stop.Token);

            Assert.False(cut.IsComplete);
            Assert.Empty(cut.FindImbalances());
            if (cut.BatchesApplied > 0) partly++;

            PipelineReport whole = await Sample.ImportAsync(store);
            Assert.True(whole.IsComplete);
            Assert.Equal(cut.BatchesApplied, whole.BatchesAlreadyApplied);
            Assert.Equal(expected, await Sample.ReadAllAsync(store));
        }

        Assert.True(partly > 3, "Stops before, between and after batches were wanted.");
    }

    [Fact]
    public async Task An_import_whose_store_failed_goes_on_where_it_was()
    {
        await using MemoryObservationStore undisturbed = new();
        PipelineReport report = await Sample.ImportAsync(undisturbed);
        List<Observation> expected = await Sample.ReadAllAsync(undisturbed);

        for (int failAt = 1; failAt <= report.BatchesApplied; failAt++)
        {
            await using MemoryObservationStore store = new();
            int writes = 0;
            await using TappedStore failing = new(store, _ =>
            {
                if (++writes == failAt) throw new Storage.ObservationStoreException("test: the disk is full; make room");
            });
            Storage.ObservationStoreException e = await Assert.ThrowsAsync<Storage.ObservationStoreException>(() => Sample.ImportAsync(failing));
            Assert.Contains("disk is full", e.Message, StringComparison.Ordinal);

            PipelineReport whole = await Sample.ImportAsync(store);
            Assert.Equal(failAt - 1, whole.BatchesAlreadyApplied);
            Assert.Equal(expected, await Sample.ReadAllAsync(store));
        }
    }

    [Fact]
    public async Task The_size_of_batches_does_not_change_the_rows()
    {
        await using MemoryObservationStore fine = new(), coarse = new();
        await Sample.ImportAsync(fine, aggregation: Sample.Aggregation(maxRowsPerBatch: 3));
        await Sample.ImportAsync(coarse, aggregation: Sample.Aggregation(maxRowsPerBatch: 50_000));
        Assert.Equal(await Sample.ReadAllAsync(coarse), await Sample.ReadAllAsync(fine));
    }

    [Fact]
    public async Task How_many_responses_hop_at_once_does_not_change_the_batches()
    {
        List<List<(BatchId Id, string Rows)>> runs = [];
        foreach (int messagesPerRead in (int[])[1, 13, 2048])
        {
            List<(BatchId, string)> batches = [];
            await using MemoryObservationStore store = new();
            await using TappedStore watched = new(store, batch => batches.Add((batch.Id, Convert.ToHexString(batch.Rows.Packed))));
            await Sample.ImportAsync(watched, source => new TappedSource(source, messagesPerRead, _ => { }));
            runs.Add(batches);
        }

        Assert.NotEmpty(runs[0]);
        Assert.Equal(runs[0], runs[1]);
        Assert.Equal(runs[0], runs[2]);
    }

    [Fact]
    public async Task Batches_count_from_one_without_holes_under_the_epoch_of_the_import()
    {
        List<BatchId> ids = [];
        await using MemoryObservationStore store = new();
        await using TappedStore watched = new(store, batch => ids.Add(batch.Id));
        AggregationOptions options = Sample.Aggregation();
        await Sample.ImportAsync(watched, aggregation: options);
        Assert.Equal(Enumerable.Range(1, ids.Count).Select(n => new BatchId(Sample.Sensor, options.Epoch, (ulong)n)), ids);
    }
}
