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
    private MemoryArena.Chunk? _rest; // of the last merge of small tables
    private bool _isClosing;

    /// <summary>Applies a batch: by way of the log, or with files of its own if its tables would fill the memory that batches have.</summary>
    public ValueTask<WriteResult> WriteAsync(ObservationBatch batch, CancellationToken cancellationToken)
    {
        if (Ledger.Contains(batch.Id)) return new(WriteResult.AlreadyApplied);
        return ExpectedOctets(batch) > WriteBufferBytes / 2 ? WriteIntoFilesAsync(batch, cancellationToken) : WriteLoggedAsync(batch, cancellationToken);
    }

    /// <summary>
    /// Writers make their tables side by side; the one whose turn it is then writes all that wait as one group with one sync, and the others find
    /// theirs done.
    /// </summary>
    private async ValueTask<WriteResult> WriteLoggedAsync(ObservationBatch batch, CancellationToken cancellationToken)
    {
        long expected = ExpectedOctets(batch);
        await ReserveAsync(expected, cancellationToken).ConfigureAwait(false);
        try
        {
            PendingBatch pending = Assemble(batch);
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
        finally
        {
            Unreserve(expected);
        }
    }

    /// <summary>Makes the tables of a batch: one, or several if sorting all of it at once would take too much room.</summary>
    private PendingBatch Assemble(ObservationBatch batch)
    {
        DeletionLedger deletions = Deletions;
        ObservationBatch left = deletions.Filter.Sift(batch, IntervalGap, out long refused); // what was deleted does not even get into the log
        if (left.Rows.Packed.Length > PartOctets) ObservationKeys.CheckBatch(left); // before its first part
        List<MemoryTable> tables = [];
        SightingInterval? bounds = null;
        BatchAssembly assembly = TakeAssembly();
        long room = assembly.RoomOctets;
        try
        {
            BatchParts.Cut(left, PartOctets, part =>
            {
                if (assembly.Assemble(part, deletions.Count, out SightingInterval? life) is { } table) tables.Add(table);
                bounds = Unite(bounds, life);
            });
        }
        catch
        {
            foreach (MemoryTable table in tables) table.Release();
            throw;
        }
        finally
        {
            Return(assembly, room);
        }

        NoteOctets(left, tables.Sum(table => table.Octets));
        return new(left, tables, bounds, refused);
    }

    private static SightingInterval? Unite(SightingInterval? one, SightingInterval? other) =>
        one is { } a && other is { } b ? new(Math.Min(a.First, b.First), Math.Max(a.Last, b.Last), 0) : one ?? other;

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
            foreach (PendingBatch waiting in group) waiting.Fail(failure);
            _log!.Clear();
        }
    }

    private void Commit(List<PendingBatch> group)
    {
        if (IsFull(group.Sum(written => written.Tables.Sum(table => table.Octets)))) SealActive();
        _group++;
        for (int i = 0; i < group.Count; i++) _log!.Add(group[i].Batch, _group, group.Count - 1 - i);
        _log!.Commit();
        SightingInterval? bounds = null;
        foreach (PendingBatch written in group)
        {
            Ledger.Add(written.Batch.Id);
            Interlocked.Add(ref _refusedRows, written.Refused);
            bounds = Unite(bounds, written.Bounds);
        }

        _tables.Add(group.SelectMany(written => written.Tables), bounds);
        foreach (PendingBatch written in group) written.Finish(WriteResult.Applied);
        MergeSmall();
    }

    /// <summary>
    /// Merges small tables in memory. Those with rows that a deletion still has to judge stay as they are until they are written out, since versions are
    /// judged one by one.
    /// </summary>
    private void MergeSmall()
    {
        while (_tables.FindSmall(Deletions.Count, WriteBufferBytes / 4) is { } small)
        {
            MemoryTable merged = Merge(small);
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

    /// <summary>The tables stay until they are replaced: meanwhile their entries are in memory twice.</summary>
    private MemoryTable Merge(MemoryTable[] small)
    {
        long octets = small.Sum(table => table.Octets);
        Interlocked.Add(ref _mergingOctets, octets);
        try
        {
            using MemoryTable.Builder builder = new(_arena, _rest, small[0].DeletionsApplied);
            _rest = null;
            TableMerge.Write(small, IntervalGap, builder);
            MemoryTable merged = builder.Build();
            _rest = builder.TakeRest();
            return merged;
        }
        finally
        {
            Interlocked.Add(ref _mergingOctets, -octets);
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

    /// <summary>A batch on its way: its tables are made, its record is not in the log yet.</summary>
    private sealed class PendingBatch(ObservationBatch batch, IReadOnlyList<MemoryTable> tables, SightingInterval? bounds, long refused)
    {
        private WriteResult _result;
        private Exception? _failure;

        public ObservationBatch Batch => batch;

        public IReadOnlyList<MemoryTable> Tables => tables;

        public SightingInterval? Bounds => bounds;

        /// <summary>Rows that deletions kept out.</summary>
        public long Refused => refused;

        public bool IsDone { get; private set; }

        public void Finish(WriteResult result)
        {
            if (result == WriteResult.AlreadyApplied) ReleaseTables();
            _result = result;
            IsDone = true;
        }

        public void Fail(Exception failure)
        {
            if (IsDone) return;
            ReleaseTables();
            _failure = failure;
            IsDone = true;
        }

        public WriteResult Result() => _failure is null ? _result : throw NotWritten(_failure);

        private void ReleaseTables()
        {
            foreach (MemoryTable table in tables) table.Release();
        }
    }

    private static Exception NotWritten(Exception failure) => failure switch
    {
        ObjectDisposedException => new ObjectDisposedException(nameof(EmbeddedObservationStore)),
        ObservationStoreException store => new ObservationStoreException(store.Message, store.IsTransient, store),
        _ => new ObservationStoreException($"A batch could not be written: {failure.Message}", failure is IOException, failure),
    };
}
