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

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(2, 16, 1)]
    [InlineData(3, 60, 3)]
    [InlineData(4, 400, 3)]
    [InlineData(5, 5_000, 1)]
    public void With_a_dictionary_it_comes_out_as_it_went_in_and_is_shorter(int seed, int entries, int level)
    {
        Random random = new(seed);
        byte[] block = Block(random, entries, _ => History(random));
        byte[][] trained = Trained(level);
        using TableDictionaries dictionaries = Open(trained);
        using FrameCodec.Packer without = FrameCodec.Pack(level), with = FrameCodec.Pack(level, trained);
        for (int again = 0; again < 2; again++)
        {
            byte[] frame = with.PackBlock(block).ToArray();
            if (entries is > 1 and < 1_000) Assert.InRange(frame.Length, 1, without.PackBlock(block).Length - 1);
            Assert.Equal(block, Unpack(frame, dictionaries));
            if (frame[^FrameCodec.TailLength] != 0) Assert.False(_codec.TryUnpack(frame, new byte[block.Length])); // its dictionary is not there
        }
    }

    [Fact]
    public void Blocks_of_keyspaces_with_dictionaries_of_their_own_and_without_one_take_turns()
    {
        Random random = new(6);
        byte[][] trained = [.. Trained(3), [], [], DictionaryOf(Enumerable.Range(0, 64).Select(i => Block(new(i), 80, _ => [(byte)i, 7, 7, 7], space: 4)))];
        Assert.NotEmpty(trained[4]);
        using TableDictionaries dictionaries = Open(trained);
        using FrameCodec.Packer packer = FrameCodec.Pack(3, trained);
        foreach (byte space in (byte[])[1, 1, 2, 4, 1, 5, 4, 2])
        {
            byte[] block = Block(random, 80, _ => History(random), space);
            byte[] frame = packer.PackBlock(block).ToArray();
            Assert.Equal(block, Unpack(frame, dictionaries));
            Assert.Equal(space is 2 or 5, _codec.TryUnpack(frame, new byte[block.Length]));
        }
    }

    [Fact]
    public void A_damaged_octet_of_a_frame_with_a_dictionary_is_told_or_harmless()
    {
        Random random = new(7);
        byte[] block = Block(random, 80, _ => History(random));
        byte[][] trained = Trained(3);
        using TableDictionaries dictionaries = Open(trained);
        using FrameCodec.Packer packer = FrameCodec.Pack(3, trained);
        byte[] frame = packer.PackBlock(block).ToArray();
        for (int at = 0; at < frame.Length; at++)
        {
            for (int bit = 0; bit < 8; bit++)
            {
                byte[] damaged = frame.ToArray();
                damaged[at] ^= (byte)(1 << bit);
                Assert.Equal(-1, FrameCodec.Measure(damaged, TableFormat.MaxEntryLength)); // by its checksum
                if (at < damaged.Length - FrameCodec.TailLength) UnpackDamaged(damaged, block.Length, dictionaries);
            }
        }
    }

    [Fact]
    public void Damaged_dictionaries_are_told_or_unpack_something_else_or_nothing()
    {
        Random random = new(8);
        byte[] block = Block(random, 80, _ => History(random));
        byte[][] trained = Trained(3);
        using FrameCodec.Packer packer = FrameCodec.Pack(3, trained);
        byte[] frame = packer.PackBlock(block).ToArray(), part = TableDictionaries.Pack(trained);
        int read = 0;
        for (int at = 0; at < part.Length; at++)
        {
            byte[] damaged = part.ToArray();
            damaged[at] ^= (byte)(1 << random.Next(8));
            using TableDictionaries? dictionaries = TableDictionaries.Open(damaged);
            if (dictionaries is null) continue;
            read++;
            UnpackDamaged(frame, block.Length, dictionaries);
        }

        Assert.InRange(read, part.Length / 2, part.Length - 5);
        for (int length = 1; length < part.Length; length++) Assert.Null(TableDictionaries.Open(part.AsSpan(0, length)));
        using TableDictionaries? none = TableDictionaries.Open(default);
        Assert.NotNull(none);
    }

    [Fact]
    public void Too_little_to_train_on_gives_no_dictionary()
    {
        DictionaryTraining training = new();
        Assert.Empty(training.Train(3));
        training.Add(Block(new(1), 1, _ => [1]));
        Assert.Empty(training.Train(3));
        for (int i = 0; i < 64; i++) training.Add(Block(new(i), 80, _ => History(new(i))));
        Assert.NotEmpty(training.Train(3));
        Assert.Empty(training.Train(3)); // the blocks are forgotten
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
            UnpackDamaged(damaged, block.Length, null);
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

    private byte[] Unpack(byte[] frame, TableDictionaries? dictionaries = null)
    {
        byte[] block = new byte[FrameCodec.Measure(frame, TableFormat.MaxEntryLength)];
        Assert.True(_codec.TryUnpack(frame, block, dictionaries));
        return block;
    }

    private void UnpackDamaged(byte[] frame, int length, TableDictionaries? dictionaries)
    {
        byte[] room = new byte[length + 64]; // behind the block nothing may be written
        if (_codec.TryUnpack(frame, room.AsSpan(0, length), dictionaries)) Assert.True(Tables.Block.TryOpen(room, 0, length, out _));
        Assert.All(room[length..], octet => Assert.Equal(0, octet));
    }

    /// <summary>A dictionary for keyspace 1, trained on other blocks of the same kind.</summary>
    private static byte[][] Trained(int level) => [[], DictionaryOf(Enumerable.Range(100, 64).Select(seed => Block(new(seed), 80, _ => History(new(seed)))), level)];

    private static byte[] DictionaryOf(IEnumerable<byte[]> blocks, int level = 3)
    {
        DictionaryTraining training = new();
        foreach (byte[] block in blocks) training.Add(block);
        byte[] dictionary = training.Train(level);
        Assert.InRange(dictionary.Length, 1, DictionaryTraining.Length);
        return dictionary;
    }

    private static TableDictionaries Open(byte[][] trained)
    {
        TableDictionaries? dictionaries = TableDictionaries.Open(TableDictionaries.Pack(trained));
        Assert.NotNull(dictionaries);
        return dictionaries;
    }

    private static byte[] Block(Random random, int entries, Func<int, byte[]> value, byte space = 1)
    {
        SortedSet<string> keys = new(StringComparer.Ordinal);
        while (keys.Count < entries) keys.Add($"{(char)space}com\0d{random.Next(entries)}\0{new string('w', random.Next(40) == 0 ? 300 : random.Next(4))}{random.Next(1_000_000)}\0\0");
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
