using PassiveDns.Storage.Embedded.Tables;

namespace PassiveDns.Storage.Embedded.Tests;

public sealed class BlockCacheTests
{
    private const int Room = 16;
    private const int BlockLength = 100;

    [Fact]
    public void What_is_asked_for_again_and_again_is_unpacked_once_though_the_cache_was_full_of_other_blocks()
    {
        BlockCache cache = new(Room * BlockLength);
        BlockCache.Entry?[] before = new BlockCache.Entry?[Room], table = new BlockCache.Entry?[Room / 2];
        for (int i = 0; i < Room; i++) Ask(cache, before, i);

        int[] unpacked = [.. Enumerable.Range(0, 4).Select(_ => Enumerable.Range(0, table.Length).Count(block => Ask(cache, table, block)))];

        Assert.Equal([table.Length, 0, 0, 0], unpacked);
        Assert.Equal(Room * BlockLength, cache.Octets);
    }

    [Fact]
    public void Blocks_in_use_stay_while_others_pass_through()
    {
        BlockCache cache = new(Room * BlockLength);
        BlockCache.Entry?[] used = new BlockCache.Entry?[4], passing = new BlockCache.Entry?[10 * Room];
        for (int i = 0; i < passing.Length; i++)
        {
            Ask(cache, passing, i);
            for (int block = 0; block < used.Length; block++) Assert.True(!Ask(cache, used, block) || i == 0);
        }

        Assert.Equal(Room, used.Concat(passing).Count(static entry => entry is not null));
    }

    [Fact]
    public void A_table_that_is_gone_leaves_its_room_to_others()
    {
        BlockCache cache = new(Room * BlockLength);
        BlockCache.Entry?[] gone = new BlockCache.Entry?[Room], kept = new BlockCache.Entry?[Room];
        for (int i = 0; i < Room / 2; i++)
        {
            Ask(cache, gone, i);
            Ask(cache, kept, i);
        }

        cache.Forget(gone);

        Assert.Equal(Room / 2 * BlockLength, cache.Octets);
        for (int i = 0; i < Room; i++) Ask(cache, kept, i);
        Assert.DoesNotContain(null, kept);
    }

    /// <summary>Asks for a block as a table does: whether it had to be unpacked.</summary>
    private static bool Ask(BlockCache cache, BlockCache.Entry?[] table, int block)
    {
        if (table[block] is { } known)
        {
            known.WasUsed = true;
            return false;
        }

        table[block] = new(table, block, new byte[BlockLength], Block.Empty);
        cache.Add(table[block]!);
        return true;
    }
}
