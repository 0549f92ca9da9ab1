using PassiveDns.Storage.Embedded.Tables;

namespace PassiveDns.Storage.Embedded.Tests;

public sealed class TableCursorTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_search_stands_where_a_list_of_the_keys_says(int seed)
    {
        Random random = new(seed);
        byte[][] keys = Keys(random, 4000);
        using MemoryTable.Builder builder = new(new(4 << 20), null);
        foreach (byte[] key in keys) builder.Add(key, [(byte)key.Length]);
        MemoryTable table = builder.Build();

        for (int i = 0; i < 4000; i++)
        {
            byte[] wanted = Probe(random, keys);
            int expected = Array.FindIndex(keys, key => key.AsSpan().SequenceCompareTo(wanted) >= 0);
            TableCursor cursor = new(table);
            Assert.Equal(expected >= 0, cursor.Seek(wanted));
            for (int at = expected; at >= 0 && at < Math.Min(expected + 40, keys.Length); at++)
            {
                Assert.Equal(keys[at], cursor.Key.ToArray());
                Assert.Equal([(byte)keys[at].Length], cursor.Value.ToArray());
                Assert.Equal(at + 1 < keys.Length, cursor.MoveNext());
            }
        }

        table.Release();
    }

    [Fact]
    public void One_cursor_searches_again_and_again()
    {
        Random random = new(4);
        byte[][] keys = Keys(random, 1000);
        using MemoryTable.Builder builder = new(new(4 << 20), null);
        foreach (byte[] key in keys) builder.Add(key, []);
        MemoryTable table = builder.Build();
        TableCursor cursor = new(table);

        for (int i = 0; i < 2000; i++)
        {
            byte[] wanted = Probe(random, keys);
            byte[]? expected = Array.Find(keys, key => key.AsSpan().SequenceCompareTo(wanted) >= 0);
            Assert.Equal(expected, cursor.Seek(wanted) ? cursor.Key.ToArray() : null);
            Assert.Equal(Array.Exists(keys, key => key.AsSpan().SequenceEqual(wanted)), cursor.Find(wanted));
        }

        table.Release();
    }

    /// <summary>Different keys in order, of few octets, so that many share much and some are the start of others.</summary>
    private static byte[][] Keys(Random random, int count)
    {
        HashSet<string> seen = [];
        while (seen.Count < count)
        {
            byte[] key = new byte[random.Next(20) == 0 ? random.Next(2, 600) : random.Next(2, 14)];
            key[0] = (byte)random.Next(2, 5);
            for (int i = 1; i < key.Length; i++) key[i] = (byte)(random.Next(3) == 0 ? random.Next(256) : random.Next(4));
            seen.Add(Convert.ToHexString(key));
        }

        return [.. seen.Order(StringComparer.Ordinal).Select(Convert.FromHexString)];
    }

    /// <summary>A key of the table, one like it, or any other.</summary>
    private static byte[] Probe(Random random, byte[][] keys)
    {
        byte[] key = [.. keys[random.Next(keys.Length)]];
        switch (random.Next(5))
        {
            case 0:
                return key;
            case 1:
                return [.. key, (byte)random.Next(3)];
            case 2:
                return key[..random.Next(1, key.Length)];
            case 3:
                key[random.Next(key.Length)] = (byte)random.Next(6);
                return key;
            default:
                return [(byte)random.Next(7), (byte)random.Next(256)];
        }
    }
}
