namespace PassiveDns.Tests.Differential;

/// <summary>Texts of every type and the octets that others make of them: tests/Corpus/rdata/vectors.tsv.</summary>
public class VectorTests
{
    /// <summary>A line of the file; where the octets are from stands in its fourth column.</summary>
    internal sealed record Vector(RecordType Type, string Text, byte[] Octets, string Source);

    internal static IEnumerable<Vector> Vectors()
    {
        foreach (string line in TestData.CorpusLines("rdata/vectors.tsv"))
        {
            if (line.StartsWith('#')) continue;
            string[] columns = line.Split('\t');
            Assert.True(RecordTypeNames.TryParse(columns[0], out RecordType type), line);
            yield return new(type, columns[1], TestData.Hex(columns[2]), columns[3]);
        }
    }

    [Fact]
    public void Every_text_means_the_octets_that_others_make_of_it()
    {
        foreach (Vector vector in Vectors())
        {
            Assert.NotEqual(RdataStatus.Malformed, TestData.Canonicalize(vector.Type, vector.Octets, out byte[] canonical));
            byte[]? parsed = TestData.Parse(vector.Type, vector.Text);
            Assert.True(parsed is not null && parsed.AsSpan().SequenceEqual(canonical),
                $"{vector.Type} {vector.Text}: {vector.Source} {Convert.ToHexString(canonical)}, we {Convert.ToHexString(parsed ?? [])}");
        }
    }

    [Fact]
    public void Every_text_of_ours_for_these_octets_means_them_again()
    {
        foreach (Vector vector in Vectors())
        {
            TestData.Canonicalize(vector.Type, vector.Octets, out byte[] canonical);
            string text = RdataText.Format(vector.Type, canonical);
            Assert.Equal(canonical, TestData.Parse(vector.Type, text));
        }
    }

    [Fact]
    public void Every_type_in_the_table_has_a_vector()
    {
        HashSet<RecordType> types = [.. Vectors().Select(vector => vector.Type)];
        Assert.All(Enum.GetValues<RecordType>().Where(type => RecordSchema.Find(type) is not null), type => Assert.Contains(type, types));
    }
}
