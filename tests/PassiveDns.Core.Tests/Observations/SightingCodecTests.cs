using FsCheck.Xunit;

namespace PassiveDns.Tests;

[Properties(Arbitrary = [typeof(Arbitraries)], MaxTest = 1500)]
public class SightingCodecTests
{
    [Property(Replay = "9,11")]
    public void Histories_are_read_back(SightingHistory history)
    {
        byte[] packed = SightingCodec.Encode(history);
        Assert.Equal(history, SightingCodec.Decode(packed));
        Assert.True(SightingCodec.TryReadBounds(packed, out SightingInterval bounds));
        Assert.Equal(new(history.FirstSeen, history.LastSeen, history.Count), bounds);
    }

    [Property(Replay = "9,13")]
    public void A_cut_history_is_refused(SightingHistory history)
    {
        byte[] packed = SightingCodec.Encode(history);
        for (int length = 0; length < packed.Length; length++)
        {
            Assert.False(SightingCodec.TryDecode(packed.AsSpan(0, length), out _));
            Assert.False(SightingCodec.TryReadBounds(packed.AsSpan(0, length), out _));
        }
    }

    [Property(Replay = "9,15")]
    public void A_damaged_history_is_read_or_refused(SightingHistory history, byte[] damage)
    {
        byte[] packed = SightingCodec.Encode(history);
        for (int i = 0; i < damage.Length; i++) packed[damage[i] * 7 % packed.Length] = damage[^(i + 1)];
        CheckHarmless(packed);
    }

    [Property(Replay = "9,17", MaxTest = 5000)]
    public void Any_octets_are_read_or_refused(byte[] octets) => CheckHarmless(octets);

    [Fact]
    public void One_sighting_is_read_back()
    {
        byte[] packed = new byte[SightingCodec.MaxSingleLength];
        int length = SightingCodec.Encode(new(1_700_000_000, 1_700_003_600, 12, 60, 300), 0xDEADBEEF, packed);
        SightingHistory history = SightingCodec.Decode(packed.AsSpan(0, length));
        Assert.Equal([new(1_700_000_000, 1_700_003_600, 12)], history.Intervals.AsEnumerable());
        Assert.Equal([0xDEADBEEF], history.Witnesses.AsEnumerable());
        Assert.Equal((60u, 300u), (history.MinTimeToLive, history.MaxTimeToLive));
        Assert.InRange(SightingCodec.Encode(new(long.MaxValue, long.MaxValue, long.MaxValue, 0, uint.MaxValue), uint.MaxValue, packed), 1, packed.Length);
    }

    /// <summary>Differences within the bound can add up to a time beyond it, which no merge could pack again.</summary>
    [Fact]
    public void What_is_read_can_be_merged_and_read_again()
    {
        const long Limit = long.MaxValue / 4;
        Assert.False(SightingCodec.TryDecode(SightingCodec.Encode(new() { Intervals = [new(Limit, Limit + 1, 1)] }), out _));
        Assert.False(SightingCodec.TryDecode(SightingCodec.Encode(new() { Intervals = [new(Limit - 10, Limit - 9, 1), new(Limit + 1, Limit + 1, 1)] }), out _));
        byte[] latest = SightingCodec.Encode(new() { Intervals = [new(1, 1, 1), new(Limit, Limit, 1)] });
        byte[] merged = new byte[SightingMerge.MaxMergedLength(latest.Length, latest.Length)];
        int length = SightingMerge.Merge(latest, latest, SightingHistory.DefaultIntervalGap, merged);
        Assert.Equal([new(1, 1, 2), new(Limit, Limit, 2)], SightingCodec.Decode(merged.AsSpan(0, length)).Intervals.AsEnumerable());
    }

    /// <summary>Numbers of any length, at any distance from the end, cut off anywhere, or longer than they must be, read as the textbook reads them.</summary>
    [Fact]
    public void Numbers_are_read_octet_by_octet_or_all_at_once_alike()
    {
        Random random = new(11);
        for (int round = 0; round < 20_000; round++)
        {
            ulong[] numbers = [(ulong)random.NextInt64() >> random.Next(5, 63), (ulong)random.NextInt64() >> random.Next(5, 63), (ulong)random.NextInt64() >> random.Next(1, 63)];
            List<byte> packed = [0, 1]; // no TTL, no witness; one interval
            foreach (ulong number in numbers)
            {
                ulong left = number;
                for (; left >= 0x80; left >>= 7) packed.Add((byte)(left & 0x7F | 0x80));
                packed.Add((byte)left);
                if (random.Next(8) != 0) continue;
                packed[^1] |= 0x80; // an upper group of nothing
                packed.Add(0);
            }

            int length = packed.Count;
            for (int more = random.Next(12); more > 0; more--) packed.Add((byte)random.Next(256));
            byte[] octets = [.. packed];
            Assert.True(SightingCursor.TryOpen(octets, out SightingCursor cursor));
            bool isInBounds = numbers[0] <= long.MaxValue / 4 && numbers[1] <= long.MaxValue / 4 && numbers[0] + numbers[1] <= long.MaxValue / 4;
            Assert.Equal(isInBounds, cursor.TryNext(out SightingInterval interval));
            if (isInBounds) Assert.Equal(new((long)numbers[0], (long)(numbers[0] + numbers[1]), (long)numbers[2]), interval);
            Assert.True(SightingCursor.TryOpen(octets.AsSpan(0, length - 1), out SightingCursor cut));
            Assert.False(cut.TryNext(out _));
        }
    }

    private static void CheckHarmless(byte[] packed)
    {
        bool read = SightingCodec.TryDecode(packed, out SightingHistory? history);
        Assert.Equal(read, SightingCodec.TryReadBounds(packed, out _));
        if (!read)
        {
            Assert.Throws<FormatException>(() => SightingCodec.Decode(packed));
            return;
        }

        Assert.InRange(history!.Intervals.Length, 1, SightingHistory.MaxIntervals);
        Assert.InRange(history.Witnesses.Length, 0, SightingHistory.MaxWitnesses);
        byte[] merged = new byte[SightingMerge.MaxMergedLength(packed.Length, packed.Length)];
        int length = SightingMerge.Merge(packed, packed, SightingHistory.DefaultIntervalGap, merged);
        Assert.True(SightingCodec.TryDecode(merged.AsSpan(0, length), out _));
    }
}
