using PassiveDns.Storage.Keys;
using RocksDbSharp;

namespace PassiveDns.Storage.RocksDb;

/// <summary>Gives the RRset rows of DNSSEC types the column family of their own, in a store from before there was one.</summary>
internal static class DnssecFamily
{
    private const int RowsPerWrite = 4096;

    /// <summary>Moves the rows if that was not done; a move that was cut off goes on.</summary>
    /// <param name="database">The database.</param>
    /// <param name="isReadOnly">Whether nothing may be moved.</param>
    /// <exception cref="ObservationStoreException">The rows must be moved, and the store was opened for reading only.</exception>
    public static void Ensure(RocksDbDatabase database, bool isReadOnly)
    {
        if (StoreMeta.HasDnssecApart(database)) return;
        if (isReadOnly) throw Unmoved(database.Path);
        if (StoreMeta.ReadBounds(database).First is not null) Move(database);
        StoreMeta.PutDnssecApart(database);
    }

    /// <summary>What stands in the way of reading a store from before.</summary>
    public static ObservationStoreException Unmoved(string path) =>
        new($"{path} was last written by an earlier version, which kept the rows of DNSSEC among the others: open it once for writing, such as with an import.");

    private static void Move(RocksDbDatabase database)
    {
        ColumnFamilyHandle from = database[Keyspace.Rrsets], to = database[Keyspace.Dnssec];
        byte[] scratch = new byte[RowKey.ScratchLength];
        using RocksDbSnapshot snapshot = new(database);
        using IKeyedCursor rows = snapshot.Open(KeyRange.OfPrefix(Keyspace.Rrsets, default));
        WriteBatch batch = new();
        try
        {
            while (rows.MoveNext())
            {
                if (!RowKey.TryRead(Keyspace.Rrsets, rows.Key, scratch, out RowKey key) || !key.Type.IsDnssec()) continue;
                batch.Put(rows.Key, rows.Value, to); // with the next line in one write: a row is here or there
                batch.Delete(rows.Key, from);
                if (batch.Count() < 2 * RowsPerWrite) continue;
                database.Write(batch);
                batch.Dispose();
                batch = new();
            }

            if (batch.Count() > 0) database.Write(batch);
        }
        finally
        {
            batch.Dispose();
        }
    }
}
