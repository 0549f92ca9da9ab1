using System.Buffers.Binary;
using PassiveDns.Storage.Embedded.Tables;

namespace PassiveDns.Storage.Embedded.Tests;

/// <summary>What gets into a full cache: no blocks that stand in a file as they are, which cost little to read, and few of a long walk.</summary>
public sealed class PlainBlockTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("pdns-plain-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void They_push_no_packed_block_out_of_a_full_cache()
    {
        BlockCache cache = new(80 * FileTableBuilder.BlockLength);
        FileTable packed = Write("1.table", 1, cache), plain = Write("2.table", 0, cache);
        Block[] filling = [.. Enumerable.Range(0, 72).Select(packed.Read)]; // as good as full
        for (int page = 0; page < plain.Index.Pages; page++) plain.Index.Page(page); // they are kept, whatever is full
        long before = cache.Octets;

        for (int round = 0; round < 3; round++)
        {
            for (int block = 0; block < plain.Index.Count; block++) plain.Read(block);
        }

        Assert.Equal(before, cache.Octets);
        Assert.All(Enumerable.Range(0, filling.Length), block => Assert.Same(filling[block].Octets, packed.Read(block).Octets));
        packed.Release();
        plain.Release();
    }

    [Fact]
    public void They_are_kept_while_there_is_room()
    {
        FileTable plain = Write("1.table", 0, new(1 << 30));

        for (int block = 0; block < plain.Index.Count; block++) Assert.Same(plain.Read(block).Octets, plain.Read(block).Octets);

        plain.Release();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void A_walk_keeps_a_few_blocks_once_the_cache_is_full_and_all_of_them_before(int level)
    {
        BlockCache cache = new(80 * FileTableBuilder.BlockLength);
        FileTable filling = Write("1.table", 3, cache), walked = Write("2.table", level, cache);
        for (int page = 0; page < walked.Index.Pages; page++) walked.Index.Page(page); // they are kept, whatever is full
        Block[] kept = [.. Enumerable.Range(0, 70).Select(filling.Read)];
        Assert.True(cache.IsFull);
        long before = cache.Octets;
        TableCursor cursor = new(walked);

        long entries = 0;
        while (cursor.MoveNext()) entries++;

        Assert.Equal(walked.Facts.Count, entries);
        Assert.True(walked.Index.Count > 100);
        Assert.InRange(cache.Octets - before, 0, 9 * (FileTableBuilder.BlockLength + 1024));
        ScanRoom room = new(); // by which nothing more is kept
        Assert.InRange(kept.Where((block, number) => ReferenceEquals(block.Octets, filling.ReadOnce(number, room).Octets)).Count(), 60, 70);
        filling.Release();
        walked.Release();

        FileTable roomy = Write("3.table", level, new(1 << 30));
        cursor = new(roomy);
        while (cursor.MoveNext()) continue;
        for (int block = 0; block < roomy.Index.Count; block++) Assert.Same(roomy.Read(block).Octets, roomy.Read(block).Octets);
        roomy.Release();
    }

    [Fact]
    public void What_they_hold_is_the_same_as_in_packed_ones()
    {
        BlockCache cache = new(1);
        FileTable packed = Write("1.table", 3, cache), plain = Write("2.table", 0, cache);
        TableCursor one = new(packed), other = new(plain);

        long entries = 0;
        while (one.MoveNext())
        {
            Assert.True(other.MoveNext());
            Assert.Equal(one.Key, other.Key);
            Assert.Equal(one.Value, other.Value);
            entries++;
        }

        Assert.False(other.MoveNext());
        Assert.Equal(packed.Facts.Count, entries);
        packed.Release();
        plain.Release();
    }

    private FileTable Write(string name, int level, BlockCache cache)
    {
        string path = Path.Combine(_directory, name);
        using (FileTableBuilder builder = new(path, level))
        {
            byte[] key = new byte[24];
            key[0] = 5;
            for (int i = 0; i < 40_000; i++)
            {
                BinaryPrimitives.WriteInt32BigEndian(key.AsSpan(1), 7 * i);
                builder.Add(key, BitConverter.GetBytes(i / 100));
            }

            builder.Finish();
        }

        return TableFile.Open(path, new(), cache);
    }
}
