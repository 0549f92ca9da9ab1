namespace PassiveDns.Storage.Embedded.Tables;

/// <summary>What a walk through a whole table keeps of it, rather than the cache: room for a block, and the page of the index.</summary>
internal sealed class ScanRoom
{
    private IndexPage? _page;
    private int _number = -1;

    /// <summary>Where the block at hand starts.</summary>
    public long Start { get; set; }

    /// <summary>Room that is used again from block to block, and grows.</summary>
    public byte[] Octets { get; set; } = [];

    /// <summary>The page of a block.</summary>
    public IndexPage PageOf(TableIndex index, int block)
    {
        int number = index.PageOf(block);
        if (_page is not null && _number == number) return _page;
        _number = number;
        return _page = index.Page(number, keep: false);
    }
}
