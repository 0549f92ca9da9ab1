using PassiveDns.Storage.Keys;

namespace PassiveDns.Storage.Memory;

public sealed partial class MemoryObservationStore : IStoreDeletion, IStoreRetention, IStoreSummaries, IStoreMaintenance
{
    private DeletionLedger _deletions = DeletionLedger.Empty;

    /// <inheritdoc/>
    public ValueTask<RemovalReport> DeleteAsync(
        DeletionScope scope, DateTimeOffset at, RemovalOptions? options = null, CancellationToken cancellationToken = default)
    {
        Deletion deletion = Deletion.Of(scope, at, options?.Note ?? "");
        DeletionFilter filter = new([deletion]);
        RemovalReport report = Sweep((scoped in ObservationRow row, out byte[]? history) => filter.Judge(row, IntervalGap, out history), options, [deletion], cancellationToken);
        return new(options?.DryRun == true ? report : report with { Deletion = deletion });
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Deletion>> GetDeletionsAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _current) is null, this);
        return new(Volatile.Read(ref _deletions).Deletions);
    }

    /// <inheritdoc/>
    public ValueTask<int> UniteDeletionsAsync(IEnumerable<Deletion> deletions, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(deletions);
        lock (_writing)
        {
            DeletionLedger united = _deletions.With(deletions);
            int added = united.Count - _deletions.Count;
            if (added == 0) return new(0);
            DeletionFilter filter = united.FilterFrom(_deletions.Count);
            Sweep((scoped in ObservationRow row, out byte[]? history) => filter.Judge(row, IntervalGap, out history), null, united.Deletions, cancellationToken);
            return new(added);
        }
    }

    /// <inheritdoc/>
    public ValueTask<RemovalReport> RetainAsync(
        RetentionPolicy policy, DateTimeOffset at, RemovalOptions? options = null, CancellationToken cancellationToken = default)
    {
        RetentionFilter filter = new(policy, at);
        return new(Sweep(filter.Judge, options, [], cancellationToken));
    }

    /// <inheritdoc/>
    public ValueTask<AnswerSummary> SummarizeAsync(ObservationQuery query, CancellationToken cancellationToken = default) =>
        new(RowWalk.Summarize(query, _secret, OpenSnapshot, cancellationToken));

    /// <inheritdoc/>
    public IAsyncEnumerable<NamePage> ReadNamesAsync(ObservationQuery query, CancellationToken cancellationToken = default) =>
        RowWalk.ReadNamesAsync(query, _secret, OpenSnapshot, cancellationToken);

    /// <inheritdoc/>
    /// <remarks>A store in memory is always in order; nothing is done.</remarks>
    public ValueTask CompactAsync(CompactionOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (options?.BytesPerSecond < 1) throw new ArgumentOutOfRangeException(nameof(options), options.BytesPerSecond, "BytesPerSecond must be 1 or more, or null.");
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _current) is null, this);
        return default;
    }

    /// <inheritdoc/>
    public ValueTask<StoreStatistics> GetStatisticsAsync(CancellationToken cancellationToken = default)
    {
        MemorySnapshot current = Current;
        return new(new StoreStatistics
        {
            Keyspaces = [.. Enum.GetValues<Keyspace>().Select(space =>
                new KeyspaceStatistics(space.ToString().ToLowerInvariant(), current.Map(space).Count, current.Map(space).Octets))],
            MemoryBytes = current.Octets,
            Deletions = Volatile.Read(ref _deletions).Count,
        });
    }

    /// <summary>Holds a judge against everything and publishes what is left as one version.</summary>
    private RemovalReport Sweep(RowJudge judge, RemovalOptions? options, IEnumerable<Deletion> deletions, CancellationToken cancellationToken)
    {
        lock (_writing)
        {
            MemorySnapshot before = Current;
            long rows = before.Rows;
            if (options?.DryRun == true) return KeyedSweep.Count(before, judge, rows, options.Progress, cancellationToken);
            MemoryRemoval removal = new(before);
            RemovalReport report = KeyedSweep.Run(before, judge, removal, rows, options?.Progress, cancellationToken);
            Volatile.Write(ref _deletions, _deletions.With(deletions));
            Volatile.Write(ref _current, removal.ToSnapshot());
            return report;
        }
    }
}
