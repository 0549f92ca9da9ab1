using System.Buffers.Binary;

namespace PassiveDns.Tests;

public class OctetHashTests
{
    [Fact]
    public void Octets_of_all_lengths_hash_alike_wherever_they_stand()
    {
        Random random = new(1);
        byte[] octets = new byte[400];
        random.NextBytes(octets);
        for (int length = 0; length < 300; length++)
        {
            byte[] elsewhere = [0xEE, 0xEE, 0xEE, .. octets.AsSpan(0, length), 0xEE, 0xEE];
            Assert.Equal(OctetHash.Compute(octets.AsSpan(0, length)), OctetHash.Compute(elsewhere.AsSpan(3, length)));
        }
    }

    [Fact]
    public void Octets_that_differ_in_one_bit_or_in_their_length_alone_hash_apart()
    {
        HashSet<ulong> hashes = [];
        byte[] zeros = new byte[200];
        int inputs = 0;
        for (int length = 0; length <= zeros.Length; length++, inputs++) hashes.Add(OctetHash.Compute(zeros.AsSpan(0, length)));
        foreach (int length in (ReadOnlySpan<int>)[1, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100, 199])
        {
            for (int bit = 0; bit < 8 * length; bit++, inputs++)
            {
                zeros[bit / 8] ^= (byte)(1 << bit % 8);
                hashes.Add(OctetHash.Compute(zeros.AsSpan(0, length)));
                zeros[bit / 8] = 0;
            }
        }

        Assert.Equal(inputs, hashes.Count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    [InlineData(52)]
    public void Consecutive_numbers_spread_evenly_over_the_low_the_middle_and_the_high_bits(int shift)
    {
        // 2^20 numbers into 2^12 bins: 256 a bin, standard deviation 16; eight of them away is one chance in 10^11 for all bins together
        int[] bins = new int[4096];
        byte[] octets = new byte[20];
        for (int i = 0; i < 1 << 20; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(octets.AsSpan(4), i);
            bins[OctetHash.Compute(octets) >> shift & 0xFFF]++;
        }

        Assert.All(bins, count => Assert.InRange(count, 256 - 128, 256 + 128));
    }

    [Fact]
    public void Records_that_exchange_owner_and_data_or_differ_in_type_alone_hash_apart()
    {
        ulong a = OctetHash.Compute("\u0001a\0"u8);
        ulong b = OctetHash.Compute("\u0001b\0"u8);
        ulong[] hashes =
        [
            OctetHash.Combine(a, RecordType.NS, b), OctetHash.Combine(b, RecordType.NS, a), OctetHash.Combine(a, RecordType.CNAME, b),
            OctetHash.Combine(a, RecordType.NS, a), OctetHash.Combine(b, RecordType.NS, b),
        ];
        Assert.Equal(hashes.Length, hashes.Distinct().Count());
    }
}
