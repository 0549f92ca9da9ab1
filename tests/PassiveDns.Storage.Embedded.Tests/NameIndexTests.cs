using PassiveDns.Storage.Embedded.Tables;

namespace PassiveDns.Storage.Embedded.Tests;

/// <summary>The index of names by itself: it names the unit of every name that begins with some labels, few others, and is small.</summary>
public sealed class NameIndexTests
{
    private const int RestartsOfBlock = 21, NamesOfRestart = 7;

    /// <summary>Names of which some share their first label, some two, and some three; in the order of their keys.</summary>
    private static List<byte[]> Names(int count, int seed)
    {
        Random random = new(seed);
        SortedSet<string> names = new(StringComparer.Ordinal);
        while (names.Count < count)
        {
            int id = random.Next(50_000_000);
            names.Add(random.Next(8) switch
            {
                0 or 1 => Key($"www.d{id}.com"),
                2 => Key($"mail.d{id % 9}.z{id}.net"),
                3 => Key($"_sip._tcp.d{id}.org"),
                4 => Key($"_sip._tcp.d{id % 3}.z{id}.org"),
                5 => Key($"{(char)(1 + id % 31)}{(char)(id % 2)}.d{id}.com"),
                _ => Key($"h{id}.d{id % 1000}.com"),
            });
        }

        return [.. names.Select(name => name.Select(c => (byte)c).ToArray())];
    }

    private static string Key(string name)
    {
        byte[] wire = new byte[256], key = new byte[NameKey.MaxLength];
        int at = 0;
        foreach (string label in name.Split('.'))
        {
            wire[at++] = (byte)label.Length;
            foreach (char c in label) wire[at++] = (byte)c;
        }

        wire[at++] = 0;
        return new([.. key.AsSpan(0, NameKey.Write(wire.AsSpan(0, at), key)).ToArray().Select(octet => (char)octet)]);
    }

    private static (NameIndexBuilder Builder, List<byte[]> Pages) Build(List<byte[]> names)
    {
        List<byte[]> pages = [];
        NameIndexBuilder builder = new(page =>
        {
            pages.Add(page.ToArray());
            return (pages.Count - 1, page.Length);
        });
        for (int i = 0; i < names.Count; i++)
        {
            builder.Add([1, .. names[i]], i / NamesOfRestart / RestartsOfBlock, i / NamesOfRestart % RestartsOfBlock);
            builder.Add([1, .. names[i]], (i + 1) / NamesOfRestart / RestartsOfBlock, 0); // another row of the same name
            if ((i + 1) % (NamesOfRestart * RestartsOfBlock) == 0) builder.EndBlock(RestartsOfBlock);
        }

        builder.EndBlock(RestartsOfBlock);
        builder.EndRun();
        return (builder, pages);
    }

    private static int UnitOf(int name) => NameIndex.UnitOf(name / NamesOfRestart / RestartsOfBlock, name / NamesOfRestart % RestartsOfBlock, RestartsOfBlock);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(300, 1)]
    [InlineData(40_000, 1)]
    [InlineData(700_000, 2)]
    public void It_names_the_unit_of_every_name_and_few_others(int count, int runs)
    {
        List<byte[]> names = Names(count, count);
        (NameIndexBuilder builder, List<byte[]> pages) = Build(names);
        NameIndex index = builder.ToIndex(page => pages[(int)page.Start]);
        Assert.Equal(runs, index.Runs.Length);
        if (count >= 40_000) Assert.InRange(pages.Sum(page => page.Length) / (double)count, 1.5, 3);
        Random random = new(7);
        long found = 0, wanted = 0;
        for (int i = 0; i < 400; i++)
        {
            string key = new([.. names[random.Next(names.Count)].Select(octet => (char)octet)]);
            string[] labels = key[..^2].Split('\0');
            if (i % 10 == 9) labels[^1] += "x"; // nobody's
            int taken = random.Next(1, Math.Min(4, labels.Length) + 1);
            string prefix = string.Join('\0', labels[^taken..]) + "\0\0";
            HashSet<int> units = Collect(index, [.. prefix.Select(c => (byte)c)], taken);
            HashSet<int> truth = [];
            for (int name = 0; name < names.Count && (count < 100_000 || i % 20 == 0); name++)
            {
                if (Begins(names[name], prefix)) truth.Add(UnitOf(name));
            }

            Assert.Subset(units, truth);
            if (count >= 100_000 && i % 20 != 0) continue;
            found += units.Count;
            wanted += truth.Count;
        }

        Assert.InRange(found, wanted, wanted + wanted / 20 + 400);
    }

    private static HashSet<int> Collect(NameIndex index, byte[] labels, int count)
    {
        HashSet<int> units = [];
        List<int> ofRun = [];
        for (int run = 0; run < index.Runs.Length; run++)
        {
            Assert.True(index.TryCollect(run, ForwardKey.RangeOf(labels, count), ofRun));
            Assert.Equal(ofRun.Distinct().Order(), ofRun);
            units.UnionWith(ofRun);
        }

        return units;
    }

    private static bool Begins(byte[] name, string prefix)
    {
        if (name.Length < prefix.Length) return false;
        for (int i = 1; i <= prefix.Length; i++)
        {
            if (name[^i] != prefix[^i]) return false;
        }

        return name.Length == prefix.Length || name[name.Length - prefix.Length - 1] == 0;
    }

    [Fact]
    public void Units_and_restarts_agree()
    {
        for (int restarts = 1; restarts < 100; restarts++)
        {
            for (int restart = 0; restart < restarts; restart++)
            {
                int unit = NameIndex.UnitOf(3, restart, restarts), first = NameIndex.FirstRestart(unit, restarts);
                Assert.Equal(3, unit / NameIndex.UnitsOfBlock);
                Assert.InRange(restart, first, restarts - 1);
                Assert.Equal(unit, NameIndex.UnitOf(3, first, restarts));
                if (first > 0) Assert.NotEqual(unit, NameIndex.UnitOf(3, first - 1, restarts));
            }
        }
    }

    [Fact]
    public void What_the_file_says_of_it_is_read_back_or_refused()
    {
        (NameIndexBuilder builder, List<byte[]> pages) = Build(Names(60_000, 3));
        byte[] packed = builder.Pack();
        NameIndex index = builder.ToIndex(page => pages[(int)page.Start]), again = NameIndex.Read(packed, long.MaxValue, 1 << 20, page => pages[(int)page.Start])!;
        Assert.Equal(pages.Count, again.Pages);
        Assert.Equal(index.Runs.Length, again.Runs.Length);
        Assert.Equal(index.Runs[0].Pages, again.Runs[0].Pages);
        for (int length = 0; length < packed.Length; length += 1 + packed.Length / 97) Assert.Null(NameIndex.Read(packed.AsSpan(0, length), long.MaxValue, 1 << 20, _ => default));
        Assert.Null(NameIndex.Read(packed, long.MaxValue, index.Runs[0].Blocks - 1, _ => default));
    }

    [Fact]
    public void Pages_that_no_builder_wrote_are_refused_or_read_and_never_throw()
    {
        (NameIndexBuilder builder, List<byte[]> pages) = Build(Names(5_000, 4));
        Random random = new(5);
        List<int> units = [];
        for (int i = 0; i < 20_000; i++)
        {
            List<byte[]> damaged = [.. pages];
            int which = random.Next(pages.Count);
            byte[] page = [.. pages[which]];
            for (int flips = random.Next(1, 4); flips > 0; flips--) page[random.Next(random.Next(2) == 0 ? 20 : page.Length)] ^= (byte)(1 << random.Next(8));
            damaged[which] = random.Next(4) == 0 ? page[..random.Next(page.Length)] : page;
            NameIndex index = builder.ToIndex(one => damaged[(int)one.Start]);
            ulong first = (ulong)random.NextInt64() << random.Next(2);
            index.TryCollect(0, (first, random.Next(2) == 0 ? first : ulong.MaxValue), units);
        }
    }
}
