using PassiveDns.Storage.Memory;

namespace PassiveDns.Storage.Conformance.Tests;

/// <summary>A "medium" in memory, so that a store's ends can be tried, and broken, without a disk: the batches that reached it, in order.</summary>
internal sealed class FakeMedium
{
    public List<ObservationBatch> Batches { get; } = [];

    public List<Deletion> Deletions { get; } = [];

    public TimeSpan Gap { get; set; }

    public FakeMedium Copy(int batches)
    {
        FakeMedium copy = new() { Gap = Gap };
        copy.Batches.AddRange(Batches.Take(batches));
        copy.Deletions.AddRange(Deletions);
        return copy;
    }

    public async Task<IObservationStore> ReplayAsync(TimeSpan gap, bool rememberIds, Dictionary<string, FakeMedium> backups, DurabilityFault fault)
    {
        MemoryObservationStore store = new(new() { IntervalGap = gap });
        await store.UniteDeletionsAsync(Deletions);
        ulong other = 1_000_000;
        foreach (ObservationBatch batch in Batches) await store.WriteAsync(rememberIds ? batch : new(batch.Id with { Sequence = ++other }, batch.Rows));
        return new WritesToMedium(store, this, backups, fault);
    }

    private sealed class WritesToMedium(MemoryObservationStore right, FakeMedium medium, Dictionary<string, FakeMedium> backups, DurabilityFault fault)
        : FaultyStore(right), IStoreDeletion, IStoreBackup
    {
        private readonly Lock _batches = new();

        public async ValueTask<RemovalReport> DeleteAsync(DeletionScope scope, DateTimeOffset at, RemovalOptions? options = null, CancellationToken cancellationToken = default)
        {
            RemovalReport report = await right.DeleteAsync(scope, at, options, cancellationToken);
            if (report.Deletion is { } deletion) medium.Deletions.Add(deletion);
            return report;
        }

        public ValueTask<IReadOnlyList<Deletion>> GetDeletionsAsync(CancellationToken cancellationToken = default) => right.GetDeletionsAsync(cancellationToken);

        public ValueTask<int> UniteDeletionsAsync(IEnumerable<Deletion> deletions, CancellationToken cancellationToken = default) =>
            right.UniteDeletionsAsync(deletions, cancellationToken);

        public ValueTask<BackupReport> BackupAsync(string directory, BackupOptions? options = null, CancellationToken cancellationToken = default)
        {
            if (Directory.Exists(directory) && fault != DurabilityFault.BacksUpOverOtherFiles) throw new ObservationStoreException("the directory is not empty");
            lock (_batches)
            {
                FakeMedium copy = medium.Copy(fault == DurabilityFault.BacksUpAllButTheLast ? medium.Batches.Count - 1 : medium.Batches.Count);
                if (fault == DurabilityFault.BacksUpHalfBatches)
                {
                    ObservationBatch last = copy.Batches[^1];
                    ObservationRows half = new();
                    foreach (ObservationRow row in last.Rows)
                    {
                        if (half.Count < last.Rows.Count / 2) half.Add(row);
                    }

                    copy.Batches[^1] = new(last.Id, half);
                }

                backups.Add(directory, copy);
            }

            return new(new BackupReport(1, 0, 1));
        }

        public override async ValueTask<WriteResult> WriteAsync(ObservationBatch batch, CancellationToken cancellationToken = default)
        {
            WriteResult result = await Right.WriteAsync(batch, cancellationToken);
            lock (_batches)
            {
                if (result == WriteResult.Applied) medium.Batches.Add(batch);
            }

            return result;
        }
    }
}

/// <summary>What goes wrong between the end of a store and its next opening.</summary>
internal enum DurabilityFault
{
    None,
    LosesTheLastBatchWhenKilled,
    LosesTheLastBatchWhenClosed,
    ForgetsBatchIds,
    CannotOpenAnEmptyStore,
    ForgetsTheGap,
    ForgetsDeletions,
    BacksUpAllButTheLast,
    BacksUpHalfBatches,
    RestoresWhatWasDeleted,
    BacksUpOverOtherFiles,
}

/// <summary>Stores over a medium in memory.</summary>
internal sealed class DurableFixture(DurabilityFault fault = DurabilityFault.None) : StoreFixture
{
    private readonly Dictionary<IObservationStore, FakeMedium> _media = [];
    private readonly Dictionary<string, FakeMedium> _backups = [];
    private readonly List<string> _directories = [];

    public override bool IsDurable => true;

    public override async ValueTask<IObservationStore> OpenAsync(TimeSpan intervalGap, CancellationToken cancellationToken) =>
        await OpenAsync(new FakeMedium { Gap = intervalGap }, rememberIds: true);

    public override async ValueTask<IObservationStore> ReopenAsync(IObservationStore store, StoreEnd how, CancellationToken cancellationToken)
    {
        FakeMedium medium = _media[store];
        if (how == StoreEnd.Closed) await store.DisposeAsync();
        bool loses = fault == (how == StoreEnd.Killed ? DurabilityFault.LosesTheLastBatchWhenKilled : DurabilityFault.LosesTheLastBatchWhenClosed);
        if (loses && medium.Batches.Count > 0) medium.Batches.RemoveAt(medium.Batches.Count - 1);
        if (fault == DurabilityFault.CannotOpenAnEmptyStore && medium.Batches.Count == 0) throw new ObservationStoreException("no store here");
        if (fault == DurabilityFault.ForgetsDeletions) medium.Deletions.Clear();
        if (fault == DurabilityFault.ForgetsTheGap) medium.Gap = SightingHistory.DefaultIntervalGap;
        return await OpenAsync(medium, fault != DurabilityFault.ForgetsBatchIds);
    }

    public override string NewDirectory()
    {
        _directories.Add(Path.Combine(Path.GetTempPath(), $"pdns-kit-{Guid.NewGuid():n}"));
        return _directories[^1];
    }

    public override async ValueTask<IObservationStore> RestoreAsync(string backup, IReadOnlyList<Deletion> deletions, CancellationToken cancellationToken)
    {
        FakeMedium medium = _backups[backup];
        if (fault != DurabilityFault.RestoresWhatWasDeleted) medium.Deletions.AddRange(deletions);
        return await OpenAsync(medium, rememberIds: true);
    }

    public override ValueTask DisposeAsync()
    {
        foreach (string directory in _directories.Where(Directory.Exists)) Directory.Delete(directory, recursive: true);
        return base.DisposeAsync();
    }

    private async Task<IObservationStore> OpenAsync(FakeMedium medium, bool rememberIds)
    {
        IObservationStore store = await medium.ReplayAsync(medium.Gap, rememberIds, _backups, fault);
        _media.Add(store, medium);
        return store;
    }
}
