using System.Buffers.Binary;
using System.Text;
using PassiveDns.Storage.Embedded.Files;
using PassiveDns.Storage.Embedded.Tables;

namespace PassiveDns.Storage.Embedded.Tests;

/// <summary>Index and filter of a table file are read in pages when somebody asks; a damaged one takes nothing else with it.</summary>
public sealed class PagedTableTests : IDisposable
{
    private const int Entries = 9_000; // of some 5 KiB each, so that there are three pages of the index
    private const byte Space = 5;

    private readonly string _directory = Directory.CreateTempSubdirectory("pdns-pages-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static byte[] Key(int entry)
    {
        byte[] key = new byte[24];
        key[0] = Space;
        BinaryPrimitives.WriteInt32BigEndian(key.AsSpan(1), 7 * entry);
        return key;
    }

    private static byte[] Value(int entry)
    {
        byte[] value = new byte[FileTableBuilder.BlockLength * 3 / 10];
        value.AsSpan().Fill((byte)entry);
        return value;
    }

    private string Write()
    {
        string path = Path.Combine(_directory, "1.table");
        using FileTableBuilder builder = new(path, 1);
        for (int i = 0; i < Entries; i++) builder.Add(Key(i), Value(i));
        builder.Finish();
        return path;
    }

    private static FileTable Open(string path, DamageLog? salvage = null, long cache = 1 << 20) => TableFile.Open(path, new(), new(cache), salvage: salvage);

    private static bool Finds(Table table, int entry)
    {
        byte[] key = Key(entry);
        TableCursor cursor = new(table);
        return cursor.MayFind(key, KeyHead.Hash(key)) && cursor.Find(key) && cursor.Value.SequenceEqual(Value(entry));
    }

    private static void Flip(string path, long offset)
    {
        using FileStream file = new(path, FileMode.Open);
        file.Position = offset;
        int octet = file.ReadByte();
        file.Position = offset;
        file.WriteByte((byte)(octet ^ 1));
    }

    private static int Count(Table table, bool isScan)
    {
        int entries = 0;
        for (TableCursor cursor = new(table, isScan); cursor.MoveNext(); entries++)
        {
        }

        return entries;
    }

    [Theory]
    [InlineData(0)] // one thing at a time
    [InlineData(60_000)]
    [InlineData(100 << 20)]
    public void Everything_is_found_whatever_the_cache_holds(long cache)
    {
        FileTable table = Open(Write(), cache: cache);
        Assert.InRange(table.Index.Pages, 3, 100);
        Assert.InRange(table.FilterPages, 3, 100);
        Assert.InRange(table.ResidentOctets, 0, 2_000);
        for (int i = 0; i < Entries; i += 11) Assert.True(Finds(table, i * 7919 % Entries));
        Assert.InRange(Enumerable.Range(0, Entries).Select(i => Key(i).Append((byte)i).ToArray()).Count(key => table.MayHold(key, KeyHead.Hash(key))), 0, Entries / 30);
        Assert.Equal(Entries, Count(table, isScan: true));
        Assert.Equal(Entries, Count(table, isScan: false));
        table.Release();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Heads_and_stems_are_known_whatever_pages_they_reach_over(int seed)
    {
        Random random = new(seed);
        SortedSet<byte[]> keys = new(Comparer<byte[]>.Create(static (a, b) => a.AsSpan().SequenceCompareTo(b)));
        for (int zone = 0; keys.Count < 3_000; zone++)
        {
            for (int name = random.Next(4) == 0 ? random.Next(900) : random.Next(4); name >= 0; name--)
            {
                for (int type = random.Next(60) == 0 ? random.Next(900) : 0; type >= 0; type--) keys.Add([1, .. Encoding.ASCII.GetBytes($"example\0zone{zone}\0h{name}\0\0"), (byte)(type >> 8), (byte)type]);
            }
        }

        string path = Path.Combine(_directory, "2.table");
        using (FileTableBuilder builder = new(path, 1))
        {
            foreach (byte[] key in keys) builder.Add(key, Value(0));
            builder.Finish();
        }

        FileTable table = Open(path);
        Assert.InRange(table.Index.Pages, 5, 100);
        int wrong = 0;
        foreach (byte[] key in keys)
        {
            byte[] head = key[..KeyHead.Measure(key)], stem = key[..KeyHead.MeasureStem(key)], other = [.. head[..^2], (byte)'x', 0, 0];
            Assert.True(table.MayHold(head, KeyHead.Hash(head)));
            Assert.True(table.MayHold(key, KeyHead.Hash(head)));
            Assert.True(table.MayHold(stem, KeyHead.Hash(stem)));
            if (table.MayHold(other, KeyHead.Hash(other))) wrong++;
        }

        Assert.InRange(wrong, 0, keys.Count / 30);
        table.Release();
    }

    [Fact]
    public void A_walk_through_all_of_a_table_leaves_the_pages_in_the_cache_that_were_there()
    {
        BlockCache cache = new(100 << 20);
        FileTable table = TableFile.Open(Write(), new(), cache);
        Finds(table, 0);
        long before = cache.Octets;

        Count(table, isScan: true);

        Assert.Equal(before, cache.Octets);
        table.Release();
        Assert.Equal(0, cache.Octets);
    }

    [Fact]
    public void A_damaged_page_of_the_index_is_named_and_takes_nothing_else_with_it()
    {
        string path = Write();
        FileTable whole = Open(path);
        long start = whole.Index.Root.Start(1);
        whole.Release();
        Flip(path, start + 30);

        FileTable table = Open(path);
        Assert.True(Finds(table, 0));
        Assert.True(Finds(table, Entries - 1));
        Assert.StartsWith($"{path} is damaged at offset {start}: ", Assert.Throws<ObservationStoreException>(() => Finds(table, 4 * 200)).Message, StringComparison.Ordinal);
        table.Release();

        DamageLog damages = new(null);
        FileTable saved = Open(path, damages);
        for (int i = 0; i < Entries; i += 11) Assert.True(Finds(saved, i));
        Assert.Equal(Entries, Count(saved, isScan: true));
        Assert.StartsWith($"{path} is damaged at offset {start}: ", Assert.Single(damages.Lines), StringComparison.Ordinal);
        saved.Release();
    }

    [Fact]
    public void With_a_damaged_page_of_the_index_and_blocks_before_it_the_other_blocks_are_found()
    {
        string path = Write();
        FileTable whole = Open(path);
        IndexPage page = whole.Index.Page(1);
        long start = whole.Index.Root.Start(1);
        long[] lost = [page.Start(0), page.Start(1), page.Start(77), page.Start(page.Count - 1)];
        whole.Release();
        Flip(path, start + 30);
        foreach (long block in lost) Flip(path, block + 5);

        DamageLog damages = new(null);
        FileTable saved = Open(path, damages);
        int found = Enumerable.Range(0, Entries).Count(i => Finds(saved, i));
        Assert.Equal(Entries - 4 * 4, found); // four blocks of four entries
        Assert.Equal(found, Count(saved, isScan: true));
        Assert.Equal(found, Count(saved, isScan: false));
        Assert.Equal(1 + 3, damages.Lines.Count); // two of them stand side by side
        saved.Release();
    }

    [Fact]
    public void A_damaged_page_of_the_filter_is_named_and_takes_nothing_else_with_it()
    {
        string path = Write();
        FileTable whole = Open(path);
        long start = whole.FilterPageAt(1).Start;
        whole.Release();
        Flip(path, start + 100);

        FileTable table = Open(path);
        int found = 0, failed = 0;
        for (int i = 0; i < Entries; i++)
        {
            try
            {
                if (Finds(table, i)) found++;
            }
            catch (ObservationStoreException damage)
            {
                Assert.StartsWith($"{path} is damaged at offset {start}: ", damage.Message, StringComparison.Ordinal);
                failed++;
            }
        }

        Assert.Equal(Entries, found + failed);
        Assert.InRange(failed, Entries / (2 * table.FilterPages), 2 * Entries / table.FilterPages);
        table.Release();

        DamageLog damages = new(null);
        FileTable saved = Open(path, damages);
        Assert.Equal(Entries, Enumerable.Range(0, Entries).Count(i => Finds(saved, i)));
        Assert.StartsWith($"{path} is damaged at offset {start}: ", Assert.Single(damages.Lines), StringComparison.Ordinal);
        saved.Release();
    }

    [Fact]
    public void Without_its_footer_all_blocks_are_found()
    {
        string path = Write();
        Flip(path, new FileInfo(path).Length - 10);
        DamageLog damages = new(null);
        FileTable saved = Open(path, damages);
        Assert.Equal(Entries, Count(saved, isScan: true));
        Assert.Equal(2, damages.Lines.Count); // the footer, and that there is no index
        saved.Release();
    }
}
