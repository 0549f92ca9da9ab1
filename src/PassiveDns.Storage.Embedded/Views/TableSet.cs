using PassiveDns.Storage.Embedded.Files;
using PassiveDns.Storage.Embedded.Tables;

namespace PassiveDns.Storage.Embedded.Views;

/// <summary>
/// Which tables there are right now: batches in memory, batches in memory that are being written out, and files by tier. Every change
/// publishes a new view. It may be used by several threads.
/// </summary>
internal sealed class TableSet : IDisposable
{
    /// <summary>A tier's tables are merged into one of the next tier when there are so many.</summary>
    public const int TablesPerTier = 4;

    private const int SmallTable = 1 << 15;

    private readonly Lock _lock = new();
    private readonly TimeSpan _intervalGap;
    private readonly List<MemoryTable> _active = [];
    private readonly List<SealedMemory> _sealed = [];
    private readonly List<TieredTable> _files = [];
    private StoreView _view;
    private long? _firstSeen;
    private long? _lastSeen;
    private bool _isDisposed;

    public TableSet(Manifest manifest, IEnumerable<TieredTable> files)
    {
        _intervalGap = manifest.IntervalGap;
        _firstSeen = manifest.FirstSeen;
        _lastSeen = manifest.LastSeen;
        _files.AddRange(files);
        _view = new([.. _files.Select(file => file.Table)], _firstSeen, _lastSeen);
    }

    /// <summary>Octets of batches that are in no file and not on their way into one.</summary>
    public long ActiveOctets
    {
        get
        {
            lock (_lock) return _active.Sum(table => table.Octets);
        }
    }

    /// <summary>Octets of batches that are in no file.</summary>
    public long MemoryOctets
    {
        get
        {
            lock (_lock) return _active.Sum(table => table.Octets) + _sealed.Sum(memory => memory.Tables.Sum(table => table.Octets));
        }
    }

    public TieredTable[] Files
    {
        get
        {
            lock (_lock) return [.. _files];
        }
    }

    /// <summary>The current view, held once for the caller.</summary>
    /// <exception cref="ObjectDisposedException">The store is closed.</exception>
    public StoreView Take()
    {
        while (true)
        {
            StoreView view = Volatile.Read(ref _view);
            if (view.TryHold()) return view;
            ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed), typeof(EmbeddedObservationStore));
        }
    }

    /// <summary>Shows batches to readers, all at once.</summary>
    /// <param name="tables">Their tables; the set takes them over.</param>
    /// <param name="bounds">The sightings in them.</param>
    public void Add(IEnumerable<MemoryTable> tables, SightingInterval? bounds)
    {
        lock (_lock)
        {
            _active.AddRange(tables);
            Widen(bounds);
            Publish();
        }
    }

    /// <summary>Shows a batch that is in files, all at once.</summary>
    /// <param name="files">Its files; the set takes them over.</param>
    /// <param name="bounds">The sightings in them.</param>
    public void Add(IReadOnlyList<TieredTable> files, SightingInterval? bounds)
    {
        lock (_lock)
        {
            _files.AddRange(files);
            Widen(bounds);
            Publish();
        }
    }

    /// <summary>Four small tables in memory of about the same size, if there are: readers have fewer to look at when they are one.</summary>
    /// <param name="deletions">By how many deletions their rows must have been judged.</param>
    /// <param name="most">Octets that they may have together.</param>
    public MemoryTable[]? FindSmall(int deletions, long most)
    {
        lock (_lock)
        {
            return _active.Where(table => table.Facts.Count < SmallTable && table.DeletionsApplied == deletions).GroupBy(table => long.Log2(table.Facts.Count) / 2)
                .Where(group => group.Count() >= TablesPerTier && group.Sum(table => table.Octets) <= most).Select(group => group.ToArray()).FirstOrDefault();
        }
    }

    /// <summary>Puts one table in memory in the place of several.</summary>
    public void Replace(MemoryTable[] merged, MemoryTable table)
    {
        lock (_lock)
        {
            foreach (MemoryTable old in merged) _active.Remove(old);
            _active.Add(table);
            Publish();
            foreach (MemoryTable old in merged) old.Release();
        }
    }

    /// <summary>Says anew what the earliest and the latest sighting are, if no row is in memory that could know better.</summary>
    public bool TryResetBounds(long? firstSeen, long? lastSeen)
    {
        lock (_lock)
        {
            if (_active.Count + _sealed.Count > 0) return false;
            _firstSeen = firstSeen;
            _lastSeen = lastSeen;
            Publish();
            return true;
        }
    }

    /// <summary>Sets all batches in memory apart to be written out.</summary>
    /// <param name="nextLog">The log of the batches to come.</param>
    /// <param name="ledger">The batches applied up to now.</param>
    public SealedMemory Seal(long nextLog, IReadOnlyList<(byte[] Key, byte[] Ranges)> ledger)
    {
        lock (_lock)
        {
            SealedMemory memory = new([.. _active], nextLog, ledger, _firstSeen, _lastSeen);
            _active.Clear();
            _sealed.Add(memory);
            return memory;
        }
    }

    /// <summary>Puts a file in the place of what was set apart.</summary>
    /// <param name="memory">What was set apart.</param>
    /// <param name="file">The file; <c>null</c> if there was nothing in it.</param>
    public void Replace(SealedMemory memory, TieredTable? file)
    {
        lock (_lock)
        {
            _sealed.Remove(memory);
            if (file is { } added) _files.Add(added);
            Publish();
            foreach (MemoryTable old in memory.Tables) old.Release();
        }
    }

    /// <summary>Puts one file, or none, in the place of several, which go when nobody reads them any more.</summary>
    public void Replace(IReadOnlyList<TieredTable> merged, TieredTable? file)
    {
        lock (_lock)
        {
            foreach (TieredTable old in merged) _files.Remove(old);
            if (file is not null) _files.Add(file);
            Publish();
            foreach (TieredTable old in merged)
            {
                old.Table.MarkObsolete();
                old.Table.Release();
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_isDisposed) return;
            Volatile.Write(ref _isDisposed, true);
            _view.Release();
            foreach (MemoryTable table in _active) table.Release();
            foreach (SealedMemory memory in _sealed)
            {
                foreach (MemoryTable table in memory.Tables) table.Release();
            }

            foreach (TieredTable file in _files) file.Table.Release();
        }
    }

    private void Widen(SightingInterval? bounds)
    {
        if (bounds is not { } b) return;
        _firstSeen = Math.Min(_firstSeen ?? b.First, b.First);
        _lastSeen = Math.Max(_lastSeen ?? b.Last, b.Last);
    }

    private void Publish()
    {
        StoreView old = _view;
        Volatile.Write(ref _view, new([.. _active, .. _sealed.SelectMany(memory => memory.Tables), .. _files.Select(file => file.Table)], _firstSeen, _lastSeen));
        old.Release();
    }
}
