using PassiveDns.Storage.Embedded.Log;

namespace PassiveDns.Storage.Embedded;

internal sealed partial class EmbeddedDatabase
{
    private long _sortingOctets;
    private long _lastTableOctets;

    /// <summary>Octets that the store takes, with all that it may take for unpacked blocks.</summary>
    public long MemoryInUse => _options.BlockCacheBytes + HeldOctets + _tables.MemoryOctets;

    /// <summary>
    /// How much batches in memory may take before they are written out: half of what the others leave, since as much again may be on its way into a file. It does
    /// not get less than a sixteenth of the memory, or the store would write and merge without end.
    /// </summary>
    private long WriteBufferBytes =>
        Math.Min(_options.WriteBufferBytes, Math.Max((_options.MemoryBytes - _options.BlockCacheBytes - HeldOctets) / 2, _options.MemoryBytes / 16));

    /// <summary>What grows with the store and with its batches: indexes and filters of tables, as much again for a merge of all, and the room in which batches are sorted and logged.</summary>
    private long HeldOctets => 2 * _tables.Files.Sum(file => file.Table.ResidentOctets) + Interlocked.Read(ref _sortingOctets) + (Volatile.Read(ref _log)?.RoomOctets ?? 0);

    /// <summary>Whether a batch like the last one would be too much for what is in memory.</summary>
    private bool IsFull(long octets)
    {
        long active = _tables.ActiveOctets;
        return active > 0 && active + octets > WriteBufferBytes;
    }

    private BatchAssembly TakeAssembly() => _assemblies.TryTake(out BatchAssembly? assembly) ? assembly : new(_arena, IntervalGap);

    /// <summary>Keeps the room of an assembly for the next batch, and counts it.</summary>
    private void Return(BatchAssembly assembly, long octetsBefore)
    {
        Interlocked.Add(ref _sortingOctets, assembly.RoomOctets - octetsBefore);
        _assemblies.Add(assembly);
    }
}
