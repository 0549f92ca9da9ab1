using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using PassiveDns;
using PassiveDns.Storage;
using PassiveDns.Storage.Keys;

namespace CustomStore;

/// <summary>
/// A store of one's own, over SQLite: three tables. What a row is, which keys it has and how a question becomes ranges of keys comes from
/// <c>PassiveDns.Storage</c>; what is left is to keep keys in order and to write a batch as one transaction.
/// </summary>
public sealed class SqliteStore : IObservationStore
{
    private readonly string _file;
    private readonly SqliteConnection _writer;
    private readonly Lock _writing = new();
    private readonly BatchLedger _ledger = new();
    private readonly byte[] _secret;
    private readonly TimeSpan _intervalGap;
    private bool _isDisposed;

    /// <summary>Opens a store, or makes one.</summary>
    /// <param name="file">The database file.</param>
    /// <param name="intervalGap">The silence that separates two intervals of a row; one that exists keeps its own.</param>
    public SqliteStore(string file, TimeSpan? intervalGap = null)
    {
        _file = file;
        _writer = Connect();
        Execute(_writer, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL"); // readers see one moment; a commit is on the disk when it returns
        Execute(_writer, """
            CREATE TABLE IF NOT EXISTS rows (space INTEGER, key BLOB, value BLOB, PRIMARY KEY (space, key)) WITHOUT ROWID;
            CREATE TABLE IF NOT EXISTS batches (key BLOB PRIMARY KEY, ranges BLOB) WITHOUT ROWID;
            CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID
            """);
        Execute(_writer, "INSERT OR IGNORE INTO meta VALUES ('secret', @secret), ('gap', @gap)",
            ("@secret", RandomNumberGenerator.GetBytes(32)), ("@gap", (intervalGap ?? SightingHistory.DefaultIntervalGap).Ticks));
        _secret = (byte[])Scalar(_writer, "SELECT value FROM meta WHERE name = 'secret'")!;
        _intervalGap = new((long)Scalar(_writer, "SELECT value FROM meta WHERE name = 'gap'")!);
        using SqliteDataReader applied = Query(_writer, "SELECT key, ranges FROM batches");
        while (applied.Read()) _ledger.Load(applied.GetFieldValue<byte[]>(0), applied.GetFieldValue<byte[]>(1));
    }

    public ValueTask<WriteResult> WriteAsync(ObservationBatch batch, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_writing)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_ledger.Contains(batch.Id)) return new(WriteResult.AlreadyApplied);
            Guard(() =>
            {
                using SqliteTransaction transaction = _writer.BeginTransaction(); // rolled back unless committed
                using Sink sink = new(_writer, _intervalGap);
                SightingInterval? bounds = ObservationKeys.WriteBatch(batch, _intervalGap, sink);
                if (bounds is { } b)
                {
                    Execute(_writer, "INSERT INTO meta VALUES ('first', @at) ON CONFLICT DO UPDATE SET value = min(value, @at)", ("@at", b.First));
                    Execute(_writer, "INSERT INTO meta VALUES ('last', @at) ON CONFLICT DO UPDATE SET value = max(value, @at)", ("@at", b.Last));
                }

                Execute(_writer, "INSERT OR REPLACE INTO batches VALUES (@key, @ranges)", ("@key", BatchLedger.KeyOf(batch.Id)), ("@ranges", _ledger.EncodeWith(batch.Id)));
                transaction.Commit();
                return 0;
            });
            _ledger.Add(batch.Id); // only now: what is not on the disk was not applied
        }

        return new(WriteResult.Applied);
    }

    public IAsyncEnumerable<RecordPage> ReadAsync(ObservationQuery query, CancellationToken cancellationToken = default) =>
        RowWalk.ReadAsync(query, _secret, OpenSnapshot, cancellationToken);

    public ValueTask<BatchId?> GetLastBatchAsync(SensorId sensor, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return new(_ledger.Highest(sensor));
    }

    public ValueTask<StoreStatus> GetStatusAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return new(Guard(() =>
        {
            using SqliteConnection reader = Connect();
            return new StoreStatus
            {
                Kind = "sqlite",
                Rows = (long)Scalar(reader, "SELECT count(*) FROM rows WHERE space IN (@rrsets, @dnssec)", ("@rrsets", (int)Keyspace.Rrsets), ("@dnssec", (int)Keyspace.Dnssec))!,
                IntervalGap = _intervalGap,
                Bytes = new FileInfo(_file).Length,
                FirstSeen = (long?)Scalar(reader, "SELECT value FROM meta WHERE name = 'first'"),
                LastSeen = (long?)Scalar(reader, "SELECT value FROM meta WHERE name = 'last'"),
                BatchesBySensor = _ledger.Counts,
            };
        }));
    }

    public ValueTask DisposeAsync()
    {
        lock (_writing)
        {
            _isDisposed = true;
            _writer.Dispose();
        }

        return ValueTask.CompletedTask;
    }

    private Snapshot OpenSnapshot()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return Guard(() => new Snapshot(Connect()));
    }

    private SqliteConnection Connect()
    {
        SqliteConnection connection = new(new SqliteConnectionStringBuilder { DataSource = _file, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }

    /// <summary>Turns the engine's failures into the contract's, and says which of them may pass.</summary>
    private T Guard<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (SqliteException e)
        {
            bool mayPass = e.SqliteErrorCode is 5 or 6 or 13; // SQLITE_BUSY, SQLITE_LOCKED, SQLITE_FULL
            throw new ObservationStoreException($"{_file}: {e.Message}", mayPass, e);
        }
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql, (string Name, object Value)[] values)
    {
        SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        foreach ((string name, object value) in values) command.Parameters.AddWithValue(name, value);
        return command;
    }

    private static void Execute(SqliteConnection connection, string sql, params (string Name, object Value)[] values)
    {
        using SqliteCommand command = Command(connection, sql, values);
        command.ExecuteNonQuery();
    }

    private static object? Scalar(SqliteConnection connection, string sql, params (string Name, object Value)[] values)
    {
        using SqliteCommand command = Command(connection, sql, values);
        return command.ExecuteScalar();
    }

    private static SqliteDataReader Query(SqliteConnection connection, string sql, params (string Name, object Value)[] values) =>
        Command(connection, sql, values).ExecuteReader();

    /// <summary>Takes the entries of a batch. The merge law is the library's; a store only says where the old value is.</summary>
    private sealed class Sink(SqliteConnection connection, TimeSpan intervalGap) : IKeyedSink, IDisposable
    {
        private readonly SqliteCommand _find = Command(connection, "SELECT value FROM rows WHERE space = @space AND key = @key", [("@space", 0), ("@key", Array.Empty<byte>())]);
        private readonly SqliteCommand _put = Command(
            connection, "INSERT OR REPLACE INTO rows VALUES (@space, @key, @value)", [("@space", 0), ("@key", Array.Empty<byte>()), ("@value", Array.Empty<byte>())]);

        public void Merge(Keyspace keyspace, ReadOnlySpan<byte> key, ReadOnlySpan<byte> history)
        {
            byte[] owned = key.ToArray();
            byte[] value = history.ToArray();
            if (Find(keyspace, owned) is { } before)
            {
                byte[] merged = new byte[SightingMerge.MaxMergedLength(before.Length, value.Length)];
                value = merged[..SightingMerge.Merge(before, value, intervalGap, merged)];
            }

            Put(keyspace, owned, value);
        }

        public void PutSet(ReadOnlySpan<byte> digest, ReadOnlySpan<byte> packedSet) => Put(Keyspace.Sets, digest.ToArray(), packedSet.ToArray());

        public void Dispose()
        {
            _find.Dispose();
            _put.Dispose();
        }

        private byte[]? Find(Keyspace keyspace, byte[] key)
        {
            (_find.Parameters[0].Value, _find.Parameters[1].Value) = ((int)keyspace, key);
            return (byte[]?)_find.ExecuteScalar();
        }

        private void Put(Keyspace keyspace, byte[] key, byte[] value)
        {
            (_put.Parameters[0].Value, _put.Parameters[1].Value, _put.Parameters[2].Value) = ((int)keyspace, key, value);
            _put.ExecuteNonQuery();
        }
    }

    /// <summary>All of the store as it was at one moment: a read transaction on a connection of its own.</summary>
    private sealed class Snapshot : IKeyedSnapshot
    {
        private readonly SqliteConnection _connection;

        public Snapshot(SqliteConnection connection)
        {
            _connection = connection;
            Execute(connection, "BEGIN"); // the moment is that of the first read, which is the next line
            AsOf = (long?)Scalar(connection, "SELECT value FROM meta WHERE name = 'last'");
        }

        public long? AsOf { get; }

        public IKeyedCursor Open(KeyRange range) => new Cursor(Query(
            _connection,
            $"SELECT key, value FROM rows WHERE space = @space AND key >= @from {(range.IsOpen ? "" : "AND key < @to")} ORDER BY key",
            ("@space", (int)range.Keyspace), ("@from", range.From.ToArray()), ("@to", range.To.ToArray())));

        public bool TryGetSet(ReadOnlySpan<byte> digest, out ReadOnlySpan<byte> packedSet)
        {
            byte[]? set = (byte[]?)Scalar(
                _connection, "SELECT value FROM rows WHERE space = @space AND key = @key", ("@space", (int)Keyspace.Sets), ("@key", digest.ToArray()));
            packedSet = set;
            return set is not null;
        }

        public void Dispose() => _connection.Dispose();
    }

    private sealed class Cursor(SqliteDataReader reader) : IKeyedCursor
    {
        private byte[] _key = [];

        public ReadOnlySpan<byte> Key => _key;

        public ReadOnlySpan<byte> Value => reader.GetFieldValue<byte[]>(1);

        public bool MoveNext()
        {
            if (!reader.Read()) return false;
            _key = reader.GetFieldValue<byte[]>(0);
            return true;
        }

        public void Dispose() => reader.Dispose();
    }
}
