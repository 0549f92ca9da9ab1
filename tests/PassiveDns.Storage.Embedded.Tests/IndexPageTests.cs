using FsCheck;
using FsCheck.Fluent;
using PassiveDns.Storage.Embedded.Tables;

namespace PassiveDns.Storage.Embedded.Tests;

public sealed class IndexPageTests
{
    private const long Start = 8;

    /// <summary>Blocks with rising keys, one behind the other with or without something between.</summary>
    private static Gen<(byte[] Key, long Gap, int Length, BlockHours Hours)[]> Blocks =>
        from keys in Gen.NonEmptyListOf(Gen.ListOf(Gen.Choose(0, 3).Select(octet => (byte)(octet * 85))))
        from rest in Gen.ListOf(
            from gap in Gen.OneOf(Gen.Constant(8L), Gen.Choose(8, 1 << 20).Select(gap => (long)gap), Gen.Constant(1L << 40))
            from length in Gen.Choose(FrameCodec.TailLength, 1 << 20)
            from first in Gen.Choose(0, 1_000_000)
            from lasting in Gen.OneOf(Gen.Constant(-1), Gen.Choose(0, 1_000_000))
            select (gap, length, lasting < 0 ? BlockHours.None : new BlockHours(first, first + lasting)), keys.Count)
        select keys.Select(key => key.ToArray()).Order(Comparer<byte[]>.Create(static (a, b) => a.AsSpan().SequenceCompareTo(b))).Zip(rest, (key, block) => (key, block.Item1, block.Item2, block.Item3)).ToArray();

    private static (IndexPage.Builder Builder, long End) Build((byte[] Key, long Gap, int Length, BlockHours Hours)[] blocks)
    {
        IndexPage.Builder builder = new();
        long end = Start;
        foreach ((byte[] key, long gap, int length, BlockHours hours) in blocks)
        {
            builder.Add(key, (end + gap, length), hours);
            end += gap + length;
        }

        return (builder, end);
    }

    [Fact]
    public void What_is_read_is_what_was_written() => Prop.ForAll(Arb.From(Blocks), static blocks =>
    {
        (IndexPage.Builder builder, long end) = Build(blocks);
        IndexPage page = IndexPage.Read(builder.Pack(), blocks.Length, end)!;
        Assert.Equal(blocks.Length, page.Count);
        long before = Start;
        BlockHours all = BlockHours.None;
        for (int i = 0; i < blocks.Length; i++)
        {
            Assert.Equal(blocks[i].Key, page.Key(i));
            Assert.Equal(before + blocks[i].Gap, page.Start(i));
            Assert.Equal(blocks[i].Length, page.Length(i));
            Assert.Equal(blocks[i].Hours, page.Hours(i));
            before = page.Start(i) + page.Length(i);
            all = all.With(blocks[i].Hours);
        }

        Assert.Equal(end, page.End);
        Assert.Equal(all, builder.Hours);
        foreach ((byte[] key, _, _, _) in blocks) Assert.Equal(Math.Max(0, Array.FindLastIndex(blocks, block => block.Key.AsSpan().SequenceCompareTo(key) <= 0)), page.Find(key));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void What_is_cut_off_or_changed_gives_nothing_or_a_page_inside_the_file() => Prop.ForAll(
        Arb.From(from blocks in Blocks from place in Gen.Choose(0, 1 << 20) from octet in Gen.Choose(0, 255) select (blocks, place, octet)), static page =>
    {
        (IndexPage.Builder builder, long end) = Build(page.blocks);
        byte[] octets = builder.Pack();
        for (int length = 0; length < octets.Length; length++) Assert.Null(IndexPage.Read(octets.AsSpan(0, length), page.blocks.Length, end));
        octets[page.place % octets.Length] = (byte)page.octet;
        if (IndexPage.Read(octets, page.blocks.Length, end) is not { } read) return;
        for (int i = 0; i < read.Count; i++)
        {
            Assert.InRange(read.Start(i), 0, end);
            Assert.InRange(read.Start(i) + read.Length(i), 0, end);
            Assert.InRange(read.Key(i).Length, 0, TableFormat.MaxKeyLength);
        }
    }).QuickCheckThrowOnFailure();
}
