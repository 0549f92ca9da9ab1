using PassiveDns.Storage.Keys;

namespace PassiveDns.Storage.Tests;

/// <summary>A batch hands on what it was given in the order of the keys, whatever they have in common.</summary>
public sealed class SortedBatchTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 20)]
    [InlineData(3, 300)]
    [InlineData(4, 5_000)]
    public void Entries_come_in_the_order_of_their_keys(int seed, int count)
    {
        Random random = new(seed);
        SortedBatch batch = new();
        for (int again = 0; again < 2; again++)
        {
            List<(Keyspace Space, byte[] Key, byte[] Value)> entries = [.. Enumerable.Range(0, count).Select(_ => (Space(random), Key(random), (byte[])[(byte)random.Next(256)]))];
            foreach ((Keyspace space, byte[] key, byte[] value) in entries)
            {
                if (space == Keyspace.Sets) batch.PutSet(key, value);
                else batch.Merge(space, key, value);
            }

            Sink sink = new();
            batch.MoveTo(sink);
            string[] expected = [.. entries.OrderBy(entry => entry.Space).ThenBy(entry => Convert.ToHexString(entry.Key), StringComparer.Ordinal).Select(entry => Line(entry.Space, entry.Key))];
            Assert.Equal(expected, sink.Keys);
            Assert.Equal(entries.Select(entry => Line(entry.Space, entry.Key) + entry.Value[0]).Order(StringComparer.Ordinal), sink.Entries.Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public void Keys_that_share_very_much_are_sorted_too()
    {
        // each key is the start of the next one: whoever spreads them by the octets in which they differ gets one apart at a time
        SortedBatch batch = new();
        byte[][] keys = [.. Enumerable.Range(0, 1_000).Select(i => (byte[])[.. Enumerable.Repeat((byte)7, i), 8])];
        byte[][] starts = [.. Enumerable.Range(1, 1_000).Select(i => new byte[i])];
        foreach (byte[] key in keys.Concat(starts).Reverse()) batch.Merge(Keyspace.Targets, key, [1]);
        Sink sink = new();
        batch.MoveTo(sink);
        Assert.Equal(starts.Concat(keys.Reverse()).Select(key => Line(Keyspace.Targets, key)), sink.Keys);
    }

    private static Keyspace Space(Random random) => random.Next(4) == 0 ? Keyspace.Sets : random.Next(2) == 0 ? Keyspace.Rrsets : Keyspace.Addresses;

    private static byte[] Key(Random random)
    {
        byte[] key = new byte[random.Next(4) == 0 ? random.Next(1, 5) : random.Next(1, 60)];
        for (int i = 0; i < key.Length; i++) key[i] = random.Next(6) == 0 ? (byte)random.Next(256) : (byte)(random.Next(3) == 0 ? 0 : i % 3);
        return key;
    }

    private static string Line(Keyspace space, ReadOnlySpan<byte> key) => $"{space} {Convert.ToHexString(key)} ";

    private sealed class Sink : IKeyedSink
    {
        public List<string> Keys { get; } = [];

        public List<string> Entries { get; } = [];

        public void Merge(Keyspace keyspace, ReadOnlySpan<byte> key, ReadOnlySpan<byte> history)
        {
            Keys.Add(Line(keyspace, key));
            Entries.Add(Line(keyspace, key) + history[0]);
        }

        public void PutSet(ReadOnlySpan<byte> digest, ReadOnlySpan<byte> packedSet) => Merge(Keyspace.Sets, digest, packedSet);
    }
}
