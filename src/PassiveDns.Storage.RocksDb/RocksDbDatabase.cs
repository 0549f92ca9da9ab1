using PassiveDns.Storage.Keys;
using RocksDbSharp;

namespace PassiveDns.Storage.RocksDb;

/// <summary>The opened database: one column family a keyspace, and the default one for what the store knows about itself.</summary>
internal sealed class RocksDbDatabase
{
    private const int ReadOnlyAttempts = 25;

    private static readonly Keyspace[] s_spaces = Enum.GetValues<Keyspace>();

    private readonly RocksDbSharp.RocksDb _db;
    private readonly ColumnFamilyHandle[] _families;
    private readonly object[] _roots;
    private readonly bool _isReadOnly;
    private int _holders = 1;

    private RocksDbDatabase(RocksDbSharp.RocksDb db, string path, bool isReadOnly, object[] roots)
    {
        _db = db;
        Path = path;
        _isReadOnly = isReadOnly;
        _roots = roots;
        _families = [.. s_spaces.Select(space => db.GetColumnFamily(NameOf(space)))];
        Meta = db.GetDefaultColumnFamily();
    }

    public string Path { get; }

    public ColumnFamilyHandle Meta { get; }

    public ColumnFamilyHandle this[Keyspace keyspace] => _families[(int)keyspace - 1];

    public static RocksDbDatabase Open(string path, RocksDbStoreOptions options, TimeSpan intervalGap, bool isReadOnly)
    {
        Cache cache = Cache.CreateLru((ulong)options.BlockCacheBytes);
        ColumnFamilies families = new(FamilyOptions(options, cache, null, intervalGap));
        foreach (Keyspace space in s_spaces) families.Add(NameOf(space), FamilyOptions(options, cache, space, intervalGap));
        DbOptions db = new DbOptions()
            .SetCreateIfMissing(!isReadOnly)
            .SetCreateMissingColumnFamilies(!isReadOnly)
            .SetDbWriteBufferSize((ulong)options.WriteBufferBytes)
            .SetMaxOpenFiles(isReadOnly ? -1 : options.MaxOpenFiles) // all at once: the writer may clear files away while we read
            .SetWalRecoveryMode(Recovery.TolerateCorruptedTailRecords) // the default passes over damage, and acknowledged batches with it
            .SetKeepLogFileNum(2)
            .SetInfoLogLevel(InfoLogLevel.Warn)
            .SetStatsDumpPeriodSec(0)
            .IncreaseParallelism(Math.Clamp(Environment.ProcessorCount, 2, 4));
        try
        {
            return isReadOnly
                ? OpenBesideWriter(db, path, families, cache)
                : new(RocksDbSharp.RocksDb.Open(db, path, families), path, false, [cache, families, db]);
        }
        catch (RocksDbSharpException failure)
        {
            throw StoreFailure.From(path, failure);
        }
    }

    /// <summary>
    /// RocksDB reads its list of tables first and the logs after it. If the writer clears a log away in between, because its rows are in a table
    /// now that our list does not have yet, then these rows are missing while later ones are there. So an opening during which a log went away
    /// does not count; that is rare, as a log holds many batches.
    /// </summary>
    private static RocksDbDatabase OpenBesideWriter(DbOptions db, string path, ColumnFamilies families, Cache cache)
    {
        if (!RocksDbSharp.RocksDb.ListColumnFamilies(db, path).Contains(NameOf(Keyspace.Dnssec))) throw DnssecFamily.Unmoved(path);
        for (int attempt = 1; attempt <= ReadOnlyAttempts; attempt++)
        {
            string[] logs = Directory.GetFiles(path, "*.log");
            RocksDbSharp.RocksDb? opened = null;
            try
            {
                opened = RocksDbSharp.RocksDb.OpenReadOnly(db, path, families, errIfLogFileExists: false);
                if (logs.All(File.Exists)) return new(opened, path, true, [cache, families, db]);
            }
            catch (RocksDbSharpException) when (!logs.All(File.Exists) || attempt < 3)
            {
                // a file went away between its listing and its opening
            }

            opened?.Dispose();
        }

        throw new ObservationStoreException($"{path} is being written so fast that it cannot be opened for reading: try again in a moment.", isTransient: true);
    }

    public byte[]? Get(ReadOnlySpan<byte> key, ColumnFamilyHandle family, ReadOptions? options = null)
    {
        try
        {
            return _db.Get(key, family, options);
        }
        catch (RocksDbSharpException failure)
        {
            throw StoreFailure.From(Path, failure);
        }
    }

    public void Write(WriteBatch batch)
    {
        try
        {
            _db.Write(batch, new WriteOptions().SetSync(true));
        }
        catch (RocksDbSharpException failure)
        {
            throw StoreFailure.From(Path, failure);
        }
    }

    public Iterator Iterate(ColumnFamilyHandle family, ReadOptions options) => _db.NewIterator(family, options);

    /// <summary>Why an iterator stopped: nothing if it came to the end.</summary>
    public void ThrowIfFailed(Iterator iterator)
    {
        try
        {
            Native.Instance.rocksdb_iter_get_error(iterator.Handle);
        }
        catch (RocksDbSharpException failure)
        {
            throw StoreFailure.From(Path, failure);
        }
    }

    /// <summary>A snapshot, or <c>null</c> where nothing can change: a database opened for reading keeps the moment of its opening.</summary>
    public Snapshot? TakeSnapshot() => _isReadOnly ? null : _db.CreateSnapshot();

    /// <summary>Writes everything out and merges all files of each family.</summary>
    public void Compact()
    {
        Flush();
        foreach (Keyspace space in s_spaces) _db.CompactRange((byte[]?)null, null, this[space]);
    }

    /// <summary>Makes a copy of the database as it is now; nothing may be at the path, or an empty directory.</summary>
    public void Checkpoint(string path, bool allowLinks)
    {
        try
        {
            if (Directory.Exists(path)) Directory.Delete(path); // RocksDB makes it itself
            using Checkpoint checkpoint = _db.Checkpoint();
            checkpoint.Save(path);
            if (allowLinks) return;
            foreach (string table in Directory.GetFiles(path, "*.sst"))
            {
                File.Copy(table, table + ".copy"); // a file of its own in the place of the link
                File.Move(table + ".copy", table, overwrite: true);
            }
        }
        catch (RocksDbSharpException failure)
        {
            throw StoreFailure.From(path, failure);
        }
    }

    /// <summary>A number that RocksDB knows of a keyspace, if it does.</summary>
    public long? NumberOf(string property, Keyspace space) => long.TryParse(_db.GetProperty(property, this[space]), out long number) ? number : null;

    public long? EstimateRows() => KeyedSweep.RrsetSpaces.Sum(space => NumberOf("rocksdb.estimate-num-keys", space));

    /// <summary>Keeps the database open until <see cref="Release"/>: closing it under an iterator would end the process.</summary>
    /// <returns><c>false</c> if it is closed.</returns>
    public bool TryHold()
    {
        lock (_roots)
        {
            if (_holders == 0) return false;
            _holders++;
            return true;
        }
    }

    public void Release()
    {
        lock (_roots)
        {
            if (--_holders > 0) return;
        }

        if (!_isReadOnly) Flush();
        _db.Dispose();
    }

    /// <summary>
    /// Writes what is in memory out in order, so that the next opening, a reader's above all, need not replay the log. If that fails nothing
    /// is lost: the log has it.
    /// </summary>
    private void Flush()
    {
        FlushOptions options = new FlushOptions().SetWaitForFlush(true);
        foreach (ColumnFamilyHandle family in _families.Append(Meta))
        {
            try
            {
                Native.Instance.rocksdb_flush_cf(_db.Handle, options.Handle, family.Handle);
            }
            catch (RocksDbSharpException)
            {
                return;
            }
        }
    }

    private static string NameOf(Keyspace space) => space.ToString().ToLowerInvariant();

    private static ColumnFamilyOptions FamilyOptions(RocksDbStoreOptions options, Cache cache, Keyspace? space, TimeSpan intervalGap)
    {
        bool isMerged = space is not (null or Keyspace.Sets);
        bool hasNamePrefix = space is Keyspace.Rrsets or Keyspace.Dnssec or Keyspace.Targets;
        BlockBasedTableOptions table = new BlockBasedTableOptions()
            .SetBlockCache(cache)
            .SetBlockSize(16 << 10)
            .SetFormatVersion(5)
            .SetCacheIndexAndFilterBlocks(true)
            .SetPinL0FilterAndIndexBlocksInCache(true)
            .SetWholeKeyFiltering(!isMerged); // rows are never read by their whole key, sets are
        if (hasNamePrefix || !isMerged) table.SetFilterPolicy(Native.Instance.rocksdb_filterpolicy_create_bloom_full(10));
        ColumnFamilyOptions family = new ColumnFamilyOptions()
            .SetBlockBasedTableFactory(table)
            .SetWriteBufferSize((ulong)Math.Max(options.WriteBufferBytes / 4, 1 << 20))
            .SetCompression(Compression.Lz4);
        Native.Instance.rocksdb_options_set_bottommost_compression(family.Handle, (int)Compression.Zstd);
        if (isMerged) family.SetMergeOperator(MergeOperator.Create(intervalGap));
        if (hasNamePrefix) family.SetPrefixExtractor(NamePrefix.Create());
        return family;
    }
}
