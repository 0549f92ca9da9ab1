namespace PassiveDns.Storage.Embedded.Tables;

/// <summary>
/// Finds the block of a key. The index of a large table has pages of <see cref="BlocksOfPage"/> blocks, of which only the first key and the place are in memory;
/// they are read when somebody asks for them. That of a table in memory, or of a file of an earlier format, is one page.
/// </summary>
internal sealed class TableIndex
{
    public const int BlocksOfPage = 1 << PageShift;

    private const int PageShift = 7;

    private readonly IndexPage? _whole;
    private readonly IndexPage _root;
    private readonly PageSource? _read;

    /// <param name="whole">All blocks.</param>
    public TableIndex(IndexPage whole)
    {
        _whole = whole;
        _root = whole;
        Count = whole.Count;
        Pages = 1;
    }

    /// <param name="count">How many blocks there are.</param>
    /// <param name="root">The first keys and the places of the pages.</param>
    /// <param name="read">Reads a page.</param>
    public TableIndex(int count, IndexPage root, PageSource read)
    {
        _root = root;
        _read = read;
        Count = count;
        Pages = root.Count;
    }

    /// <summary>Reads a page.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="keep">Whether it is likely to be asked for again.</param>
    public delegate IndexPage PageSource(int number, bool keep);

    /// <summary>All blocks of the table.</summary>
    public int Count { get; }

    /// <summary>All pages.</summary>
    public int Pages { get; }

    /// <summary>Octets that are always in memory.</summary>
    public long Octets => _root.Octets;

    /// <summary>Whether its pages stand in the file, each with a checksum of its own.</summary>
    public bool IsPaged => _whole is null;

    /// <summary>The first keys and the places of the pages; if it is not paged, of the blocks.</summary>
    public IndexPage Root => _root;

    /// <summary>The page of a block.</summary>
    public int PageOf(int block) => _whole is null ? block >> PageShift : 0;

    /// <summary>The first block of a page.</summary>
    public static int FirstOf(int page) => page << PageShift;

    /// <summary>Blocks of a page.</summary>
    public int CountOf(int page) => _whole is null ? Math.Min(Count - FirstOf(page), BlocksOfPage) : Count;

    /// <exception cref="ObservationStoreException">The page is damaged.</exception>
    public IndexPage Page(int number, bool keep = true) => _whole ?? _read!(number, keep);

    /// <summary>The last block that starts at or before a key: the only one that can hold it. The first one if there is none.</summary>
    /// <exception cref="ObservationStoreException">The page that knows is damaged.</exception>
    public int Find(ReadOnlySpan<byte> key)
    {
        if (_whole is not null) return _whole.Find(key);
        int page = _root.Find(key);
        return FirstOf(page) + Page(page).Find(key);
    }
}
