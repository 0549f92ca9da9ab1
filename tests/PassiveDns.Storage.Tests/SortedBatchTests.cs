using PassiveDns.Storage.Keys;

namespace PassiveDns.Storage.Tests;

/// <summary>A batch hands on what it was given in the order of the keys, whatever they have in common.</summary>
public sealed class SortedBatchTests
{
    private static readonly TimeSpan s_gap = TimeSpan.FromDays(2);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 20)]
    [InlineData(3, 300)]
    [InlineData(4, 5_000)]
    public void Each_key_comes_once_in_the_order_of_the_keys(int seed, int count)
    {
        Random random = new(seed);
        SortedBatch batch = new();
        for (int again = 0; again < 2; again++)
        {
            SortedDictionary<string, byte[]> expected = new(StringComparer.Ordinal);
            for (int i = 0; i < count; i++)
            {
                Keyspace space = Space(random);
                byte[] key = Key(random), history = History(random);
                string line = Line(space, key);
                if (space == Keyspace.Sets)
                {
                    history = [.. key, 9]; // the same digest always comes with the same body
                    batch.PutSet(key, history);
                    expected[line] = history;
                }
                else
                {
                    batch.Merge(space, key, history);
                    expected[line] = expected.TryGetValue(line, out byte[]? before) ? Merge(before, history) : history;
                }
            }

            Sink sink = new();
            batch.MoveTo(sink, s_gap);
            Assert.Equal(expected.Select(entry => entry.Key + Convert.ToHexString(entry.Value)), sink.Entries);
        }
    }

    [Fact]
    public void Keys_that_share_very_much_are_sorted_too()
    {
        // each key is the start of the next one: whoever spreads them by the octets in which they differ gets one apart at a time
        SortedBatch batch = new();
        byte[][] keys = [.. Enumerable.Range(0, 1_000).Select(i => (byte[])[.. Enumerable.Repeat((byte)7, i), 8])];
        byte[][] starts = [.. Enumerable.Range(1, 1_000).Select(i => new byte[i])];
        byte[] history = History(new(1));
        foreach (byte[] key in keys.Concat(starts).Reverse()) batch.Merge(Keyspace.Targets, key, history);
        Sink sink = new();
        batch.MoveTo(sink, s_gap);
        Assert.Equal(starts.Concat(keys.Reverse()).Select(key => Line(Keyspace.Targets, key) + Convert.ToHexString(history)), sink.Entries);
    }

    private static Keyspace Space(Random random) => random.Next(4) == 0 ? Keyspace.Sets : random.Next(2) == 0 ? Keyspace.Rrsets : Keyspace.Addresses;

    private static byte[] Key(Random random)
    {
        byte[] key = new byte[random.Next(4) == 0 ? random.Next(1, 5) : random.Next(1, 60)];
        for (int i = 0; i < key.Length; i++) key[i] = random.Next(6) == 0 ? (byte)random.Next(256) : (byte)(random.Next(3) == 0 ? 0 : i % 3);
        return key;
    }

    private static byte[] History(Random random)
    {
        byte[] packed = new byte[SightingCodec.MaxSingleLength];
        long first = 1_700_000_000 + random.Next(1 << 23);
        return packed[..SightingCodec.Encode(new Sighting(first, first + random.Next(1_000), random.Next(1, 9), 300, 600), (uint)random.Next(3), packed)];
    }

    private static byte[] Merge(byte[] one, byte[] other)
    {
        byte[] merged = new byte[SightingMerge.MaxMergedLength(one.Length, other.Length)];
        return merged[..SightingMerge.Merge(one, other, s_gap, merged)];
    }

    /// <summary>Sorts as keyspaces and keys do.</summary>
    private static string Line(Keyspace space, ReadOnlySpan<byte> key) => $"{(int)space} {Convert.ToHexString(key)} ";

    private sealed class Sink : IKeyedSink
    {
        public List<string> Entries { get; } = [];

        public void Merge(Keyspace keyspace, ReadOnlySpan<byte> key, ReadOnlySpan<byte> history) => Entries.Add(Line(keyspace, key) + Convert.ToHexString(history));

        public void PutSet(ReadOnlySpan<byte> digest, ReadOnlySpan<byte> packedSet) => Merge(Keyspace.Sets, digest, packedSet);
    }
}
