using PassiveDns.Storage.Embedded.Files;
using PassiveDns.Storage.Embedded.Operations;
using PassiveDns.Storage.Embedded.Tables;
using PassiveDns.Storage.Embedded.Views;
using PassiveDns.Storage.Keys;

namespace PassiveDns.Storage.Embedded;

internal sealed partial class EmbeddedDatabase
{
    private const int WritingOutTier = 0;

    private readonly Lock _background = new();
    private readonly Queue<SealedMemory> _toFlush = new();
    private readonly HashSet<long> _setAside = [];
    private readonly CancellationTokenSource _closing = new();
    private readonly SemaphoreSlim _flushSignal = new(0);
    private readonly SemaphoreSlim _lowSignal = new(0), _highSignal = new(0);
    private readonly SemaphoreSlim _lowTiers = new(1), _highTiers = new(1);
    private TaskCompletionSource _room = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Exception? _failure;
    private Task[] _threads = [];

    private void StartThreads()
    {
        _threads =
        [
            Task.Factory.StartNew(FlushLoop, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default),
            Task.Factory.StartNew(() => CompactLoop(_lowSignal, _lowTiers, 0, 1), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default),
            Task.Factory.StartNew(() => CompactLoop(_highSignal, _highTiers, 2, int.MaxValue), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default),
        ];
        Wake();
    }

    private void Enqueue(SealedMemory memory)
    {
        lock (_background) _toFlush.Enqueue(memory);
        _flushSignal.Release();
    }

    /// <summary>Says that tables cannot be written, once for each time that it was tried. For those who have the lock of the background.</summary>
    private void ThrowIfNotWritten(bool tryAgain)
    {
        if (_toFlush.Count == 0 || _failure is not { } failure) return;
        _failure = null;
        if (tryAgain) _flushSignal.Release();
        throw new ObservationStoreException($"{Files.Directory} cannot write its tables ({failure.Message}): make room on the disk and try again.", true, failure);
    }

    private void FlushLoop()
    {
        while (true)
        {
            try
            {
                _flushSignal.Wait(_closing.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            SealedMemory? memory;
            lock (_background)
            {
                if (!_toFlush.TryPeek(out memory)) continue;
            }

            Exception? failure = new InvalidOperationException("the thread that writes tables has ended");
            try
            {
                Flush(memory);
                failure = null;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                failure = error; // the log has it all: it is tried again when the next batch comes
            }
            finally
            {
                MakeRoom(failure); // whatever happened, nobody waits for ever
            }
        }
    }

    private void MakeRoom(Exception? failure)
    {
        TaskCompletionSource room;
        lock (_background)
        {
            if (failure is null) _toFlush.Dequeue();
            _failure = failure;
            room = _room;
            _room = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        room.SetResult();
        if (failure is null) Wake();
    }

    /// <summary>Writes what was set apart into a file of the lowest tier, then clears the logs away that it makes needless.</summary>
    private void Flush(SealedMemory memory)
    {
        while (!TryFlush(memory))
        {
            // part of some rows was deleted meanwhile
        }
    }

    /// <returns><c>false</c> if a deletion came meanwhile that judges versions one by one, and these were merged before they were.</returns>
    private bool TryFlush(SealedMemory memory)
    {
        MergeRules rules = new(Deletions, IntervalGap);
        (long? First, long? Last) bounds = default;
        TieredTable? file = memory.Tables.Length == 0 ? null : WriteTable(memory.Tables, WritingOutTier, rules, null, out bounds, CancellationToken.None);
        lock (_structure)
        {
            if (!rules.HoldUnder(_deletions, bounds.First, bounds.Last))
            {
                Discard(file);
                return false;
            }

            Manifest next = _manifest with
            {
                FirstLog = memory.NextLog,
                FirstSeen = memory.FirstSeen,
                LastSeen = memory.LastSeen,
                Ledger = memory.Ledger,
                Tables = file is null ? _manifest.Tables : [.. _manifest.Tables, file.Entry],
            };
            Publish(next, file is null ? [] : [file]);
            _tables.Replace(memory, file);
        }

        try
        {
            foreach (long number in Files.LogNumbers().TakeWhile(number => number < memory.NextLog)) File.Delete(Files.Log(number));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // the manifest does not call for them any more: the next opening clears them away
        }

        return true;
    }

    /// <summary>Takes a table away again that nobody has seen.</summary>
    private static void Discard(TieredTable? table)
    {
        table?.Table.MarkObsolete();
        table?.Table.Release();
    }

    /// <summary>Writes a manifest. If that fails nobody knows which one is on the disk: files that either of them names must stay.</summary>
    private void Publish(Manifest next, IReadOnlyList<TieredTable> added)
    {
        try
        {
            next.Write(Files);
        }
        catch
        {
            foreach (TieredTable file in added) file.Table.Release();
            throw;
        }

        _manifest = next;
    }

    /// <returns>The table; <c>null</c> if all entries were deleted.</returns>
    private TieredTable? WriteTable(
        IReadOnlyList<Table> tables, int tier, MergeRules rules, CompactionOptions? options, out (long? First, long? Last) bounds, CancellationToken cancellationToken)
    {
        rules.FindOrphans(tables, cancellationToken);
        long number;
        lock (_structure)
        {
            number = _manifest.NextTable;
            _manifest = _manifest with { NextTable = number + 1 };
        }

        long gathered = GatheredOctets(tables);
        Interlocked.Add(ref _mergingOctets, gathered);
        try
        {
            int level = CompressionLevel(tier);
            byte[][] dictionaries = level == 0 ? [] : new MergeSample(tables, IntervalGap, rules).Train(level);
            using FileTableBuilder builder = new(Files.Table(number), level, dictionaries, MaxNames, MaxChanges);
            Pace pace = new(tables.Sum(table => table.Octets), options);
            TableMerge.Write(tables, IntervalGap, builder, rules, passed => pace.Keep(passed, passed + builder.Length, cancellationToken), cancellationToken);
            bounds = (builder.FirstSeen, builder.LastSeen);
            if (builder.Count == 0) return null; // an unfinished file is deleted
            builder.Finish();
        }
        finally
        {
            Interlocked.Add(ref _mergingOctets, -gathered);
        }

        DurableDirectory.Sync(Files.Directory);
        return new(number, tier, TableFile.Open(Files.Table(number), _codec, _cache, rules.Ledger.Count));
    }

    /// <summary>What comes from memory is left as it is: it is merged soon, and packing it would cost more than writing it.</summary>
    private static int CompressionLevel(int tier) => tier switch { WritingOutTier => 0, 1 => 1, _ => 3 };

    private void Wake()
    {
        _lowSignal.Release();
        _highSignal.Release();
    }

    private void CompactLoop(SemaphoreSlim signal, SemaphoreSlim turn, int lowest, int highest)
    {
        try
        {
            while (true)
            {
                signal.Wait(_closing.Token);
                turn.Wait(_closing.Token);
                try
                {
                    while (FindTier(lowest, highest) is { } group) CompactOrSetAside(group);
                }
                catch (Exception error) when (error is IOException or UnauthorizedAccessException)
                {
                    // nothing was replaced, so nothing is lost: it is tried again after the next flush
                }
                finally
                {
                    turn.Release();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // closing: what is half merged was deleted
        }
    }

    /// <summary>A table that is damaged is told of and not merged again: it would fail at the same place each time.</summary>
    private void CompactOrSetAside(TieredTable[] group)
    {
        try
        {
            while (!TryCompact(group, group[0].Tier + 1, new(Deletions, IntervalGap), null, _closing.Token))
            {
                // part of some rows was deleted meanwhile
            }
        }
        catch (ObservationStoreException damage) when (Array.Find(group, file => StoreDamage.IsIn(damage, file.Table.Path)) is not null)
        {
            lock (_background) _setAside.Add(Array.Find(group, file => StoreDamage.IsIn(damage, file.Table.Path))!.Number);
            Damages.Add(damage.Message);
        }
    }

    private bool IsSetAside(TieredTable file)
    {
        lock (_background) return _setAside.Contains(file.Number);
    }

    private TieredTable[]? FindTier(int lowest, int highest) =>
        _tables.Files.Where(file => !IsSetAside(file)).GroupBy(file => file.Tier).Where(tier => tier.Key >= lowest && tier.Key <= highest && tier.Count() >= TableSet.TablesPerTier)
            .OrderBy(tier => tier.Key).FirstOrDefault()?.ToArray();

    /// <returns><c>false</c> if a deletion came meanwhile that judges versions one by one, and these were merged before they were.</returns>
    private bool TryCompact(TieredTable[] group, int tier, MergeRules rules, CompactionOptions? options, CancellationToken cancellationToken)
    {
        TieredTable? merged = WriteTable([.. group.Select(file => file.Table)], tier, rules, options, out (long? First, long? Last) bounds, cancellationToken);
        HashSet<long> old = [.. group.Select(file => file.Number)];
        lock (_structure)
        {
            if (!rules.HoldUnder(_deletions, bounds.First, bounds.Last))
            {
                Discard(merged);
                return false;
            }

            List<(long Number, int Tier, int DeletionsApplied)> tables = [.. _manifest.Tables.Where(table => !old.Contains(table.Number))];
            bool isWhole = tables.Count == 0;
            if (merged is not null) tables.Add(merged.Entry);
            Publish(_manifest with { Tables = tables }, merged is null ? [] : [merged]);
            _tables.Replace(group, merged);
            if (isWhole && (bounds.First, bounds.Last) != (_manifest.FirstSeen, _manifest.LastSeen) && _tables.TryResetBounds(bounds.First, bounds.Last))
            {
                Publish(_manifest with { FirstSeen = bounds.First, LastSeen = bounds.Last }, []); // what lay outside is gone
            }
        }

        Wake();
        return true;
    }

    /// <summary>A store of which everything was deleted before it was in a file knows no times.</summary>
    private void ForgetBounds()
    {
        lock (_structure)
        {
            if (_manifest.Tables.Count == 0 && _manifest.FirstSeen is not null && _tables.TryResetBounds(null, null)) Publish(_manifest with { FirstSeen = null, LastSeen = null }, []);
        }
    }

    /// <summary>Merges everything that is in files into one table.</summary>
    /// <param name="options">Throttle and progress.</param>
    /// <param name="judge">Says which merged rows do not get into it, or <c>null</c> to keep all of them.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What the judge looked at and did not keep.</returns>
    public async ValueTask<(long Rows, long Removed)> CompactAsync(CompactionOptions? options, RowJudge? judge, CancellationToken cancellationToken)
    {
        // before what is in memory is written out: else the background merges it with some of what is all merged here
        await _lowTiers.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await _highTiers.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                await FlushAsync(cancellationToken).ConfigureAwait(false);
                while (true)
                {
                    TieredTable[] all = _tables.Files;
                    MergeRules rules = new(Deletions, IntervalGap, judge);
                    bool isInOrder = all.Length == 0 || (all.Length == 1 && all[0].Tier >= 2 && all[0].Table.DeletionsApplied == rules.Ledger.Count);
                    if (all.Length == 0) ForgetBounds();
                    if (isInOrder && (judge is null || all.Length == 0)) return default;
                    using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closing.Token);
                    if (TryCompact(all, Math.Max(2, all.Max(file => file.Tier)), rules, options, either.Token)) return rules.Judged;
                }
            }
            finally
            {
                _highTiers.Release();
            }
        }
        finally
        {
            _lowTiers.Release();
        }
    }

    /// <summary>Writes everything out that is in memory.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_tables.ActiveOctets > 0) SealActive();
        }
        finally
        {
            _turn.Release();
        }

        await WaitUntilFlushedAsync(cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask WaitUntilFlushedAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task room;
            lock (_background)
            {
                if (_toFlush.Count == 0) return;
                ThrowIfNotWritten(tryAgain: false);
                room = _room.Task;
            }

            await room.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Writes everything out, ends the threads and lets go of the directory. Walks that have begun go on.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!IsReadOnly)
        {
            await _turn.WaitAsync().ConfigureAwait(false);
            _isClosing = true;
            _turn.Release();
            try
            {
                await FlushAsync(CancellationToken.None).ConfigureAwait(false);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                // the log has everything that was acknowledged: the next opening reads it
            }

            await _closing.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(_threads).ConfigureAwait(false);
            _log!.Dispose();
            if (_log.Length == Log.LogFormat.HeaderLength) File.Delete(Files.Log(_log.Number));
        }

        _tables.Dispose();
        if (_lockFile is not null) await _lockFile.DisposeAsync().ConfigureAwait(false);
        _rest?.Release();
        while (_assemblies.TryTake(out Log.BatchAssembly? assembly)) assembly.Dispose();
        _closing.Dispose();
        _flushSignal.Dispose();
        _lowSignal.Dispose();
        _highSignal.Dispose();
        _lowTiers.Dispose();
        _highTiers.Dispose();
        _turn.Dispose();
    }
}
