using FsCheck.Xunit;

namespace PassiveDns.Tests;

public class RdataSetTests
{
    [Property(Replay = "11,13", MaxTest = 1000)]
    public void A_packed_set_is_sorted_and_unique(byte[][] records, byte repeat)
    {
        byte[]?[] many = [.. Enumerable.Repeat(records, 1 + repeat % 20).SelectMany(r => r)];
        Check([.. many.Select(record => record ?? [])]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(23)]
    [InlineData(24)]
    [InlineData(25)]
    [InlineData(100)]
    [InlineData(4096)]
    public void Sets_of_every_size_are_sorted(int size)
    {
        Random random = new(size);
        byte[][] records = new byte[size][];
        for (int i = 0; i < size; i++)
        {
            records[i] = new byte[random.Next(0, 6)];
            random.NextBytes(records[i]);
        }

        Check(records);
        Check([.. records.Order(Comparer<byte[]>.Create((a, b) => b.AsSpan().SequenceCompareTo(a)))]);
    }

    [Fact]
    public void A_shorter_record_sorts_before_those_it_starts() // RFC 4034 section 6.3: the absence of an octet sorts before a zero octet
    {
        byte[] packed = Pack([[1, 0], [1], [], [0, 255]]);
        Assert.Equal(TestData.Hex("0000 0002 00ff 0001 01 0002 0100"), packed);
    }

    private static void Check(byte[][] records)
    {
        byte[] packed = Pack(records);
        List<byte[]> read = [];
        foreach (ReadOnlySpan<byte> record in new RdataSet(packed)) read.Add(record.ToArray());
        IEnumerable<string> expected = records.Select(Convert.ToHexString).Distinct().Order(StringComparer.Ordinal); // hexadecimal sorts as octets do
        Assert.Equal(expected, read.Select(Convert.ToHexString));
        Assert.Equal(read.Count, new RdataSet(packed).Count);
    }

    private static byte[] Pack(byte[][] records)
    {
        byte[] arena = [.. records.SelectMany(record => record)];
        (int, int)[] slots = new (int, int)[records.Length];
        int at = 0;
        for (int i = 0; i < records.Length; i++)
        {
            slots[i] = (at, records[i].Length);
            at += records[i].Length;
        }

        byte[] room = new byte[arena.Length + 2 * records.Length];
        return room[..RdataSet.Pack(arena, slots, room)];
    }
}
