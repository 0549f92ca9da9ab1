using PassiveDns.Storage.Embedded.Files;
using PassiveDns.Storage.Embedded.Views;
using PassiveDns.Storage.Keys;

namespace PassiveDns.Storage.Embedded;

internal sealed partial class EmbeddedDatabase
{
    private const int ReadOnlyAttempts = 25;

    /// <summary>
    /// Opens a store beside its writer. Manifest, tables and logs are read one after the other, while the writer may replace them; if one that
    /// the manifest calls for is gone when its turn comes, everything is read anew. The last of the logs that were there at the start may
    /// grow meanwhile: what is read of it are whole batches, and no batch of a later log.
    /// </summary>
    public static EmbeddedDatabase OpenReadOnly(StoreFiles files, EmbeddedStoreOptions options)
    {
        for (int attempt = 1; ; attempt++)
        {
            EmbeddedDatabase? database = null;
            Manifest manifest = Manifest.Read(files);
            try
            {
                long[] logs = files.LogNumbers();
                database = new(files, options, null, manifest);
                database.Recover(logs);
                return database;
            }
            catch (Exception failure) when (failure is FileNotFoundException or ObservationStoreException)
            {
                database?._tables.Dispose();
                Manifest now = Manifest.Read(files);
                if (now.NextTable == manifest.NextTable && now.FirstLog == manifest.FirstLog && failure is ObservationStoreException) throw;
                if (attempt == ReadOnlyAttempts)
                {
                    throw new ObservationStoreException($"{files.Directory} is being written so fast that it cannot be opened for reading: try again in a moment.", true, failure);
                }
            }
            catch
            {
                database?._tables.Dispose();
                throw;
            }
        }
    }

    public StoreStatus GetStatus(long countedRows, CancellationToken cancellationToken)
    {
        StoreView view = _tables.Take();
        using EmbeddedSnapshot snapshot = new(view, IntervalGap, Deletions);
        long rows = view.Tables.Sum(table => table.Facts.Rows);
        bool isExact = view.Tables.Length <= 1 && view.Tables.All(table => table.DeletionsApplied >= Deletions.Count);
        bool isEstimated = !isExact && rows > countedRows; // a row can have versions in several tables, and be deleted in them
        if (!isExact && !isEstimated)
        {
            rows = 0;
            foreach (Keyspace space in KeyedSweep.RrsetSpaces)
            {
                using IKeyedCursor cursor = snapshot.Open(KeyRange.OfPrefix(space, default));
                while (cursor.MoveNext())
                {
                    if (++rows % 1024 == 0) cancellationToken.ThrowIfCancellationRequested();
                }
            }
        }

        return new()
        {
            Kind = "embedded",
            Rows = rows,
            RowsAreEstimated = isEstimated,
            IntervalGap = IntervalGap,
            Bytes = Files.CountOctets(),
            FirstSeen = view.FirstSeen,
            LastSeen = view.LastSeen,
            RefusedRows = Interlocked.Read(ref _refusedRows),
            BatchesBySensor = Ledger.Counts,
        };
    }
}
