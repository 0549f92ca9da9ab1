using PassiveDns.Storage.Embedded.Tables;
using PassiveDns.Storage.Keys;

namespace PassiveDns.Storage.Embedded.Operations;

/// <summary>What leaves a store while its tables are merged: what deletions cover, what a retention lets go, and long sets that nothing needs any more.</summary>
/// <param name="ledger">The deletions that the merged table will have been judged by.</param>
/// <param name="intervalGap">The store's interval gap.</param>
/// <param name="judge">Judges merged rows, or <c>null</c> to keep them all.</param>
internal sealed class MergeRules(DeletionLedger ledger, TimeSpan intervalGap, RowJudge? judge = null)
{
    private const int EntriesBetweenChecks = 4096;

    private readonly byte[] _scratch = new byte[RowKey.ScratchLength];
    private HashSet<UInt128> _orphans = [];

    public DeletionLedger Ledger => ledger;

    /// <summary>RRset rows that the judge looked at, and those of them that went.</summary>
    public (long Rows, long Removed) Judged { get; private set; }

    /// <summary>
    /// Whether what was merged by these rules still holds although deletions have come since: those that take all of each row that they are about do the same to
    /// merged rows as to their versions, so readers and the next merge can hold them against the new table. Others judge versions one by one, and what is merged has none.
    /// </summary>
    /// <param name="now">The deletions in force now.</param>
    /// <param name="first">The earliest sighting of what was merged, or <c>null</c> if nothing is left.</param>
    /// <param name="last">The latest sighting.</param>
    public bool HoldUnder(DeletionLedger now, long? first, long? last) =>
        now.Count == ledger.Count // with a judge, records can be left of rows whose times are not among these
        || (judge is null && now.Deletions.Skip(ledger.Count).All(deletion => deletion.Sensor is null && !(first < deletion.From) && !(last > deletion.To)));

    /// <summary>
    /// Walks through a table that pass over what was deleted since it was written: one, or two if RRset rows of DNSSEC types stand among the others, which
    /// get their own place now.
    /// </summary>
    public TableScan[] Open(Table table) => table.Facts.IsMixed ? [Open(table, RrsetPart.Others), Open(table, RrsetPart.Dnssec)] : [Open(table, RrsetPart.All)];

    /// <summary>Passes over what was deleted since a table was written; <c>null</c> if nothing was.</summary>
    public RowSieve? Sieve(Table table) => RowSieve.For(table, ledger, intervalGap);

    /// <summary>Whether a merged entry stays.</summary>
    public bool Keeps(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) => key[0] == (byte)Keyspace.Sets
        ? _orphans.Count == 0 || !_orphans.Contains(System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(key[1..]))
        : judge is null || IsKept(key, value);

    /// <summary>Whether a merged entry stays, and counts it.</summary>
    public bool Judge(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        bool isKept = Keeps(key, value);
        if ((Keyspace)key[0] is Keyspace.Rrsets or Keyspace.Dnssec) Judged = (Judged.Rows + 1, Judged.Removed + (isKept ? 0 : 1));
        return isKept;
    }

    /// <summary>
    /// Finds the long sets whose last entry goes. It takes two walks over the rows, the first of which finds what goes; there is a second one
    /// only if something does, and none if nothing can.
    /// </summary>
    /// <param name="tables">The tables that will be merged.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public void FindOrphans(IReadOnlyList<Table> tables, CancellationToken cancellationToken)
    {
        HashSet<UInt128> gone = [];
        foreach (Table table in tables)
        {
            if (Sieve(table) is not { } sieve) continue;
            Walk(new(table), (key, value) =>
            {
                if (sieve.Judge(key, value, out _) == RowFate.Removed && RowSieve.DigestOf(key, _scratch) is { } digest) gone.Add(digest);
            }, cancellationToken);
        }

        if (judge is not null)
        {
            WalkMerged(tables, (key, value) =>
            {
                if (!IsKept(key, value) && RowSieve.DigestOf(key, _scratch) is { } digest) gone.Add(digest);
            }, cancellationToken);
        }

        if (gone.Count > 0)
        {
            WalkMerged(tables, (key, value) =>
            {
                if ((judge is null || IsKept(key, value)) && RowSieve.DigestOf(key, _scratch) is { } digest) gone.Remove(digest);
            }, cancellationToken);
        }

        _orphans = gone;
    }

    private TableScan Open(Table table, RrsetPart part) => new(table, Sieve(table), part);

    private bool IsKept(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) =>
        !KeyedSweep.IsRowSpace((Keyspace)key[0]) || !RowKey.TryRead((Keyspace)key[0], key[1..], _scratch, out RowKey row) || judge!(row.ToRow(row.PackedSet, value), out _) != RowFate.Removed;

    private void WalkMerged(IReadOnlyList<Table> tables, EntryAction act, CancellationToken cancellationToken)
    {
        MergeTree merged = new([.. tables.SelectMany(Open)], intervalGap);
        for (long entries = 1; merged.MoveNext(); entries++)
        {
            if (entries % EntriesBetweenChecks == 0) cancellationToken.ThrowIfCancellationRequested();
            if (merged.Key[0] != (byte)Keyspace.Sets) act(merged.Key, merged.Value);
        }
    }

    private static void Walk(TableScan scan, EntryAction act, CancellationToken cancellationToken)
    {
        for (long entries = 1; scan.MoveNext(); entries++)
        {
            if (entries % EntriesBetweenChecks == 0) cancellationToken.ThrowIfCancellationRequested();
            if (scan.Key[0] != (byte)Keyspace.Sets) act(scan.Key, scan.Value);
        }
    }

    private delegate void EntryAction(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value);
}
