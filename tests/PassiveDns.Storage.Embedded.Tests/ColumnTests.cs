using System.Text;
using PassiveDns.Storage.Embedded.Tables;

namespace PassiveDns.Storage.Embedded.Tests;

/// <summary>Blocks packed column by column come out as they went in, octet by octet, and damage to them is told or harmless.</summary>
public sealed class ColumnTests
{
    private readonly FrameCodec _codec = new();

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 15)]
    [InlineData(3, 16)]
    [InlineData(4, 17)]
    [InlineData(5, 400)]
    [InlineData(6, 400)]
    [InlineData(7, 5_000)]
    public void A_block_comes_out_as_it_went_in(int seed, int entries)
    {
        Random random = new(seed);
        byte[] block = Block(random, entries, _ => History(random));
        using FrameCodec.Packer packer = FrameCodec.Pack(3);
        for (int again = 0; again < 2; again++)
        {
            byte[] frame = packer.PackBlock(block).ToArray();
            if (entries > 100) Assert.InRange(frame.Length, 1, block.Length * 2 / 3);
            Assert.Equal(block, Unpack(frame));
        }
    }

    [Fact]
    public void Values_that_are_no_history_or_an_odd_one_come_out_as_they_went_in()
    {
        byte[][] values =
        [
            [], [0], [0, 0], [0, 1], [0, 1, 5, 0, 1], [0, 1, 5, 0, 0], [0, 1, 5, 3, 1], [0, 1, 0x85, 0, 0, 1], [0, 0x81, 0, 5, 0, 1], [0, 1, 5, 0, 1, 0],
            [0, 1, 0xFF, 0xFF, 0xFF, 0xFF, 0x07, 0, 1], [0, 1, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 0, 1], [0, 1, 5, 0xFF, 0xFF, 0xFF, 0xFF, 0x07, 2],
            [0, 1, 5, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0x07], [0, 1, 5, 0, 0xFE, 0xFF, 0xFF, 0xFF, 0x07], [0, 2, 5, 0, 1, 6, 0, 1], [0, 2, 5, 0, 1, 6, 0], [2], [2, 0x80], [2, 5, 5, 1, 5, 0, 1],
            [0x80, 1, 2, 3, 4], [0xF0, .. new byte[60], 1, 5, 0, 1], [4, 1, 1, 5, 0, 1], [8, 1, 5, 0, 1], [1, 1, 5, 0, 1], .. Enumerable.Range(0, 300).Select(i => (byte[])[2, (byte)(i | 0x80), (byte)(i / 128 + 1), 7, 1, 9, 0, 1]),
        ];
        byte[] block = Block(new(1), values.Length, i => values[i]);
        using FrameCodec.Packer packer = FrameCodec.Pack(1);
        Assert.Equal(block, Unpack(packer.PackBlock(block).ToArray()));
    }

    [Fact]
    public void Damage_is_told_or_harmless()
    {
        Random random = new(9);
        byte[] block = Block(random, 300, _ => History(random));
        using FrameCodec.Packer packer = FrameCodec.Pack(3);
        byte[] frame = packer.PackBlock(block).ToArray();
        for (int round = 0; round < 3_000; round++)
        {
            byte[] damaged = frame.ToArray();
            for (int flips = random.Next(1, 4); flips > 0; flips--) damaged[random.Next(round % 2 == 0 ? 40 : damaged.Length - FrameCodec.TailLength)] ^= (byte)(1 << random.Next(8));
            byte[] room = new byte[block.Length + 64]; // behind the block nothing may be written
            if (_codec.TryUnpack(damaged, room.AsSpan(0, block.Length))) Assert.True(Tables.Block.TryOpen(room, 0, block.Length, out _));
            Assert.All(room[block.Length..], octet => Assert.Equal(0, octet));
        }

        for (int length = FrameCodec.TailLength; length < frame.Length; length++)
        {
            byte[] cut = [.. frame[..(length - FrameCodec.TailLength)], .. frame[^FrameCodec.TailLength..]];
            Assert.False(_codec.TryUnpack(cut, new byte[block.Length]));
        }
    }

    [Fact]
    public void Numbers_of_bits_come_out_as_they_went_in()
    {
        Random random = new(4);
        (int Kind, int Bits, uint Value)[] numbers = [.. Enumerable.Range(0, 20_000).Select(_ =>
        {
            int bits = random.Next(0, 32);
            return (random.Next(3), bits, (uint)random.NextInt64(0, 1L << bits));
        })];
        BitWriter writer = new();
        for (int again = 0; again < 2; again++)
        {
            writer.Clear();
            foreach ((int kind, int bits, uint value) in numbers)
            {
                if (kind == 0) writer.Write(value, bits);
                else if (kind == 1) writer.WriteGamma(value + 1);
                else writer.WriteSized(value);
            }

            ReadOnlySpan<byte> octets = writer.Finish();
            BitReader reader = new(octets), shorter = new(octets[..^1]);
            foreach ((int kind, int bits, uint value) in numbers)
            {
                Assert.Equal(value, Read(ref reader, kind, bits));
                Read(ref shorter, kind, bits);
            }

            Assert.True(reader.IsSound);
            Assert.False(shorter.IsSound);
        }

        static uint Read(ref BitReader reader, int kind, int bits) => kind == 0 ? reader.Read(bits) : kind == 1 ? reader.ReadGamma() - 1 : reader.ReadSized();
    }

    private byte[] Unpack(byte[] frame)
    {
        byte[] block = new byte[FrameCodec.Measure(frame, TableFormat.MaxEntryLength)];
        Assert.True(_codec.TryUnpack(frame, block));
        return block;
    }

    private static byte[] Block(Random random, int entries, Func<int, byte[]> value)
    {
        SortedSet<string> keys = new(StringComparer.Ordinal);
        while (keys.Count < entries) keys.Add($"\u0001com\0d{random.Next(entries)}\0{new string('w', random.Next(40) == 0 ? 300 : random.Next(4))}{random.Next(1_000_000)}\0\0");
        BlockBuilder builder = new();
        byte[] last = [];
        int i = 0;
        foreach (byte[] key in keys.Select(Encoding.ASCII.GetBytes))
        {
            builder.Add(key, key.AsSpan().CommonPrefixLength(last), value(i++));
            last = key;
        }

        return builder.Finish().ToArray();
    }

    private static byte[] History(Random random)
    {
        List<SightingInterval> intervals = [];
        long at = 1_700_000_000 + random.Next(1 << 22);
        for (int left = random.Next(10) == 0 ? random.Next(1, 40) : 1; left > 0; left--)
        {
            int count = random.Next(2) == 0 ? 1 : random.Next(0, 5_000);
            long last = at + (count == 1 ? 0 : random.Next(1 << random.Next(20)));
            intervals.Add(new(at, last, count));
            at = last + 200_000 + random.Next(1 << 25);
        }

        byte[] packed = new byte[SightingCodec.MaxLength(intervals.Count)];
        uint[] witnesses = [7, .. Enumerable.Range(0, random.Next(3)).Select(i => 1_000_000u * (uint)i + 9)];
        int length = random.Next(3) == 0
            ? SightingCodec.Encode(intervals.ToArray(), witnesses, packed)
            : SightingCodec.Encode(intervals.ToArray(), witnesses, 300, 300 + (uint)random.Next(2) * 86_400, packed);
        return packed[..length];
    }
}
