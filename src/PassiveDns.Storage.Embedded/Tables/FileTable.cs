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
    private readonly Parts _parts;
    private readonly CacheShelf _indexPages, _filterPages;
    private ChangeIndex? _changes;
    private NameIndex? _names;
    private bool _isObsolete;

    /// <param name="path">The file.</param>
    /// <param name="file">It, open for reading; the table takes it over.</param>
    /// <param name="length">Its length.</param>
    /// <param name="parts">What is kept in memory of it, and where the rest is.</param>
    /// <param name="codec">Unpacks frames.</param>
    /// <param name="cache">Bounds the unpacked blocks and pages.</param>
    public FileTable(string path, SafeFileHandle file, long length, Parts parts, FrameCodec codec, BlockCache cache)
        : base(parts.Facts)
    {
        Path = path;
        _file = file;
        _parts = parts;
        _codec = codec;
        _cache = cache;
        Octets = length;
        Index = parts.Blocks > 0 ? new(parts.Blocks, parts.Index, ReadIndexPage) : new(parts.Index.With(new CacheShelf(cache, this, parts.Index.Count)));
        _indexPages = new(cache, this, parts.Blocks > 0 ? parts.Index.Count : 0);
        _filterPages = new(cache, this, parts.FilterLengths.Length);
    }

    public override TableIndex Index { get; }

    /// <summary>Pages of the filter in the file, one for each page of the index; 0 if it is in memory.</summary>
    public int FilterPages => _parts.FilterLengths.Length;

    public string Path { get; }

    /// <summary>Takes the damage of blocks that are passed over; <c>null</c> to fail at them.</summary>
    public DamageLog? Salvage { get; init; }

    /// <summary>Where the marks before the dictionaries stand: there are two of them, or none.</summary>
    public IReadOnlyList<long> DictionariesAt => _parts.DictionariesAt;

    public override long Octets { get; }

    /// <summary>Read when somebody asks for it first, and kept: some octets for each block and page.</summary>
    public override ChangeIndex? Changes => _parts.Changes is { } place && Salvage is null ? LazyInitializer.EnsureInitialized(ref _changes, () => ReadChanges(place)) : null;

    /// <summary>Read when somebody asks for it first, and kept: some octets for each page.</summary>
    public override NameIndex? Names => _parts.Names is { } place && Salvage is null ? LazyInitializer.EnsureInitialized(ref _names, () => ReadNames(place)) : null;

    /// <summary>What is in memory of indexes, filter and dictionaries, whatever the cache holds.</summary>
    public long ResidentOctets =>
        (_parts.Dictionaries?.Octets ?? 0) + Index.Octets + (_parts.Filter?.Lines.Length ?? 0) + 4L * _parts.FilterLengths.Length + _indexPages.Octets + _filterPages.Octets
        + (Volatile.Read(ref _changes)?.Octets ?? 0) + (Volatile.Read(ref _names)?.Octets ?? 0);

    /// <summary>No manifest names the file any more: it goes when the last walk lets go of the table.</summary>
    public void MarkObsolete() => Volatile.Write(ref _isObsolete, true);

    /// <summary>
    /// The first key with a prefix, if there is one, is in the page in which the prefix would stand, or is the first one of the next page. That of the index begins with the
    /// prefix then: it is cut, but to nothing that stands before the prefix or is the start of it, or else the prefix would stand in its page.
    /// </summary>
    public override bool MayHold(ReadOnlySpan<byte> prefix, ulong hash)
    {
        if (_parts.Filter is { } whole) return whole.MayHold(hash);
        int page = _parts.Index.Find(prefix);
        try
        {
            return HeadFilter.MayHold(ReadFilterPage(page), hash) || (page + 1 < FilterPages && _parts.Index.Key(page + 1).StartsWith(prefix));
        }
        catch (ObservationStoreException damage) when (Salvage is not null)
        {
            Salvage.Add(damage.Message);
            return true; // nobody knows
        }
    }

    public override bool IsCacheFull => _cache.IsFull;

    public override Block Read(int block)
    {
        int number = Index.PageOf(block);
        IndexPage page = Index.Page(number);
        CacheShelf shelf = page.Blocks!;
        int place = block - TableIndex.FirstOf(number);
        if (shelf.Find(place) is { } cached) return cached.Block;
        byte[] octets = [];
        Block read = ReadOrPassOver(page, place, ref octets, exact: true);
        if (read.Restarts == 0) return read;
        if (octets.Length == page.Length(place) - FrameCodec.TailLength && _cache.IsFull) return read; // as it is in the file: others cost more to get again
        shelf.Put(place, octets, octets.Length, read);
        return read;
    }

    public override Block ReadOnce(int block, ScanRoom room)
    {
        IndexPage page = room.PageOf(Index, block);
        int place = block - TableIndex.FirstOf(Index.PageOf(block));
        room.Start = page.Start(place);
        if (page.Blocks!.Peek(place) is { } cached) return cached.Block;
        byte[] octets = room.Octets;
        Block read = ReadOrPassOver(page, place, ref octets, exact: false);
        room.Octets = octets;
        return read;
    }

    /// <summary>Reads a page of the filter.</summary>
    /// <param name="page">Its number.</param>
    /// <exception cref="ObservationStoreException">It is damaged.</exception>
    public byte[] ReadFilterPage(int page)
    {
        if (_filterPages.Find(page) is { } cached) return (byte[])cached.Content;
        (long start, int length) = FilterPageAt(page);
        byte[] octets = TableFile.ReadPart(_file, Path, _codec, start, start + length);
        if (octets.Length != length - FrameCodec.TailLength) throw StoreDamage.In(Path, start, "a page of the filter cannot be read");
        _filterPages.Put(page, octets, octets.Length);
        return octets;
    }

    /// <summary>Where a page of the filter is.</summary>
    public (long Start, int Length) FilterPageAt(int page) => (_parts.Index.Start(page) + _parts.Index.Length(page) + TableFile.MarkLength, _parts.FilterLengths[page]);

    public override ObservationStoreException Damaged(int block) => StoreDamage.In(Path, Index.Page(Index.PageOf(block)).Start(block - TableIndex.FirstOf(Index.PageOf(block))), "a block cannot be read");

    public override ObservationStoreException DamagedChanges() => StoreDamage.In(Path, _parts.Changes?.Start ?? 0, "the index of changes cannot be read");

    public override ObservationStoreException DamagedNames() => StoreDamage.In(Path, _parts.Names?.Start ?? 0, "the index of names cannot be read");

    /// <summary>Whether the mark and the length stand before a block or a page, by which it is found when the index is damaged. Files of format 1 have none.</summary>
    public bool IsMarked(ReadOnlySpan<byte> mark, long start, int length)
    {
        if (_parts.Changes is null) return true;
        Span<byte> found = stackalloc byte[TableFile.MarkLength];
        ReadRaw(found, start - TableFile.MarkLength);
        return found.StartsWith(mark) && BinaryPrimitives.ReadInt32LittleEndian(found[4..]) == length;
    }

    /// <summary>Whether dictionaries that stand at a place can be read.</summary>
    public bool HasDictionaries(long mark)
    {
        using TableDictionaries? found = TableFile.ReadDictionaries(_file, Path, _codec, mark, Octets);
        return found is not null;
    }

    /// <summary>Reads octets of the file as they are, whether or not it still has its name.</summary>
    public void ReadRaw(Span<byte> destination, long offset) => ReadAll(_file, destination, offset, Path);

    protected override void Free()
    {
        _cache.Forget(this);
        _file.Dispose();
        _parts.Dictionaries?.Dispose();
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
        CacheShelf? pages = null;
        NameIndex names = NameIndex.Read(part, place.Start, Index.Count, page => ReadPage(pages!, page)) ?? throw DamagedNames();
        pages = new(_cache, this, names.Pages);
        return names;
    }

    /// <summary>Pages of names are small and asked for at random: they are kept like blocks.</summary>
    private ReadOnlyMemory<byte> ReadPage(CacheShelf pages, NameIndex.Page page)
    {
        if (pages.Find(page.Number) is { } cached) return (byte[])cached.Content;
        byte[] octets = TableFile.ReadPart(_file, Path, _codec, page.Start, page.Start + page.Length);
        pages.Put(page.Number, octets, octets.Length);
        return octets;
    }

    private IndexPage ReadIndexPage(int number, bool keep)
    {
        if ((keep ? _indexPages.Find(number) : _indexPages.Peek(number)) is { } cached) return (IndexPage)cached.Content;
        IndexPage page = ReadIndexPage(number);
        if (keep) _indexPages.Put(number, page, page.Octets);
        return page;
    }

    private IndexPage ReadIndexPage(int number)
    {
        IndexPage root = _parts.Index;
        int count = Index.CountOf(number);
        long start = root.Start(number);
        try
        {
            byte[] part = TableFile.ReadPart(_file, Path, _codec, start, start + root.Length(number));
            return IndexPage.Read(part, count, start, new CacheShelf(_cache, this, count)) ?? throw StoreDamage.In(Path, start, "a page of the index cannot be read");
        }
        catch (ObservationStoreException damage) when (Salvage is not null)
        {
            Salvage.Add(damage.Message);
            return RebuildPage(number, Salvage);
        }
    }

    /// <summary>Makes a page of the index that is damaged anew from its blocks.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="damages">Takes what of its blocks is lost.</param>
    public IndexPage RebuildPage(int number, DamageLog damages)
    {
        IndexPage root = _parts.Index;
        int count = Index.CountOf(number);
        long from = number == 0 ? TableFile.Magic.Length : root.Start(number - 1) + root.Length(number - 1);
        return new TableSalvage(Path, _file, root.Start(number) - TableFile.MarkLength, _codec, damages, _parts.Dictionaries).Rebuild(from, count, root.Key(number)).With(new CacheShelf(_cache, this, count));
    }

    private Block ReadOrPassOver(IndexPage page, int place, ref byte[] octets, bool exact)
    {
        if (page.Length(place) == 0) return Block.Empty; // lost with its page
        try
        {
            return ReadFrame(page.Start(place), page.Length(place), ref octets, exact);
        }
        catch (ObservationStoreException damage) when (Salvage is not null)
        {
            Salvage.Add(damage.Message);
            return Block.Empty;
        }
    }

    private Block ReadFrame(long start, int length, ref byte[] octets, bool exact)
    {
        byte[] frame = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            Span<byte> read = frame.AsSpan(0, length);
            ReadAll(_file, read, start, Path);
            int unpacked = FrameCodec.Measure(read, TableFormat.MaxEntryLength + (1 << 20));
            if (unpacked < 0) throw StoreDamage.In(Path, start, "the checksum of a block does not fit");
            if (exact || octets.Length < unpacked) octets = GC.AllocateUninitializedArray<byte>(exact ? unpacked : Math.Max(2 * unpacked, 32 << 10));
            if (!_codec.TryUnpack(read, octets.AsSpan(0, unpacked), _parts.Dictionaries) || !Block.TryOpen(octets, 0, unpacked, out Block opened)) throw StoreDamage.In(Path, start, "a block cannot be read");
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

    /// <summary>What is in memory of a table file, and where the rest is.</summary>
    /// <param name="Facts">What is known of it as a whole.</param>
    /// <param name="Index">The root of its index; all blocks in files of earlier formats.</param>
    /// <param name="Blocks">How many blocks there are, if the index has pages; else 0.</param>
    internal sealed record Parts(TableFacts Facts, IndexPage Index, int Blocks)
    {
        /// <summary>The filter, if it has no pages.</summary>
        public HeadFilter? Filter { get; init; }

        /// <summary>How long the frames of the pages of the filter are, if it has some.</summary>
        public int[] FilterLengths { get; init; } = [];

        /// <summary>Where its change index stands, if it has one.</summary>
        public (long Start, long End)? Changes { get; init; }

        /// <summary>Where its name index stands, if it has one.</summary>
        public (long Start, long End)? Names { get; init; }

        /// <summary>What its blocks were packed with; <c>null</c> if they were packed without, or it is lost.</summary>
        public TableDictionaries? Dictionaries { get; init; }

        /// <summary>Where the marks before the dictionaries stand.</summary>
        public long[] DictionariesAt { get; init; } = [];
    }
}
