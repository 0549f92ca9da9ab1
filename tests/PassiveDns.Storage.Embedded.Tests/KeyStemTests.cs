using PassiveDns.Storage.Embedded.Tables;
using PassiveDns.Storage.Keys;

namespace PassiveDns.Storage.Embedded.Tests;

/// <summary>What a question about all names below some name asks the filters for is what the tables told them of their keys.</summary>
public sealed class KeyStemTests : IDisposable
{
    private const int Zones = 2000;

    private readonly string _directory = Directory.CreateTempSubdirectory("pdns-stem-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_filter_of_a_table_knows_the_zones_of_its_rows(bool inFile)
    {
        Table table = Write([.. Enumerable.Range(0, Zones).SelectMany(zone => Entries(zone))], inFile);

        Assert.True(table.Facts.HasStems);
        int wrong = 0;
        for (int zone = 0; zone < 2 * Zones; zone++)
        {
            foreach (QueryAnchor anchor in Questions(zone))
            {
                KeyRange range = Assert.Single(QueryPlan.For(new(anchor)).Ranges);
                byte[] from = [(byte)range.Keyspace, .. range.From], stem = from[..KeyHead.MeasureStem(from)];
                Assert.NotEmpty(stem);
                bool mayHold = table.MayHold(stem, KeyHead.Hash(stem));
                if (zone < Zones) Assert.True(mayHold, anchor.ToString());
                else if (mayHold) wrong++;
            }
        }

        Assert.InRange(wrong, 0, Zones * 2 / 20);
        table.Release();
    }

    [Theory]
    [InlineData("")]
    [InlineData("01")]
    [InlineData("0100")] // the root
    [InlineData("01636F6D00")]
    [InlineData("01636F6D0000")] // com.
    [InlineData("01636F6D00657861")] // names under com. that begin with exa
    [InlineData("0204C000")]
    [InlineData("0204C0000201")]
    [InlineData("020620010DB80000000000000000000000000001")]
    [InlineData("04001061000000")]
    [InlineData("0500112233445566778899AABBCCDDEEFF")]
    public void What_is_shorter_than_a_stem_or_has_none_gives_none(string key) => Assert.Equal(0, KeyHead.MeasureStem(Convert.FromHexString(key)));

    private static IEnumerable<byte[]> Entries(int zone)
    {
        foreach (string label in (string[])["", "www.", "a.b."])
        {
            byte[] owner = NameOf($"{label}zone{zone}.example.");
            yield return [(byte)Keyspace.Rrsets, .. owner, 0, 1, 2, 1, 0, 4, 192, 0, 2, (byte)zone];
            yield return [(byte)Keyspace.Targets, .. owner, 0, 2, .. NameOf("x.test."), 1, 1];
        }
    }

    private static QueryAnchor[] Questions(int zone)
    {
        DomainName apex = DomainName.Parse($"zone{zone}.example.");
        return
        [
            new QueryAnchor.Subtree(apex),
            new QueryAnchor.Target(apex) { IncludeSubtree = true },
        ];
    }

    private static byte[] NameOf(string name)
    {
        byte[] key = new byte[NameKey.MaxLength];
        return key[..NameKey.Write(DomainName.Parse(name).Wire, key)];
    }

    private Table Write(byte[][] keys, bool inFile)
    {
        Array.Sort(keys, static (a, b) => a.AsSpan().SequenceCompareTo(b));
        if (!inFile)
        {
            using MemoryTable.Builder memory = new(new(4 << 20), null);
            foreach (byte[] key in keys) memory.Add(key, [0]);
            return memory.Build();
        }

        string path = Path.Combine(_directory, "1.table");
        using (FileTableBuilder builder = new(path, 1))
        {
            foreach (byte[] key in keys) builder.Add(key, [0]);
            builder.Finish();
        }

        return TableFile.Open(path, new(), new(1 << 20));
    }
}
