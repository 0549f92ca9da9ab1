using System.Buffers;
using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using PassiveDns.Storage.Embedded.Files;

namespace PassiveDns.Storage.Embedded.Tables;

/// <summary>A table in a file.</summary>
internal sealed class FileTable : Table
{
    private readonly SafeFileHandle _file;
    private readonly FrameCodec _codec;
    private readonly BlockCache _cache;
    private readonly BlockCache.Entry?[] _blocks;
    private readonly (long Start, long End)? _changesAt, _namesAt;
    private ChangeIndex? _changes;
    private NameIndex? _names;
    private bool _isObsolete;

    /// <param name="path">The file.</param>
    /// <param name="file">It, open for reading; the table takes it over.</param>
    /// <param name="length">Its length.</param>
    /// <param name="parts">What is kept in memory of it.</param>
    /// <param name="changesAt">Where its change index stands, if it has one.</param>
    /// <param name="namesAt">Where its name index stands, if it has one.</param>
    /// <param name="codec">Unpacks frames.</param>
    /// <param name="cache">Bounds the unpacked blocks.</param>
    public FileTable(
        string path, SafeFileHandle file, long length, (TableIndex Index, HeadFilter Filter, TableFacts Facts) parts, (long Start, long End)? changesAt, (long Start, long End)? namesAt, FrameCodec codec,
        BlockCache cache)
        : base(parts.Index, parts.Filter, parts.Facts)
    {
        Path = path;
        _file = file;
        _changesAt = changesAt;
        _namesAt = namesAt;
        _codec = codec;
        _cache = cache;
        _blocks = new BlockCache.Entry?[parts.Index.Count];
        Octets = length;
    }

    public string Path { get; }

    /// <summary>Takes the damage of blocks that are passed over; <c>null</c> to fail at them.</summary>
    public DamageLog? Salvage { get; init; }

    public override long Octets { get; }

    /// <summary>Read when somebody asks for it first, and kept: some octets for each block and page.</summary>
    public override ChangeIndex? Changes => _changesAt is { } place && Salvage is null ? LazyInitializer.EnsureInitialized(ref _changes, () => ReadChanges(place)) : null;

    /// <summary>Read when somebody asks for it first, and kept: some octets for each page.</summary>
    public override NameIndex? Names => _namesAt is { } place && Salvage is null ? LazyInitializer.EnsureInitialized(ref _names, () => ReadNames(place)) : null;

    /// <summary>What index and filter take in memory.</summary>
    public long ResidentOctets => Index.Octets + 8L * Filter.Words.Length + 8L * _blocks.Length;

    /// <summary>No manifest names the file any more: it goes when the last walk lets go of the table.</summary>
    public void MarkObsolete() => Volatile.Write(ref _isObsolete, true);

    public override Block Read(int block)
    {
        if (Volatile.Read(ref _blocks[block]) is { } cached)
        {
            if (!cached.WasUsed) cached.WasUsed = true;
            return cached.Block;
        }

        byte[] octets = [];
        Block read = ReadOrPassOver(block, ref octets, exact: true);
        if (read.Restarts == 0) return read;
        if (octets.Length == Index.Length(block) - FrameCodec.TailLength && _cache.IsFull) return read; // as it is in the file: others cost more to get again
        BlockCache.Entry entry = new(_blocks, block, octets, read);
        if (Interlocked.CompareExchange(ref _blocks[block], entry, null) is null) _cache.Add(entry);
        return read;
    }

    public override Block ReadOnce(int block, ref byte[] buffer) =>
        Volatile.Read(ref _blocks[block]) is { } cached ? cached.Block : ReadOrPassOver(block, ref buffer, exact: false);

    public override ObservationStoreException Damaged(int block) => StoreDamage.In(Path, Index.Start(block), "a block cannot be read");

    public override ObservationStoreException DamagedChanges() => StoreDamage.In(Path, _changesAt?.Start ?? 0, "the index of changes cannot be read");

    public override ObservationStoreException DamagedNames() => StoreDamage.In(Path, _namesAt?.Start ?? 0, "the index of names cannot be read");

    /// <summary>Whether the mark and the length stand before a block or a page, by which it is found when the index is damaged. Files of format 1 have none.</summary>
    public bool IsMarked(ReadOnlySpan<byte> mark, long start, int length)
    {
        if (_changesAt is null) return true;
        Span<byte> found = stackalloc byte[TableFile.MarkLength];
        ReadRaw(found, start - TableFile.MarkLength);
        return found.StartsWith(mark) && BinaryPrimitives.ReadInt32LittleEndian(found[4..]) == length;
    }

    /// <summary>Reads octets of the file as they are, whether or not it still has its name.</summary>
    public void ReadRaw(Span<byte> destination, long offset) => ReadAll(_file, destination, offset, Path);

    protected override void Free()
    {
        _cache.Forget(_blocks);
        _file.Dispose();
        if (!Volatile.Read(ref _isObsolete)) return;
        try
        {
            File.Delete(Path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // the next opening clears it away: no manifest names it
        }
    }

    private ChangeIndex ReadChanges((long Start, long End) place) =>
        ChangeIndex.Read(TableFile.ReadPart(_file, Path, _codec, place.Start, place.End), place.Start, ReadPage) ?? throw DamagedChanges();

    private ReadOnlyMemory<byte> ReadPage(ChangeIndex.Page page) => TableFile.ReadPart(_file, Path, _codec, page.Start, page.Start + page.Length);

    private NameIndex ReadNames((long Start, long End) place)
    {
        byte[] part = TableFile.ReadPart(_file, Path, _codec, place.Start, place.End);
        BlockCache.Entry?[]? pages = null;
        NameIndex names = NameIndex.Read(part, place.Start, Index.Count, page => ReadPage(pages!, page)) ?? throw DamagedNames();
        pages = new BlockCache.Entry?[names.Pages];
        return names;
    }

    /// <summary>Pages of names are small and asked for at random: they are kept like blocks.</summary>
    private ReadOnlyMemory<byte> ReadPage(BlockCache.Entry?[] pages, NameIndex.Page page)
    {
        if (Volatile.Read(ref pages[page.Number]) is { } cached)
        {
            if (!cached.WasUsed) cached.WasUsed = true;
            return cached.Octets;
        }

        BlockCache.Entry entry = new(pages, page.Number, TableFile.ReadPart(_file, Path, _codec, page.Start, page.Start + page.Length), Block.Empty);
        if (Interlocked.CompareExchange(ref pages[page.Number], entry, null) is null) _cache.Add(entry);
        return entry.Octets;
    }

    private Block ReadOrPassOver(int block, ref byte[] octets, bool exact)
    {
        try
        {
            return ReadFrame(block, ref octets, exact);
        }
        catch (ObservationStoreException damage) when (Salvage is not null)
        {
            Salvage.Add(damage.Message);
            return Block.Empty;
        }
    }

    private Block ReadFrame(int block, ref byte[] octets, bool exact)
    {
        int length = Index.Length(block);
        byte[] frame = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            Span<byte> read = frame.AsSpan(0, length);
            ReadAll(_file, read, Index.Start(block), Path);
            int unpacked = FrameCodec.Measure(read, TableFormat.MaxEntryLength + (1 << 20));
            if (unpacked < 0) throw StoreDamage.In(Path, Index.Start(block), "the checksum of a block does not fit");
            if (exact || octets.Length < unpacked) octets = GC.AllocateUninitializedArray<byte>(exact ? unpacked : Math.Max(2 * unpacked, 32 << 10));
            if (!_codec.TryUnpack(read, octets.AsSpan(0, unpacked)) || !Block.TryOpen(octets, 0, unpacked, out Block opened)) throw Damaged(block);
            return opened;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(frame);
        }
    }

    /// <summary>Reads exactly so many octets.</summary>
    public static void ReadAll(SafeFileHandle file, Span<byte> destination, long offset, string path)
    {
        while (!destination.IsEmpty)
        {
            int read = RandomAccess.Read(file, destination, offset);
            if (read == 0) throw StoreDamage.In(path, offset, "the file ends there");
            destination = destination[read..];
            offset += read;
        }
    }
}
