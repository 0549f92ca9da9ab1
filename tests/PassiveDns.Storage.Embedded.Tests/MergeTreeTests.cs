using System.Text;
using PassiveDns.Storage.Embedded.Tables;
using PassiveDns.Storage.Keys;

namespace PassiveDns.Storage.Embedded.Tests;

/// <summary>Tables merged are what a sorted map of all their entries is, with the merge law for those of one key.</summary>
public sealed class MergeTreeTests
{
    private static readonly TimeSpan s_gap = TimeSpan.FromDays(2);

    private readonly MemoryArena _arena = new(1 << 20);

    [Theory]
    [InlineData(1, 0, 0)]
    [InlineData(2, 1, 100)]
    [InlineData(3, 2, 3_000)]
    [InlineData(4, 3, 40)]
    [InlineData(5, 7, 1_000)]
    [InlineData(6, 40, 60)]
    public void Entries_come_in_order_with_all_versions_merged(int seed, int tables, int entries)
    {
        Random random = new(seed);
        SortedDictionary<string, byte[]> expected = new(StringComparer.Ordinal);
        List<TableScan> scans = [];
        for (int table = 0; table < tables; table++)
        {
            SortedDictionary<string, byte[]> own = new(StringComparer.Ordinal);
            while (own.Count < entries) own[Key(random)] = History(random);
            scans.Add(new(Table(own)));
            foreach ((string key, byte[] history) in own) expected[key] = expected.TryGetValue(key, out byte[]? before) ? Merge(before, history) : history;
        }

        MergeTree tree = new([.. scans], s_gap);
        foreach ((string key, byte[] history) in expected)
        {
            Assert.True(tree.MoveNext());
            Assert.Equal(key, Encoding.Latin1.GetString(tree.Key));
            Assert.Equal(Convert.ToHexString(history), Convert.ToHexString(tree.Value));
        }

        Assert.False(tree.MoveNext());
    }

    [Fact]
    public void A_walk_knows_all_that_keys_share()
    {
        Random random = new(8);
        SortedDictionary<string, byte[]> entries = new(StringComparer.Ordinal);
        while (entries.Count < 2_000) entries[Key(random)] = History(random);
        TableScan scan = new(Table(entries));
        byte[] last = [];
        while (scan.MoveNext())
        {
            Assert.Equal(last.AsSpan().CommonPrefixLength(scan.Key), scan.Shared);
            last = scan.Key.ToArray();
        }

        Assert.Equal(entries.Keys.Last(), Encoding.Latin1.GetString(last));
    }

    private MemoryTable Table(SortedDictionary<string, byte[]> entries)
    {
        using MemoryTable.Builder builder = new(_arena, null);
        foreach ((string key, byte[] history) in entries) builder.Add(Encoding.Latin1.GetBytes(key), history);
        return builder.Build();
    }

    /// <summary>Few letters, so that keys share much, are equal in several tables, and some are the start of others.</summary>
    private static string Key(Random random)
    {
        StringBuilder key = new();
        key.Append((char)(random.Next(3) == 0 ? Keyspace.Targets : Keyspace.Rdata));
        for (int letters = random.Next(1, random.Next(10) == 0 ? 200 : 14); letters > 0; letters--) key.Append("\0aab\u00FF"[random.Next(5)]);
        return key.ToString();
    }

    private static byte[] History(Random random)
    {
        byte[] packed = new byte[SightingCodec.MaxSingleLength];
        long first = 1_700_000_000 + random.Next(1 << 23);
        return packed[..SightingCodec.Encode(new Sighting(first, first + random.Next(100_000), random.Next(1, 9), 300, 600), (uint)random.Next(3), packed)];
    }

    private static byte[] Merge(byte[] one, byte[] other)
    {
        byte[] merged = new byte[SightingMerge.MaxMergedLength(one.Length, other.Length)];
        return merged[..SightingMerge.Merge(one, other, s_gap, merged)];
    }
}
