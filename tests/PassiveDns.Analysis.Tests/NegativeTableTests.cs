using System.Text;
using PassiveDns.Aggregation;

namespace PassiveDns.Analysis.Tests;

public class NegativeTableTests
{
    private const string Lines = """
        {"name":"gone.example.com.","kind":"name-error","zone":"example.com.","time_first":2000,"time_last":2100,"count":3,"ttl_min":60,"ttl_max":60,"sensor_id":"s1","epoch":7,"sequence":1}
        {"name":"gone.example.com.","kind":"name-error","zone":"example.com.","time_first":1000,"time_last":1100,"count":3,"ttl_min":60,"ttl_max":60,"sensor_id":"s1","epoch":7,"sequence":1}
        {"name":"gone.example.com.","kind":"name-error","zone":"example.com.","time_first":1000,"time_last":1100,"count":3,"ttl_min":60,"ttl_max":60,"sensor_id":"s1","epoch":7,"sequence":1}

        {"name":"www.example.com.","type":"AAAA","kind":"no-data","zone":"example.com.","time_first":1000,"time_last":1000,"count":1,"ttl_min":60,"ttl_max":60,"sensor_id":"s1","epoch":7,"sequence":1}
        {"name":"*.flood.example.com.","kind":"name-error","zone":"example.com.","time_first":1000,"time_last":1000,"count":9,"ttl_min":60,"ttl_max":60,"folded_names":9,"sensor_id":"s1","epoch":7,"sequence":1}
        """;

    [Theory]
    [InlineData("gone.example.com", "A", "example.com", 2)]
    [InlineData("deep.gone.example.com", "A", "example.com", 2)] // nothing is under a name that is not there (RFC 8020)
    [InlineData("gone.example.com", "NS", "gone.example.com", 2)] // the parent's word on a child that it had delegated
    [InlineData("www.example.com", "AAAA", "example.com", 1)]
    [InlineData("www.example.com", "A", "example.com", 0)]
    [InlineData("www.example.com", "AAAA", "com", 0)]
    [InlineData("deep.www.example.com", "AAAA", "example.com", 0)]
    [InlineData("*.flood.example.com", "A", "example.com", 0)]
    public void A_denial_counts_for_what_it_denies(string name, string type, string zone, int count)
    {
        NegativeTable table = NegativeTable.Read(new StringReader(Lines));
        Assert.True(RecordTypeNames.TryParse(type, out RecordType recordType));
        IReadOnlyList<NegativeSighting> found = table.Find(DomainName.Parse(name), recordType, DomainName.Parse(zone));
        Assert.Equal(count, found.Count);
        Assert.Equal(found.OrderBy(sighting => sighting.First), found);
        Assert.Equal(3, table.Count);
    }

    [Fact]
    public void Only_what_is_wanted_is_held() =>
        Assert.Equal(1, NegativeTable.Read(new StringReader(Lines), wanted: name => name == DomainName.Parse("www.example.com")).Count);

    [Theory]
    [InlineData("nonsense")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"name":"a.example.","kind":"other","zone":"example.","time_first":1,"time_last":2}""")]
    [InlineData("""{"name":"a.example.","kind":"no-data","zone":"example.","time_first":1,"time_last":2}""")]
    [InlineData("""{"name":"a.example.","kind":"name-error","zone":"org.","time_first":1,"time_last":2}""")]
    [InlineData("""{"name":"a.example.","kind":"name-error","zone":"example.","time_first":2,"time_last":1}""")]
    [InlineData("""{"name":"a.example.","kind":"name-error","zone":"example.","time_first":"1","time_last":2}""")]
    public void A_line_of_another_form_is_named(string line)
    {
        FormatException error = Assert.Throws<FormatException>(() => NegativeTable.Read(new StringReader("\n" + line), "denials"));
        Assert.Contains("denials: line 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_aggregator_writes_is_read()
    {
        using MemoryStream stream = new();
        NegativeEvidence evidence = new()
        {
            Name = DomainName.Parse("a\\.b.example.com"), Type = RecordType.MX, Kind = NegativeKind.NoData, Zone = DomainName.Parse("example.com"), Sighting = new(5, 9, 2, 60, 60),
        };
        await new NegativeEvidenceLines(stream).WriteAsync(new(new(new("s1"), 1, 1), [evidence]));
        NegativeTable table = NegativeTable.Read(new StringReader(Encoding.UTF8.GetString(stream.ToArray())));
        Assert.Equal([new(evidence.Name, RecordType.MX, evidence.Zone, 5, 9)], table.Find(evidence.Name, RecordType.MX, evidence.Zone));
    }
}
