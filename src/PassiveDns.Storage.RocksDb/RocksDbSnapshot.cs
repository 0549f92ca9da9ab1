using PassiveDns.Storage.Keys;
using RocksDbSharp;

namespace PassiveDns.Storage.RocksDb;

/// <summary>The store as it was at one moment.</summary>
internal sealed class RocksDbSnapshot : IKeyedSnapshot
{
    private readonly RocksDbDatabase _database;
    private readonly Snapshot? _snapshot;
    private readonly ReadOptions _exact;
    private readonly ReadOptions _ranging;
    private readonly List<Cursor> _cursors = [];
    private bool _isDisposed;

    public RocksDbSnapshot(RocksDbDatabase database)
    {
        ObjectDisposedException.ThrowIf(!database.TryHold(), typeof(RocksDbObservationStore));
        _database = database;
        try
        {
            _snapshot = database.TakeSnapshot();
            _exact = Options().SetPrefixSameAsStart(true);
            _ranging = Options().SetTotalOrderSeek(true);
            (_, AsOf) = StoreMeta.ReadBounds(database, _ranging);
        }
        catch
        {
            _snapshot?.Dispose();
            database.Release();
            throw;
        }
    }

    public long? AsOf { get; }

    public IKeyedCursor Open(KeyRange range)
    {
        Cursor cursor = new(_database, range, NamePrefix.Holds(range) ? _exact : _ranging);
        _cursors.Add(cursor);
        return cursor;
    }

    public bool TryGetSet(ReadOnlySpan<byte> digest, out ReadOnlySpan<byte> packedSet)
    {
        byte[]? set = _database.Get(digest, _database[Keyspace.Sets], _ranging);
        packedSet = set;
        return set is not null;
    }

    public void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        foreach (Cursor cursor in _cursors) cursor.Dispose();
        _snapshot?.Dispose();
        _database.Release();
    }

    private ReadOptions Options()
    {
        ReadOptions options = new();
        return _snapshot is null ? options : options.SetSnapshot(_snapshot);
    }

    private sealed class Cursor(RocksDbDatabase database, KeyRange range, ReadOptions options) : IKeyedCursor
    {
        private readonly Iterator _iterator = database.Iterate(database[range.Keyspace], options);
        private bool _hasStarted;
        private bool _isDisposed;

        public ReadOnlySpan<byte> Key => _iterator.GetKeySpan();

        public ReadOnlySpan<byte> Value => _iterator.GetValueSpan();

        public bool MoveNext()
        {
            if (_hasStarted)
            {
                _iterator.Next();
            }
            else
            {
                _hasStarted = true;
                _iterator.Seek(range.From);
            }

            if (_iterator.Valid()) return range.EndsAfter(_iterator.GetKeySpan());
            database.ThrowIfFailed(_iterator);
            return false;
        }

        public void Dispose()
        {
            if (_isDisposed) return;
            _isDisposed = true;
            _iterator.Dispose();
        }
    }
}
