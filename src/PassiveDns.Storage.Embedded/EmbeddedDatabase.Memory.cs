using PassiveDns.Storage.Embedded.Log;
using PassiveDns.Storage.Embedded.Tables;

namespace PassiveDns.Storage.Embedded;

internal sealed partial class EmbeddedDatabase
{
    private const double MostTablesOfRows = 16;

    private long _sortingOctets;
    private long _mergingOctets;
    private long _hiddenOctets; // of files that no manifest names yet
    private long _reservedOctets; // guarded by _background
    private double _tableOfRows = 4;

    /// <summary>Octets that the store takes, with all that it may take for unpacked blocks.</summary>
    public long MemoryInUse
    {
        get
        {
            lock (_background) return _options.BlockCacheBytes + HeldOctets + _reservedOctets + _tables.MemoryOctets;
        }
    }

    /// <summary>
    /// How much batches in memory may take before they are written out: half of what the others leave, since as much again may be on its way into a file. It does
    /// not get less than a sixteenth of the memory, or the store would write and merge without end.
    /// </summary>
    private long WriteBufferBytes =>
        Math.Min(_options.WriteBufferBytes, Math.Max((_options.MemoryBytes - _options.BlockCacheBytes - HeldOctets) / 2, _options.MemoryBytes / 16));

    /// <summary>
    /// What grows with the store and with what is written: indexes and filters of tables, as much again for a merge of all, what merges gather, and the room in which
    /// batches are sorted and logged.
    /// </summary>
    private long HeldOctets =>
        2 * _tables.Files.Sum(file => file.Table.ResidentOctets) + Interlocked.Read(ref _hiddenOctets) + Interlocked.Read(ref _sortingOctets) + Interlocked.Read(ref _mergingOctets)
        + (IsReadOnly ? 0 : LogWriter.RoomOctets);

    /// <summary>About how long the rows are that are sorted at a time: what is gathered of them for that is a few times as long.</summary>
    private int PartOctets => (int)Math.Min(_options.MemoryBytes / 32, 1 << 26);

    /// <summary>Whether so much more would be too much for what is in memory. While something is being written out it never is: one buffer of each kind is all there may be.</summary>
    private bool IsFull(long octets)
    {
        lock (_background)
        {
            long active = _tables.ActiveOctets;
            return active > 0 && active + octets > WriteBufferBytes && _toFlush.Count == 0;
        }
    }

    /// <summary>About how long the tables of a batch will be, going by the last ones.</summary>
    private long ExpectedOctets(ObservationBatch batch) => (long)(batch.Rows.Packed.Length * Volatile.Read(ref _tableOfRows));

    private void NoteOctets(ObservationBatch batch, long octets)
    {
        if (octets > 0) Volatile.Write(ref _tableOfRows, Math.Clamp((double)octets / batch.Rows.Packed.Length, 1, MostTablesOfRows));
    }

    /// <summary>
    /// Waits until tables of so many octets have room beside those that are in memory and those that others are making; alone they always have it as soon as nothing
    /// is being written out. A disk that is full fails the write here rather than letting memory grow; the next write tries again.
    /// </summary>
    private async ValueTask ReserveAsync(long octets, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task room;
            lock (_background)
            {
                if (_tables.ActiveOctets + _reservedOctets + octets <= WriteBufferBytes || (_reservedOctets == 0 && _toFlush.Count == 0))
                {
                    _reservedOctets += octets;
                    return;
                }

                ThrowIfNotWritten(tryAgain: true);
                room = _room.Task;
            }

            await room.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private void Unreserve(long octets)
    {
        TaskCompletionSource room;
        lock (_background)
        {
            _reservedOctets -= octets;
            room = _room;
            _room = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        room.SetResult();
    }

    private BatchAssembly TakeAssembly() => _assemblies.TryTake(out BatchAssembly? assembly) ? assembly : new(_arena, IntervalGap);

    /// <summary>Keeps the room of an assembly for the next batch, and counts it; if there is much of it already, it is given up.</summary>
    private void Return(BatchAssembly assembly, long octetsBefore)
    {
        if (Interlocked.Add(ref _sortingOctets, assembly.RoomOctets - octetsBefore) <= _options.MemoryBytes / 8)
        {
            _assemblies.Add(assembly);
            return;
        }

        Interlocked.Add(ref _sortingOctets, -assembly.RoomOctets);
        assembly.Dispose();
    }

    /// <summary>What a merge gathers at the most before it writes it.</summary>
    private long GatheredOctets(IReadOnlyList<Table> tables) =>
        NameIndexBuilder.OctetsOfName * Math.Min(MaxNames, tables.Sum(table => table.Facts.Rows)) + ChangeIndexBuilder.OctetsOfEntry * Math.Min(MaxChanges, 2 * tables.Sum(table => table.Facts.Rows))
        + FileTableBuilder.BufferLength;

    /// <summary>Names that a merge sorts at a time: a twentieth of the memory.</summary>
    private int MaxNames => (int)Math.Min(_options.MemoryBytes / 20 / NameIndexBuilder.OctetsOfName, NameIndexBuilder.MaxNames);

    /// <summary>Changes that a merge sorts at a time: a sixty-fourth of the memory.</summary>
    private int MaxChanges => (int)Math.Min(_options.MemoryBytes / 64 / ChangeIndexBuilder.OctetsOfEntry, ChangeIndexBuilder.MaxEntries);
}
