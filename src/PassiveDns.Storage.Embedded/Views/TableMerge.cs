using PassiveDns.Storage.Embedded.Operations;
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
    /// <param name="rules">What does not get into the new table, or <c>null</c> for nothing.</param>
    /// <param name="passed">Is told now and then how many octets of the old tables are behind.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static void Write(
        IReadOnlyList<Table> tables, TimeSpan intervalGap, TableBuilder builder, MergeRules? rules = null, Action<long>? passed = null,
        CancellationToken cancellationToken = default)
    {
        TableScan[] scans = [.. tables.SelectMany(table => rules?.Open(table) ?? [new TableScan(table)])];
        MergeTree merged = new(scans, intervalGap);
        for (long entries = 1; merged.MoveNext(); entries++)
        {
            if (rules is null || rules.Judge(merged.Key, merged.Value)) builder.Add(merged.Key, merged.Value);
            if (entries % EntriesBetweenChecks != 0) continue;
            cancellationToken.ThrowIfCancellationRequested();
            passed?.Invoke(scans.Sum(scan => scan.Passed));
        }
    }
}
