namespace PassiveDns.Storage.Embedded.Tables;

/// <summary>Places for blocks or pages of a table that are kept under the bound of a cache, by number: finding one costs a single read.</summary>
/// <param name="cache">Bounds what is kept.</param>
/// <param name="owner">The table, by which the cache lets go of all of its own.</param>
/// <param name="count">How many places.</param>
internal sealed class CacheShelf(BlockCache cache, object owner, int count)
{
    private readonly BlockCache.Entry?[] _places = new BlockCache.Entry?[count];

    /// <summary>Octets of the places, without what lies there.</summary>
    public long Octets => 8L * _places.Length;

    /// <summary>What lies at a place, and was asked for now; <c>null</c> if nothing does.</summary>
    public BlockCache.Entry? Find(int place)
    {
        BlockCache.Entry? entry = Volatile.Read(ref _places[place]);
        if (entry is { WasUsed: false }) entry.WasUsed = true;
        return entry;
    }

    /// <summary>What lies at a place, for those who pass by once.</summary>
    public BlockCache.Entry? Peek(int place) => Volatile.Read(ref _places[place]);

    /// <summary>Puts something at a place, unless something else lies there already.</summary>
    /// <param name="place">The place.</param>
    /// <param name="content">What is kept: the octets of a block or a page, or a page of an index.</param>
    /// <param name="octets">How much memory it takes.</param>
    /// <param name="block">The block, if it is one.</param>
    public void Put(int place, object content, long octets, Block block = default)
    {
        BlockCache.Entry entry = new(this, place, content, octets, block);
        if (Interlocked.CompareExchange(ref _places[place], entry, null) is null) cache.Add(entry);
    }

    public bool IsOf(object table) => ReferenceEquals(owner, table);

    public void Clear(int place) => Volatile.Write(ref _places[place], null);
}
