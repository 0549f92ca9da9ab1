using PassiveDns.Storage.Embedded.Tables;

namespace PassiveDns.Storage.Embedded.Tests;

public sealed class BlockCacheTests
{
    private const int Room = 16;
    private const int BlockLength = 100;

    /// <summary>What a block takes in the cache with all that belongs to it.</summary>
    private static readonly long s_length = new BlockCache.Entry(new(new(0), "", 1), 0, "", BlockLength, Block.Empty).Octets;

    [Fact]
    public void What_is_asked_for_again_and_again_is_unpacked_once_though_the_cache_was_full_of_other_blocks()
    {
        BlockCache cache = new(Room * s_length);
        CacheShelf before = new(cache, "before", Room), table = new(cache, "table", Room / 2);
        for (int i = 0; i < Room; i++) Ask(before, i);

        int[] unpacked = [.. Enumerable.Range(0, 4).Select(_ => Enumerable.Range(0, Room / 2).Count(block => Ask(table, block)))];

        Assert.Equal([Room / 2, 0, 0, 0], unpacked);
        Assert.Equal(Room * s_length, cache.Octets);
    }

    [Fact]
    public void Blocks_in_use_stay_while_others_pass_through()
    {
        BlockCache cache = new(Room * s_length);
        const int Used = 4, Passing = 10 * Room;
        CacheShelf used = new(cache, "used", Used), passing = new(cache, "passing", Passing);
        for (int i = 0; i < Passing; i++)
        {
            Ask(passing, i);
            for (int block = 0; block < Used; block++) Assert.True(!Ask(used, block) || i == 0);
        }

        Assert.Equal(Room, Enumerable.Range(0, Used).Count(i => used.Peek(i) is not null) + Enumerable.Range(0, Passing).Count(i => passing.Peek(i) is not null));
    }

    [Fact]
    public void A_table_that_is_gone_leaves_its_room_to_others()
    {
        BlockCache cache = new(Room * s_length);
        CacheShelf gone = new(cache, "gone", Room), kept = new(cache, "kept", Room);
        for (int i = 0; i < Room / 2; i++)
        {
            Ask(gone, i);
            Ask(kept, i);
        }

        cache.Forget("gone");

        Assert.Equal(Room / 2 * s_length, cache.Octets);
        for (int i = 0; i < Room; i++) Ask(kept, i);
        Assert.All(Enumerable.Range(0, Room), i => Assert.NotNull(kept.Peek(i)));
    }

    /// <summary>Asks for a block as a table does: whether it had to be unpacked.</summary>
    private static bool Ask(CacheShelf table, int block)
    {
        if (table.Find(block) is not null) return false;
        table.Put(block, "", BlockLength, Block.Empty);
        return true;
    }
}
