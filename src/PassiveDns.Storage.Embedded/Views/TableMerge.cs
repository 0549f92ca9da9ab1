using PassiveDns.Storage.Embedded.Tables;

namespace PassiveDns.Storage.Embedded.Views;

/// <summary>Makes one table of several: what flushes and compactions do.</summary>
internal static class TableMerge
{
    private const int EntriesBetweenChecks = 4096;

    /// <summary>Writes the entries of all tables, all versions of a row merged.</summary>
    /// <param name="tables">The tables; the caller holds them.</param>
    /// <param name="intervalGap">The store's interval gap.</param>
    /// <param name="builder">Takes the entries.</param>
    /// <param name="written">Is told the number of entries written so far, now and then.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static void Write(
        IReadOnlyList<Table> tables, TimeSpan intervalGap, TableBuilder builder, Action<long>? written = null, CancellationToken cancellationToken = default)
    {
        TableCursor[] cursors = new TableCursor[tables.Count];
        int count = 0;
        foreach (Table table in tables)
        {
            TableCursor cursor = new(table, isScan: true);
            if (cursor.MoveNext()) cursors[count++] = cursor;
        }

        MergedCursor merged = new(cursors, count, null, intervalGap);
        while (merged.MoveNext())
        {
            builder.Add(merged.Key, merged.Value);
            if (builder.Count % EntriesBetweenChecks != 0) continue;
            cancellationToken.ThrowIfCancellationRequested();
            written?.Invoke(builder.Count);
        }
    }
}
