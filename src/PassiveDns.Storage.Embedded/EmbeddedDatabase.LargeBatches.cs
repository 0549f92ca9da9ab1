using PassiveDns.Storage.Embedded.Files;
using PassiveDns.Storage.Embedded.Log;
using PassiveDns.Storage.Embedded.Tables;
using PassiveDns.Storage.Embedded.Views;
using PassiveDns.Storage.Keys;

namespace PassiveDns.Storage.Embedded;

internal sealed partial class EmbeddedDatabase
{
    /// <summary>
    /// Applies a batch whose tables memory should not hold all at once. They go into files that no manifest names; when all of it is on the disk, one manifest
    /// names the files and has the batch in its ledger. So the batch needs no log: it is there with that manifest, or not at all, and the next opening clears
    /// its files away. All that was acknowledged before it is written out first, since a manifest knows batches up to a log and none of a later one.
    /// </summary>
    private async ValueTask<WriteResult> WriteIntoFilesAsync(ObservationBatch batch, CancellationToken cancellationToken)
    {
        ObservationKeys.CheckBatch(batch);
        await FlushAsync(cancellationToken).ConfigureAwait(false);
        long room = WriteBufferBytes / 2;
        await ReserveAsync(room, cancellationToken).ConfigureAwait(false);
        try
        {
            using HiddenTables hidden = new(this, room);
            MakeFiles(batch, hidden, cancellationToken);
            return await ShowAsync(batch.Id, hidden).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw NotWritten(failure);
        }
        finally
        {
            Unreserve(room);
        }
    }

    private void MakeFiles(ObservationBatch batch, HiddenTables hidden, CancellationToken cancellationToken)
    {
        BatchAssembly assembly = TakeAssembly();
        long before = assembly.RoomOctets;
        try
        {
            BatchParts.Cut(batch, PartOctets, part =>
            {
                ObservationBatch left = hidden.Deletions.Filter.Sift(part, IntervalGap, out long refused);
                MemoryTable? table = assembly.Assemble(left, hidden.Deletions.Count, out SightingInterval? life);
                if (table is not null) NoteOctets(left, table.Octets);
                hidden.Add(table, life, refused, cancellationToken);
            });
            hidden.WriteOut(cancellationToken);
        }
        finally
        {
            Return(assembly, before);
        }
    }

    /// <summary>Shows a batch that is in files, with the manifest that names them.</summary>
    private async ValueTask<WriteResult> ShowAsync(BatchId id, HiddenTables hidden)
    {
        await _turn.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_isClosing, typeof(EmbeddedObservationStore));
            if (Ledger.Contains(id)) return WriteResult.AlreadyApplied;
            if (_log!.Length > LogFormat.HeaderLength) SealActive(); // also a log of nothing but ids: the manifest will have those
            await WaitUntilFlushedAsync(CancellationToken.None).ConfigureAwait(false);
            List<(byte[] Key, byte[] Ranges)> ledger = [.. Ledger.EncodeAll()];
            byte[] key = BatchLedger.KeyOf(id);
            ledger.RemoveAll(entry => entry.Key.AsSpan().SequenceEqual(key));
            ledger.Add((key, Ledger.EncodeWith(id)));
            lock (_structure)
            {
                SightingInterval? bounds = _manifest.FirstSeen is { } first && _manifest.LastSeen is { } last ? Unite(new SightingInterval(first, last, 0), hidden.Bounds) : hidden.Bounds;
                Manifest next = _manifest with
                {
                    FirstLog = _log.Number,
                    FirstSeen = bounds?.First,
                    LastSeen = bounds?.Last,
                    Ledger = ledger,
                    Tables = [.. _manifest.Tables, .. hidden.Files.Select(file => file.Entry)],
                };
                List<TieredTable> files = hidden.TakeFiles();
                Publish(next, files);
                Ledger.Add(id);
                _tables.Add(files, hidden.Bounds);
            }

            Interlocked.Add(ref _refusedRows, hidden.Refused);
        }
        finally
        {
            _turn.Release();
        }

        Wake();
        return WriteResult.Applied;
    }

    /// <summary>What there is of a batch whose tables go into files: nobody sees it, and what is not taken over is taken away again.</summary>
    /// <param name="database">The store.</param>
    /// <param name="most">Octets of tables in memory before they are written out.</param>
    private sealed class HiddenTables(EmbeddedDatabase database, long most) : IDisposable
    {
        private readonly List<MemoryTable> _tables = [];
        private List<TieredTable> _files = [];
        private long _held;

        /// <summary>The deletions that all rows are judged by. If more come meanwhile, readers hold them against the files, as against any that were there before.</summary>
        public DeletionLedger Deletions { get; } = database.Deletions;

        public IReadOnlyList<TieredTable> Files => _files;

        public SightingInterval? Bounds { get; private set; }

        /// <summary>Rows that deletions kept out.</summary>
        public long Refused { get; private set; }

        /// <param name="table">The table of a part, or <c>null</c> if nothing is left of it.</param>
        /// <param name="bounds">The sightings in it.</param>
        /// <param name="refused">Rows of the part that deletions kept out.</param>
        /// <param name="cancellationToken">Gives up.</param>
        public void Add(MemoryTable? table, SightingInterval? bounds, long refused, CancellationToken cancellationToken)
        {
            Refused += refused;
            if (table is null) return;
            Bounds = Unite(Bounds, bounds);
            _tables.Add(table);
            _held += table.Octets;
            if (_held + table.Octets > most) WriteOut(cancellationToken); // the next one will be as long
        }

        /// <summary>Writes a file of the tables in memory.</summary>
        public void WriteOut(CancellationToken cancellationToken)
        {
            if (_tables.Count == 0) return;
            TieredTable file = database.WriteTable(_tables, WritingOutTier, new(Deletions, database.IntervalGap), null, out _, cancellationToken)!; // nothing in them was deleted
            _files.Add(file);
            Interlocked.Add(ref database._hiddenOctets, file.Table.ResidentOctets);
            ReleaseTables();
        }

        /// <summary>The files, which are the caller's now.</summary>
        public List<TieredTable> TakeFiles()
        {
            Interlocked.Add(ref database._hiddenOctets, -_files.Sum(file => file.Table.ResidentOctets));
            List<TieredTable> files = _files;
            _files = [];
            return files;
        }

        public void Dispose()
        {
            ReleaseTables();
            foreach (TieredTable file in TakeFiles()) Discard(file);
        }

        private void ReleaseTables()
        {
            foreach (MemoryTable table in _tables) table.Release();
            _tables.Clear();
            _held = 0;
        }
    }
}
