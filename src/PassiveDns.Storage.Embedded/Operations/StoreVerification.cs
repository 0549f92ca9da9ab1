using PassiveDns.Storage.Embedded.Files;
using PassiveDns.Storage.Embedded.Log;
using PassiveDns.Storage.Embedded.Tables;
using PassiveDns.Storage.Keys;

namespace PassiveDns.Storage.Embedded.Operations;

/// <summary>
/// Reads every file of a store and checks every checksum, and of what is sound the order of keys, the histories and the numbers. It goes on behind
/// damage, and beside a writer: a file that the manifest calls for and that is gone makes it begin anew if the manifest has changed meanwhile.
/// </summary>
/// <param name="files">The store's files.</param>
/// <param name="progress">Is told how many octets were read.</param>
internal sealed class StoreVerification(StoreFiles files, IProgress<StoreProgress>? progress)
{
    private const int Attempts = 25;
    private const int EntriesBetweenChecks = 4096;

    private readonly FrameCodec _codec = new();
    private List<VerifiedFile> _found = [];
    private long _done;
    private long _total;

    public VerificationReport Run(CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            _found = [];
            _done = 0;
            _total = files.CountOctets();
            Manifest? manifest = CheckHeads();
            bool isMissing = manifest is null ? CheckAllTables(cancellationToken) : CheckListed(manifest, cancellationToken);
            isMissing |= CheckLogs(manifest?.FirstLog ?? 0, cancellationToken);
            if (!isMissing || attempt == Attempts || !HasMoved(manifest)) return new(_found);
        }
    }

    /// <summary>Whether a writer has replaced the manifest while it was gone by.</summary>
    private bool HasMoved(Manifest? before)
    {
        try
        {
            Manifest now = Manifest.Read(files);
            return before is null || now.NextTable != before.NextTable || now.FirstLog != before.FirstLog || !now.Tables.SequenceEqual(before.Tables);
        }
        catch (ObservationStoreException)
        {
            return false;
        }
    }

    /// <returns>The manifest, if it can be read.</returns>
    private Manifest? CheckHeads()
    {
        Manifest? manifest = null;
        TimeSpan gap = default;
        Check(Path.Combine(files.Directory, StoreMarker.FileName), _ =>
        {
            gap = StoreMarker.Claim(files.Directory, EmbeddedObservationStore.MarkerKind, null, isReadOnly: true);
            return 0;
        });
        int deletions = 0;
        Check(files.Manifest, lines =>
        {
            manifest = Manifest.Read(files);
            if (gap != default && gap != manifest.IntervalGap) lines.Add($"it has an interval gap of {manifest.IntervalGap}, the marker says {gap}");
            return 1;
        });
        bool isExpected = manifest?.Tables.Any(table => table.DeletionsApplied > 0) == true;
        if (!isExpected && !File.Exists(files.Deletions)) return manifest;
        Check(files.Deletions, lines =>
        {
            deletions = DeletionsFile.Read(files).Count;
            if (manifest?.Tables.Any(table => table.DeletionsApplied > deletions) == true) lines.Add("deletions are missing that tables were judged by");
            return 1;
        });
        return manifest;
    }

    private bool CheckListed(Manifest manifest, CancellationToken cancellationToken)
    {
        bool isMissing = false;
        foreach ((long number, _, _) in manifest.Tables) isMissing |= CheckTable(files.Table(number), cancellationToken);
        return isMissing;
    }

    /// <summary>Without a manifest nobody knows which tables belong to the store: all of them are looked at.</summary>
    private bool CheckAllTables(CancellationToken cancellationToken)
    {
        foreach (long number in files.TableNumbers().Order().ToArray()) CheckTable(files.Table(number), cancellationToken);
        return false;
    }

    private bool CheckLogs(long firstLog, CancellationToken cancellationToken)
    {
        bool isMissing = false;
        long[] logs = [.. files.LogNumbers().SkipWhile(number => number < firstLog)];
        for (int i = 0; i < logs.Length; i++)
        {
            int at = i;
            isMissing |= Check(files.Log(logs[i]), lines =>
            {
                if (at > 0 && logs[at] != logs[at - 1] + 1) lines.Add("the log before it is missing");
                long records = 0;
                using LogReader log = new(files.Log(logs[at]), logs[at], isLast: at == logs.Length - 1);
                for (; log.Next() is not null; records++) cancellationToken.ThrowIfCancellationRequested();
                return records + 1; // what is torn at the end of the last log was never acknowledged
            });
        }

        return isMissing;
    }

    private bool CheckTable(string path, CancellationToken cancellationToken) => Check(path, lines =>
    {
        FileTable table = TableFile.Open(path, _codec, new(0));
        try
        {
            long sound = table.Index.IsPaged ? 3 : 4; // footer, root of the index or all of it, facts; the filter of earlier formats
            ScanRoom room = new();
            for (int number = 0; number < table.Index.Pages; number++)
            {
                sound += CheckBlocks(table, number, room, path, lines, cancellationToken);
                progress?.Report(new(_done + table.Index.Root.Start(number), Math.Max(_total, _done + table.Octets)));
            }

            sound += CheckFilter(table, path, lines, cancellationToken);
            foreach (long mark in table.DictionariesAt)
            {
                if (table.HasDictionaries(mark)) sound++;
                else lines.Add($"at offset {mark}: the dictionaries cannot be read; the others can, so no block is lost");
            }

            sound += CheckPages(table, path, lines, cancellationToken);
            if (lines.Count == 0) CheckEntries(table, path, lines, cancellationToken);
            return sound;
        }
        finally
        {
            table.Release();
        }
    });

    /// <summary>Checks a page of the index and its blocks.</summary>
    /// <returns>How many checksums are sound.</returns>
    private static long CheckBlocks(FileTable table, int number, ScanRoom room, string path, List<string> lines, CancellationToken cancellationToken)
    {
        TableIndex index = table.Index;
        IndexPage page;
        try
        {
            page = index.Page(number, keep: false);
            if (index.IsPaged && !table.IsMarked(TableFile.IndexMark, index.Root.Start(number), index.Root.Length(number))) lines.Add(Unmarked(index.Root.Start(number)));
        }
        catch (ObservationStoreException damage)
        {
            lines.Add($"{StoreDamage.ReasonOf(damage, path)} (page {number + 1} of {index.Pages} of the index, {index.Root.Length(number)} octets)");
            DamageLog gaps = new(null);
            IndexPage found = table.RebuildPage(number, gaps);
            lines.AddRange(gaps.Lines.Select(line => StoreDamage.ReasonOf(line, path)));
            return Enumerable.Range(0, found.Count).Count(block => found.Length(block) > 0);
        }

        long sound = index.IsPaged ? 1 : 0;
        for (int block = 0; block < page.Count; block++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                table.ReadOnce(TableIndex.FirstOf(number) + block, room);
                sound++;
                if (!table.IsMarked(TableFile.BlockMark, page.Start(block), page.Length(block))) lines.Add(Unmarked(page.Start(block)));
            }
            catch (ObservationStoreException damage)
            {
                ReadOnlySpan<byte> key = page.Key(block);
                Keyspace space = (Keyspace)((number | block) == 0 || key.IsEmpty ? table.Facts.FirstKey[0] : key[0]);
                lines.Add($"{StoreDamage.ReasonOf(damage, path)} (block {TableIndex.FirstOf(number) + block + 1} of {index.Count}, keyspace {space.ToString().ToLowerInvariant()}, {page.Length(block)} octets)");
            }
        }

        return sound;
    }

    /// <returns>How many checksums of the filter are sound.</returns>
    private static long CheckFilter(FileTable table, string path, List<string> lines, CancellationToken cancellationToken)
    {
        long sound = 0;
        for (int page = 0; page < table.FilterPages; page++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            (long start, int length) = table.FilterPageAt(page);
            try
            {
                table.ReadFilterPage(page);
                sound++;
                if (!table.IsMarked(TableFile.FilterMark, start, length)) lines.Add(Unmarked(start));
            }
            catch (ObservationStoreException damage)
            {
                lines.Add($"{StoreDamage.ReasonOf(damage, path)} (page {page + 1} of {table.FilterPages} of the filter, {length} octets)");
            }
        }

        return sound;
    }

    /// <returns>How many checksums of the indexes of changes and names are sound.</returns>
    private static long CheckPages(FileTable table, string path, List<string> lines, CancellationToken cancellationToken)
    {
        long sound = 0;
        try
        {
            if (table.Changes is { } changes)
            {
                sound++;
                foreach (ChangeIndex.Run run in changes.Runs)
                {
                    foreach (ChangeIndex.Page page in run.Pages) CheckPage(() => changes.ReadPage(page), page.Start, page.Length, "changes");
                }
            }

            if (table.Names is { } names)
            {
                sound++;
                foreach (NameIndex.Run run in names.Runs)
                {
                    foreach (NameIndex.Page page in run.Pages) CheckPage(() => names.ReadPage(page), page.Start, page.Length, "names");
                }
            }
        }
        catch (ObservationStoreException damage)
        {
            lines.Add(StoreDamage.ReasonOf(damage, path));
        }

        return sound;

        void CheckPage(Action read, long start, int length, string index)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                read();
                sound++;
                if (!table.IsMarked(TableFile.PageMark, start, length)) lines.Add(Unmarked(start));
            }
            catch (ObservationStoreException damage)
            {
                lines.Add($"{StoreDamage.ReasonOf(damage, path)} (index of {index}, {length} octets)");
            }
        }
    }

    private static string Unmarked(long start) => $"at offset {start - TableFile.MarkLength}: a mark is damaged";

    /// <summary>What checksums cannot tell: that sound blocks hold what a reader expects.</summary>
    private static void CheckEntries(FileTable table, string path, List<string> lines, CancellationToken cancellationToken)
    {
        long[] entries = new long[table.Facts.Entries.Length];
        byte[] scratch = new byte[RowKey.ScratchLength];
        byte[] last = [];
        TableCursor cursor = new(table, isScan: true);
        DerivedIndex blocks = new(table.Index);
        DerivedChanges? changes = table.Changes is { } index ? new(index) : null;
        DerivedNames? names = table.Names is { } nameIndex ? new(nameIndex) : null;
        try
        {
            for (long i = 0; cursor.MoveNext(); i++)
            {
                if (i % EntriesBetweenChecks == 0) cancellationToken.ThrowIfCancellationRequested();
                if (i > 0 && cursor.Key.SequenceCompareTo(last) <= 0) throw StoreDamage.Of(path, $"entry {i + 1} is out of order");
                if (!blocks.Fits(cursor, last)) throw StoreDamage.Of(path, $"its index does not fit its rows at entry {i + 1}");
                if (last.Length != cursor.Key.Length) last = new byte[cursor.Key.Length];
                cursor.Key.CopyTo(last);
                Keyspace space = (Keyspace)cursor.Key[0];
                if (!Enum.IsDefined(space)) throw StoreDamage.Of(path, $"entry {i + 1} has the unknown keyspace {cursor.Key[0]}");
                if (space == Keyspace.Rrsets && changes?.Fits(cursor.Number, entries[0], cursor.Value) == false) throw StoreDamage.Of(path, $"its index of changes does not fit its rows at entry {i + 1}");
                if (names?.Fits(cursor) == false) throw StoreDamage.Of(path, $"its index of names does not fit its rows at entry {i + 1}");
                entries[(int)space - 1]++;
                if (!KeyedSweep.IsRowSpace(space)) continue;
                if (!RowKey.TryRead(space, cursor.Key[1..], scratch, out _)) throw StoreDamage.Of(path, $"the key of entry {i + 1} cannot be read");
                if (!SightingCodec.TryReadBounds(cursor.Value, out _)) throw StoreDamage.Of(path, $"the history of entry {i + 1} cannot be read");
            }

            if (!entries.AsSpan().SequenceEqual(table.Facts.Entries)) throw StoreDamage.Of(path, "it has another number of entries than it says");
            if (!blocks.FitsToTheEnd()) throw StoreDamage.Of(path, "its index does not fit its rows");
            if (changes?.FitsToTheEnd(entries[0]) == false) throw StoreDamage.Of(path, "its index of changes does not fit its rows");
            if (names?.FitsToTheEnd() == false) throw StoreDamage.Of(path, "its index of names does not fit its rows");
        }
        catch (ObservationStoreException damage)
        {
            lines.Add(StoreDamage.ReasonOf(damage, path));
        }
    }

    /// <summary>Checks one file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="check">Adds what is damaged and tells how many checksums were sound.</param>
    /// <returns>Whether the file is missing.</returns>
    private bool Check(string path, Func<List<string>, long> check)
    {
        List<string> lines = [];
        long length = 0, sound = 0;
        bool isMissing = false;
        try
        {
            length = new FileInfo(path) is { Exists: true } file ? file.Length : 0;
            sound = check(lines);
        }
        catch (FileNotFoundException)
        {
            lines.Add("the file is missing");
            isMissing = true;
        }
        catch (ObservationStoreException damage)
        {
            lines.Add(StoreDamage.ReasonOf(damage, path));
        }

        _done += length;
        _found.Add(new(Path.GetFileName(path), length, sound, lines));
        progress?.Report(new(_done, Math.Max(_total, _done)));
        return isMissing;
    }
}
