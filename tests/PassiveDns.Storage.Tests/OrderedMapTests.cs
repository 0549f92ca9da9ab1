using FsCheck.Xunit;
using PassiveDns.Storage.Memory;

namespace PassiveDns.Storage.Tests;

/// <summary>The ordered map of the store in memory against .NET's own sorted dictionary.</summary>
public sealed class OrderedMapTests
{
    [Property(MaxTest = 300)]
    public void Versions_hold_what_a_sorted_dictionary_holds_and_never_change(int seed)
    {
        Random random = new(seed);
        List<(OrderedMap Map, SortedDictionary<string, string> Model)> versions = [(OrderedMap.Empty, new(StringComparer.Ordinal))];
        for (int round = 0; round < 6; round++)
        {
            (OrderedMap map, SortedDictionary<string, string> model) = versions[^1];
            model = new(model, StringComparer.Ordinal);
            OrderedMapBuilder builder = map.ToBuilder();
            string[] keys = [.. Enumerable.Range(0, random.Next(0, 400)).Select(_ => Text(random, random.Next(1, 4))).Order(StringComparer.Ordinal)];
            foreach (string key in keys)
            {
                bool there = builder.Find(Octets(key), out ReadOnlySpan<byte> value);
                Assert.Equal(model.TryGetValue(key, out string? known), there);
                if (there) Assert.Equal(known, System.Text.Encoding.Latin1.GetString(value));
                int choice = random.Next(8);
                if (choice == 0) continue;
                if (choice < 4 && there)
                {
                    builder.Remove();
                    model.Remove(key);
                    continue;
                }

                model[key] = random.Next(40) == 0 ? new string('x', 20_000) : Text(random, random.Next(0, 60));
                builder.Put(Octets(key), Octets(model[key]));
            }

            versions.Add((builder.ToMap(), model));
        }

        foreach ((OrderedMap map, SortedDictionary<string, string> model) in versions)
        {
            Assert.Equal(model, Read(map.Seek([])));
            Assert.Equal(model.Count, map.Count);
            Assert.Equal(model.Sum(static entry => entry.Key.Length + entry.Value.Length), map.Octets);
            string from = Text(random, 2);
            Assert.Equal(model.Where(entry => string.CompareOrdinal(entry.Key, from) >= 0), Read(map.Seek(Octets(from))));
            Assert.Equal(model.TryGetValue(from, out string? value), map.TryGet(Octets(from), out ReadOnlySpan<byte> found));
            Assert.Equal(value ?? "", System.Text.Encoding.Latin1.GetString(found));
        }
    }

    [Fact]
    public void A_change_writes_the_leaf_that_it_falls_into_and_shares_the_others()
    {
        OrderedMapBuilder builder = OrderedMap.Empty.ToBuilder();
        for (int i = 0; i < 10_000; i++)
        {
            builder.Find(Octets($"{i:D5}"), out _);
            builder.Put(Octets($"{i:D5}"), Octets("value"));
        }

        OrderedMap before = builder.ToMap();
        builder = before.ToBuilder();
        Assert.True(builder.Find(Octets("05000"), out _));
        builder.Put(Octets("05000"), Octets("another"));
        MapLeaf[] after = builder.ToMap().Leaves.ToArray();

        Assert.Equal(after.Length - 1, after.Intersect(before.Leaves.ToArray()).Count());
        Assert.InRange(after.Length, 10_000 / 64, 10_000 / 32);
    }

    private static IEnumerable<KeyValuePair<string, string>> Read(OrderedMap.Cursor cursor)
    {
        while (cursor.MoveNext()) yield return new(System.Text.Encoding.Latin1.GetString(cursor.Key), System.Text.Encoding.Latin1.GetString(cursor.Value));
    }

    private static string Text(Random random, int length) => string.Create(length, random, static (span, random) =>
    {
        foreach (ref char c in span) c = (char)random.Next('a', 'a' + 12);
    });

    private static byte[] Octets(string text) => System.Text.Encoding.Latin1.GetBytes(text);
}
