using PassiveDns.Storage.Keys;
using RocksDbSharp;

namespace PassiveDns.Storage.RocksDb;

/// <summary>What a sweep decides, on its way into the database in writes of bounded size.</summary>
internal sealed class RocksDbRemoval(RocksDbDatabase database) : IKeyedRemoval, IDisposable
{
    private const int MaxEntries = 20_000;

    private WriteBatch _batch = new();

    public void Remove(Keyspace keyspace, ReadOnlySpan<byte> key)
    {
        _batch.Delete(key, database[keyspace]);
        CommitIfFull();
    }

    public void Replace(Keyspace keyspace, ReadOnlySpan<byte> key, byte[] history)
    {
        _batch.Put(key, history.AsSpan(), database[keyspace]);
        CommitIfFull();
    }

    public void Commit()
    {
        if (_batch.Count() > 0) database.Write(_batch);
        _batch.Dispose();
        _batch = new();
    }

    public void Dispose() => _batch.Dispose();

    private void CommitIfFull()
    {
        if (_batch.Count() >= MaxEntries) Commit();
    }
}
