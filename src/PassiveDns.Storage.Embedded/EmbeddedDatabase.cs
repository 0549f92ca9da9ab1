using PassiveDns.Storage.Embedded.Files;
using PassiveDns.Storage.Embedded.Log;
using PassiveDns.Storage.Embedded.Tables;
using PassiveDns.Storage.Embedded.Views;
using PassiveDns.Storage.Keys;

namespace PassiveDns.Storage.Embedded;

/// <summary>An opened directory: its tables, its log, and the threads that write out and merge.</summary>
internal sealed partial class EmbeddedDatabase : IAsyncDisposable
{
    private readonly EmbeddedStoreOptions _options;
    private readonly FileStream? _lockFile;
    private readonly FrameCodec _codec = new();
    private readonly BlockCache _cache;
    private readonly MemoryArena _arena;
    private readonly TableSet _tables;
    private readonly Lock _structure = new();
    private Manifest _manifest;
    private LogWriter? _log;
    private DeletionLedger _deletions = DeletionLedger.Empty;
    private long _group;
    private long _refusedRows;

    private EmbeddedDatabase(StoreFiles files, EmbeddedStoreOptions options, FileStream? lockFile, Manifest manifest)
    {
        Files = files;
        _options = options;
        _lockFile = lockFile;
        _manifest = manifest;
        Damages = new(options.DamageFound);
        _cache = new(options.BlockCacheBytes);
        _arena = new(2 * options.WriteBufferBytes);
        List<TieredTable> tables = [];
        try
        {
            foreach ((long number, int tier, int applied) in manifest.Tables)
            {
                if (OpenTable(files.Table(number), applied) is { } table) tables.Add(new(number, tier, table));
            }

            _deletions = DeletionsFile.Read(files); // after the manifest: a table has never been judged by more than there are
            if (manifest.Tables.Any(table => table.DeletionsApplied > _deletions.Count)) throw StoreDamage.Of(files.Deletions, "deletions are missing");

            foreach ((byte[] key, byte[] ranges) in manifest.Ledger) Ledger.Load(key, ranges);
        }
        catch (Exception failure)
        {
            foreach (TieredTable table in tables) table.Table.Release();
            if (failure is FileNotFoundException missing) throw StoreDamage.Of(missing.FileName ?? files.Directory, "the file is missing", failure);
            if (failure is FormatException) throw StoreDamage.Of(files.Manifest, failure.Message, failure);
            throw;
        }

        _tables = new(manifest, tables);
    }

    public StoreFiles Files { get; }

    /// <summary>The damage behind which it went on.</summary>
    public DamageLog Damages { get; }

    public BatchLedger Ledger { get; } = new();

    /// <summary>The deletions in force. It only grows, so an older one held against a newer table passes over nothing.</summary>
    public DeletionLedger Deletions => Volatile.Read(ref _deletions);

    public byte[] Secret => _manifest.Secret;

    public TimeSpan IntervalGap => _manifest.IntervalGap;

    public bool IsReadOnly => _lockFile is null;

    /// <summary>Octets behind the last whole record of the log that recovery cut off: a batch that nobody was told of.</summary>
    public long TornOctets { get; private set; }

    /// <summary>Opens a store for writing; the marker was looked at.</summary>
    public static EmbeddedDatabase Open(StoreFiles files, EmbeddedStoreOptions options, TimeSpan intervalGap)
    {
        FileStream lockFile = DirectoryLock.Take(files);
        EmbeddedDatabase? database = null;
        try
        {
            if (!File.Exists(files.Manifest))
            {
                if (files.TableNumbers().Any() || files.LogNumbers().Length > 0) throw StoreDamage.Of(files.Manifest, "the file is missing");
                Manifest.New(intervalGap).Write(files);
            }

            database = new(files, options, lockFile, Manifest.Read(files));
            database.ClearAway();
            long[] logs = files.LogNumbers();
            long nextLog = logs.Append(database._manifest.FirstLog - 1).Max() + 1;
            database.Recover(logs);
            if (logs.Length > 0 && database._tables.ActiveOctets == 0) database.Flush(database._tables.Seal(nextLog, database.Ledger.EncodeAll()));
            database._log = LogWriter.Create(files, nextLog);
            database.StartThreads();
            return database;
        }
        catch
        {
            database?._tables.Dispose();
            lockFile.Dispose();
            throw;
        }
    }

    public IKeyedSnapshot OpenSnapshot() => new EmbeddedSnapshot(_tables.Take(), IntervalGap, Deletions) { Salvage = _options.Salvage ? Damages : null };

    /// <returns>The table; <c>null</c> if there is nothing left of it and that is to be passed over.</returns>
    private FileTable? OpenTable(string path, int deletionsApplied)
    {
        if (!_options.Salvage) return TableFile.Open(path, _codec, _cache, deletionsApplied);
        try
        {
            return TableFile.Open(path, _codec, _cache, deletionsApplied, Damages);
        }
        catch (FileNotFoundException)
        {
            Damages.Add(StoreDamage.Of(path, "the file is missing").Message);
        }
        catch (ObservationStoreException damage) when (StoreDamage.IsIn(damage, path))
        {
            Damages.Add(damage.Message);
        }

        return null;
    }

    /// <summary>Files that no manifest names: of flushes and compactions that a crash cut off, and of tables that were still being read.</summary>
    private void ClearAway()
    {
        HashSet<long> known = [.. _manifest.Tables.Select(table => table.Number)];
        long next = _manifest.NextTable;
        foreach (long number in Files.TableNumbers().Where(number => !known.Contains(number)).ToArray())
        {
            next = Math.Max(next, number + 1);
            File.Delete(Files.Table(number));
        }

        foreach (long number in Files.LogNumbers().Where(number => number < _manifest.FirstLog)) File.Delete(Files.Log(number));
        File.Delete(Files.ManifestDraft);
        File.Delete(Files.DeletionsDraft);
        _manifest = _manifest with { NextTable = next };
    }

    /// <summary>Reads the batches back that are in no table.</summary>
    private void Recover(long[] logs)
    {
        using BatchAssembly assembly = new(_arena, IntervalGap);
        long first = logs.SkipWhile(number => number < _manifest.FirstLog).FirstOrDefault(_manifest.FirstLog);
        if (first != _manifest.FirstLog) throw StoreDamage.Of(Files.Log(_manifest.FirstLog), "the file is missing");
        for (int i = 0; i < logs.Length; i++)
        {
            if (logs[i] < _manifest.FirstLog) continue;
            if (i > 0 && logs[i - 1] >= _manifest.FirstLog && logs[i] != logs[i - 1] + 1) throw StoreDamage.Of(Files.Log(logs[i] - 1), "the file is missing");
            bool isLast = i == logs.Length - 1;
            using (LogReader log = new(Files.Log(logs[i]), logs[i], isLast))
            {
                ReplayOrPassOver(log, assembly);
                _group = Math.Max(_group, log.Group);
                if (log.Torn == 0 || IsReadOnly) continue;
                TornOctets += log.Torn;
                CutOff(logs[i], log.End);
            }

            if (!IsReadOnly && _tables.ActiveOctets > WriteBufferBytes) Flush(_tables.Seal(logs[i] + 1, Ledger.EncodeAll()));
        }
    }

    private void ReplayOrPassOver(LogReader log, BatchAssembly assembly)
    {
        try
        {
            Replay(log, assembly);
        }
        catch (ObservationStoreException damage) when (_options.Salvage)
        {
            Damages.Add(damage.Message); // the batches before it were taken
        }
    }

    private void Replay(LogReader log, BatchAssembly assembly)
    {
        while (log.Next() is { } batch)
        {
            if (!Ledger.Add(batch.Id)) throw StoreDamage.In(Files.Directory, log.End, $"batch {batch.Id} was logged twice");
            try
            {
                ObservationBatch left = _deletions.Filter.Sift(batch, IntervalGap, out _); // of the rows refused now some were deleted later
                MemoryTable? table = assembly.Assemble(left, _deletions.Count, out SightingInterval? bounds);
                if (table is not null) _tables.Add([table], bounds);
            }
            catch (ArgumentException damage)
            {
                throw StoreDamage.In(Files.Directory, log.End, "a logged batch cannot be read", damage);
            }

            MergeSmall();
        }
    }

    /// <summary>A log that is not the last one must be whole to its end, and this one will not be the last one any more.</summary>
    private void CutOff(long number, long end)
    {
        if (end == 0)
        {
            using FileStream draft = new(Files.Log(number), FileMode.Create, FileAccess.Write);
            draft.Write(LogFormat.Header(number));
            draft.Flush(flushToDisk: true);
            return;
        }

        using FileStream log = new(Files.Log(number), FileMode.Open, FileAccess.ReadWrite);
        log.SetLength(end);
        log.Flush(flushToDisk: true);
    }
}
