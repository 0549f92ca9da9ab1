using System.Collections.Concurrent;
using PassiveDns.Storage.Embedded.Log;
using PassiveDns.Storage.Embedded.Tables;
using PassiveDns.Storage.Embedded.Views;
using PassiveDns.Storage.Keys;

namespace PassiveDns.Storage.Embedded;

internal sealed partial class EmbeddedDatabase
{
    private readonly SemaphoreSlim _turn = new(1);
    private readonly ConcurrentQueue<PendingBatch> _pending = new();
    private readonly ConcurrentBag<BatchAssembly> _assemblies = [];
    private bool _isClosing;

    /// <summary>
    /// Applies a batch. Writers make their tables side by side; the one whose turn it is then writes all that wait as one group with one sync,
    /// and the others find theirs done.
    /// </summary>
    public async ValueTask<WriteResult> WriteAsync(ObservationBatch batch, CancellationToken cancellationToken)
    {
        if (Ledger.Contains(batch.Id)) return WriteResult.AlreadyApplied;
        await WaitForRoomAsync(cancellationToken).ConfigureAwait(false);
        BatchAssembly assembly = TakeAssembly();
        long room = assembly.RoomOctets;
        PendingBatch pending;
        try
        {
            // what was deleted does not even get into the log
            DeletionLedger deletions = Deletions;
            ObservationBatch left = deletions.Filter.Sift(batch, IntervalGap, out long refused);
            pending = new(left, assembly.Assemble(left, deletions.Count, out SightingInterval? bounds), bounds, refused);
        }
        finally
        {
            Return(assembly, room);
        }

        _pending.Enqueue(pending);
        await _turn.WaitAsync(CancellationToken.None).ConfigureAwait(false); // enqueued is as good as written: nothing may be cancelled now
        try
        {
            if (!pending.IsDone) CommitAll();
        }
        finally
        {
            _turn.Release();
        }

        return pending.Result();
    }

    private void CommitAll()
    {
        List<PendingBatch> group = [];
        HashSet<BatchId> ids = [];
        while (_pending.TryDequeue(out PendingBatch? next))
        {
            if (Ledger.Contains(next.Batch.Id) || !ids.Add(next.Batch.Id)) next.Finish(WriteResult.AlreadyApplied);
            else group.Add(next);
        }

        if (group.Count == 0) return;
        try
        {
            ObjectDisposedException.ThrowIf(_isClosing, typeof(EmbeddedObservationStore));
            Commit(group);
        }
        catch (Exception failure)
        {
            _log!.Clear();
            foreach (PendingBatch waiting in group) waiting.Fail(failure);
        }
    }

    private void Commit(List<PendingBatch> group)
    {
        long octets = group.Sum(written => written.Table?.Octets ?? 0);
        Volatile.Write(ref _lastTableOctets, octets);
        if (IsFull(octets)) SealActive();
        _group++;
        for (int i = 0; i < group.Count; i++) _log!.Add(group[i].Batch, _group, group.Count - 1 - i);
        _log!.Commit();
        SightingInterval? bounds = null;
        foreach (PendingBatch written in group)
        {
            Ledger.Add(written.Batch.Id);
            Interlocked.Add(ref _refusedRows, written.Refused);
            if (written.Bounds is { } b) bounds = bounds is { } all ? new(Math.Min(all.First, b.First), Math.Max(all.Last, b.Last), 0) : b;
        }

        _tables.Add(group.Where(written => written.Table is not null).Select(written => written.Table!), bounds);
        foreach (PendingBatch written in group) written.Finish(WriteResult.Applied);
        MergeSmall();
    }

    /// <summary>
    /// Merges small tables in memory. Those with rows that a deletion still has to judge stay as they are until they are written out, since versions are
    /// judged one by one.
    /// </summary>
    private void MergeSmall()
    {
        while (_tables.FindSmall(Deletions.Count) is { } small)
        {
            using MemoryTable.Builder builder = new(_arena, null, small[0].DeletionsApplied);
            TableMerge.Write(small, IntervalGap, builder);
            MemoryTable merged = builder.Build();
            lock (_structure)
            {
                if (merged.DeletionsApplied == _deletions.Count)
                {
                    _tables.Replace(small, merged);
                    continue;
                }
            }

            merged.Release();
        }
    }

    /// <summary>Begins a new log and hands what is in memory to the thread that writes it out.</summary>
    private void SealActive()
    {
        LogWriter next = LogWriter.Create(Files, _log!.Number + 1);
        _log.Dispose();
        _log = next;
        Enqueue(_tables.Seal(next.Number, Ledger.EncodeAll()));
    }

    /// <summary>A batch on its way: its table is made, its record is not in the log yet.</summary>
    private sealed class PendingBatch(ObservationBatch batch, MemoryTable? table, SightingInterval? bounds, long refused)
    {
        private WriteResult _result;
        private Exception? _failure;

        public ObservationBatch Batch => batch;

        public MemoryTable? Table => table;

        public SightingInterval? Bounds => bounds;

        /// <summary>Rows that deletions kept out.</summary>
        public long Refused => refused;

        public bool IsDone { get; private set; }

        public void Finish(WriteResult result)
        {
            if (result == WriteResult.AlreadyApplied) table?.Release();
            _result = result;
            IsDone = true;
        }

        public void Fail(Exception failure)
        {
            if (IsDone) return;
            table?.Release();
            _failure = failure;
            IsDone = true;
        }

        public WriteResult Result()
        {
            if (_failure is null) return _result;
            if (_failure is ObservationStoreException store) throw new ObservationStoreException(store.Message, store.IsTransient, store);
            ObjectDisposedException.ThrowIf(_failure is ObjectDisposedException, typeof(EmbeddedObservationStore));
            throw new ObservationStoreException($"A batch could not be written: {_failure.Message}", _failure is IOException, _failure);
        }
    }
}
