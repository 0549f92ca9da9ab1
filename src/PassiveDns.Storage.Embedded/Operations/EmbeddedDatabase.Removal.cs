using PassiveDns.Storage.Embedded.Files;
using PassiveDns.Storage.Embedded.Tables;
using PassiveDns.Storage.Embedded.Views;
using PassiveDns.Storage.Keys;

namespace PassiveDns.Storage.Embedded;

internal sealed partial class EmbeddedDatabase
{
    private const int RowsBetweenReports = 1024;

    /// <summary>Puts deletions in force: durable, and in every walk that begins from now on, when the call returns.</summary>
    /// <returns>How many were new.</returns>
    public int Unite(IEnumerable<Deletion> deletions)
    {
        lock (_structure)
        {
            DeletionLedger next = _deletions.With(deletions);
            int added = next.Count - _deletions.Count;
            if (added == 0) return 0;
            DeletionsFile.Write(Files, next);
            Volatile.Write(ref _deletions, next);
            return added;
        }
    }

    /// <summary>
    /// Counts what a deletion would do, by walking over the rows as they are and as they would be. Entries are judged before they are merged, so
    /// the numbers are those of the deletion itself, before and after compaction.
    /// </summary>
    public RemovalReport CountDeletion(Deletion deletion, DeletionScope scope, IProgress<StoreProgress>? progress, CancellationToken cancellationToken)
    {
        KeyRange range = scope is { Subtree: { } apex, IncludeTargets: false } ? RangeOf(apex) : KeyRange.OfPrefix(Keyspace.Rrsets, default);
        DeletionLedger ledger = Deletions;
        using EmbeddedSnapshot before = new(_tables.Take(), IntervalGap, ledger);
        using EmbeddedSnapshot after = new(before.View.Again(), IntervalGap, ledger.With([deletion]), ledger.Count);
        long total = CountVersions();
        RemovalReport report = new(0, 0, 0);
        foreach (Keyspace space in KeyedSweep.RrsetSpaces)
        {
            using IKeyedCursor all = before.Open(range.In(space)), left = after.Open(range.In(space));
            report = CountDifferences(all, left, report, total, progress, cancellationToken);
        }

        return report;
    }

    private static RemovalReport CountDifferences(
        IKeyedCursor all, IKeyedCursor left, RemovalReport counted, long total, IProgress<StoreProgress>? progress, CancellationToken cancellationToken)
    {
        (long rows, long removed, long changed) = (counted.Rows, counted.Removed, counted.Changed);
        bool hasLeft = left.MoveNext();
        while (all.MoveNext())
        {
            if (++rows % RowsBetweenReports == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                progress?.Report(new(rows, Math.Max(rows, total)));
            }

            if (!hasLeft || !left.Key.SequenceEqual(all.Key))
            {
                removed++;
                continue;
            }

            if (!left.Value.SequenceEqual(all.Value)) changed++;
            hasLeft = left.MoveNext();
        }

        return new(rows, removed, changed);
    }

    /// <summary>About how many RRset rows there are: a row counts once for each table that has a part of it.</summary>
    public long CountVersions()
    {
        StoreView view = _tables.Take();
        try
        {
            return view.Tables.Sum(table => table.Facts.Rows);
        }
        finally
        {
            view.Release();
        }
    }

    public StoreStatistics GetStatistics()
    {
        StoreView view = _tables.Take();
        try
        {
            TieredTable[] files = _tables.Files;
            Keyspace[] spaces = Enum.GetValues<Keyspace>();
            long[] bytes = new long[spaces.Length];
            foreach (TieredTable file in files) AddBytes(file.Table, bytes);
            int deletions = Deletions.Count;
            return new()
            {
                Keyspaces = [.. spaces.Select((space, i) => new KeyspaceStatistics(space.ToString().ToLowerInvariant(), view.Tables.Sum(table => table.Facts.Entries[i]), bytes[i]))],
                Tiers = [.. files.GroupBy(file => file.Tier).OrderBy(tier => tier.Key).Select(tier =>
                    new TierStatistics(tier.Key, tier.Count(), tier.Sum(file => file.Table.Facts.Count), tier.Sum(file => file.Table.Octets)))],
                MemoryBytes = view.Tables.OfType<MemoryTable>().Sum(table => table.Octets),
                LogBytes = Files.LogNumbers().Sum(number => new FileInfo(Files.Log(number)) is { Exists: true } log ? log.Length : 0),
                Deletions = deletions,
                FilesWithDeletedRows = files.Count(file => file.Table.DeletionsApplied < deletions),
            };
        }
        finally
        {
            view.Release();
        }
    }

    /// <summary>A block belongs to the keyspace of its first key, the first octet of which the index always has.</summary>
    private static void AddBytes(FileTable table, long[] bytes)
    {
        int space = table.Facts.FirstKey[0];
        for (int number = 0; number < table.Index.Pages; number++)
        {
            IndexPage page = table.Index.Page(number, keep: false);
            for (int block = 0; block < page.Count; block++)
            {
                ReadOnlySpan<byte> key = page.Key(block);
                if ((number | block) > 0 && key.Length > 0) space = key[0];
                bytes[space - 1] += page.Length(block);
            }
        }
    }

    private static KeyRange RangeOf(DomainName apex)
    {
        Span<byte> key = stackalloc byte[NameKey.MaxLength];
        int length = NameKey.Write(apex.Wire, key);
        return KeyRange.OfPrefix(Keyspace.Rrsets, key[..(length - 1)]); // all names under N start with the key of N less its last octet
    }
}
