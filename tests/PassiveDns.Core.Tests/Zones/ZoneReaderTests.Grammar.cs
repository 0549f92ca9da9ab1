using System.IO.Compression;
using System.Text;

namespace PassiveDns.Tests;

public partial class ZoneReaderTests
{
    [Theory]
    [InlineData("a 60 IN A 192.0.2.1")]
    [InlineData("a IN 60 A 192.0.2.1")]
    [InlineData("a 0060 A 192.0.2.1")]
    [InlineData("a 1m a 192.0.2.1")]
    [InlineData("a 1M CLASS1 TYPE1 192.0.2.1")]
    [InlineData("a 60s in type1 \\# 4 c0 00 02 01")]
    [InlineData("a.example. 60 A \\# 4 c0000201")]
    [InlineData("A.EXAMPLE. 60 A 192.0.2.1 ; comment")]
    [InlineData("a\t60\tin\ta\t192.0.2.1")]
    [InlineData("a 60 ( A\n192.0.2.1\n)")]
    [InlineData("a 60 ( ; (comment\n\tA;\n\t192.0.2.1 ; )\n)\r\n")]
    [InlineData("a(60)A(192.0.2.1)")]
    [InlineData("$TTL 60\na A 192.0.2.1")]
    [InlineData("$ttl 1m\na A 192.0.2.1")]
    [InlineData("$ORIGIN a\n@ 60 A 192.0.2.1")]
    [InlineData("$ORIGIN test.\na.example. 60 A 192.0.2.1")]
    [InlineData("$DATE 20261123000000\na 60 A 192.0.2.1")]
    [InlineData("\n \n\t\n;\n ; x\r\n\r\na 60 A 192.0.2.1\n\n")]
    [InlineData("\u00EF\u00BB\u00BFa 60 A 192.0.2.1\r\n")]
    [InlineData("\\097 60 A 192.0.2.1")]
    public void Ways_to_write_one_record_give_one_record(string text)
    {
        (string[] records, ZoneReport report) = ZoneText.Read(text);
        Assert.Empty(report.Faults);
        Assert.Equal(["a.example. 60 A 192.0.2.1"], records);
    }

    [Fact]
    public void A_line_that_starts_with_a_blank_belongs_to_the_owner_before()
    {
        (string[] records, ZoneReport report) = ZoneText.Read("$TTL 60\na A 192.0.2.1\n\tA 192.0.2.2\n\n ; nothing\n IN A 192.0.2.3\n$ORIGIN b.example.\n A 192.0.2.4");
        Assert.Empty(report.Faults);
        Assert.All(records, record => Assert.StartsWith("a.example. ", record));
        Assert.Equal(4, records.Length);
    }

    [Fact]
    public void A_TTL_comes_from_the_record_then_from_the_directive_then_from_the_record_before_then_from_the_SOA()
    {
        (string[] records, ZoneReport report) = ZoneText.Read(
            "a A 192.0.2.1\n@ SOA . . 1 2 3 4 900\n A 192.0.2.2\nb 5 A 192.0.2.3\nc A 192.0.2.4\n$TTL 7\nd A 192.0.2.5\ne 8 A 192.0.2.6\nf A 192.0.2.7");
        Assert.Equal([900, 900, 5, 5, 7, 8, 7], records.Select(record => int.Parse(record.Split(' ')[1])));
        Assert.Equal(new ZoneFault(ZoneError.MissingTimeToLive, 1, 1, null), Assert.Single(report.Faults));
    }

    [Fact]
    public void The_class_is_the_last_stated_one()
    {
        (string[] records, _) = ZoneText.Read("$TTL 1\na TXT x\nb CH TXT x\nc TXT x\nd IN TXT x\ne CLASS999 TXT x");
        Assert.Equal(["IN", "CLASS3", "CLASS3", "IN", "CLASS999"], records.Select(record => record.Split(' ')[2] is var word && word.StartsWith("CLASS", StringComparison.Ordinal) ? word : "IN"));
    }

    [Theory]
    [InlineData("b\\.c", "b\\.c.example.")]
    [InlineData("b\\.", "b\\..example.")]
    [InlineData("b\\\\.", "b\\\\.")]
    [InlineData("b\\032c", "b\\032c.example.")]
    [InlineData("b\\ c", "b\\032c.example.")]
    [InlineData("\\;b", "\\;b.example.")]
    [InlineData("\\@", "\\@.example.")]
    [InlineData("\\$b", "\\$b.example.")]
    [InlineData("\\(b\\)", "\\(b\\).example.")]
    [InlineData("*", "*.example.")]
    [InlineData("_a._b", "_a._b.example.")]
    [InlineData("@", "example.")]
    [InlineData("b", "b.example.")]
    public void Names_keep_their_escapes_and_are_completed_with_the_origin(string name, string expected)
    {
        (string[] records, ZoneReport report) = ZoneText.Read($"{name} 1 CNAME {name}", ".", null);
        Assert.Empty(report.Faults);
        Assert.Equal(expected.Replace("example.", "", StringComparison.Ordinal) is { Length: > 0 } root ? root : ".", records[0].Split(' ')[0]);
        records = ZoneText.Read($"$ORIGIN example.\n{name} 1 CNAME {name}", ".").Records;
        Assert.Equal([$"{expected} 1 CNAME {expected}"], records);
    }

    [Fact]
    public void The_longest_names_are_read_and_longer_ones_are_faults()
    {
        string label = new('a', 63);
        string longest = $"{label}.{label}.{label}.{new string('b', 61)}.";
        string deepest = string.Concat(Enumerable.Repeat("c.", 127));
        (string[] records, ZoneReport report) = ZoneText.Read($"$TTL 1\n{longest} NS {longest}\n{deepest} NS .\nb{longest} NS .\n{label}a NS .\na..b NS .\n{longest[..^1]} NS .\na NS {label}a", ".");
        Assert.Equal(3, records.Length);
        Assert.Equal($"{longest} 1 NS {longest}", records[0]);
        Assert.Equal(4, report.Errors[ZoneError.MalformedName] + report.Errors[ZoneError.MalformedRdata]);
        (_, report) = ZoneText.Read($"$TTL 1\n{longest[..^1]} NS .\n", "example");
        Assert.Equal(1, report.Errors[ZoneError.MalformedName]);
    }

    [Fact]
    public void Quoted_strings_hide_what_would_end_an_entry()
    {
        (string[] records, ZoneReport report) = ZoneText.Read("a 1 TXT \"x;y(z\" \"\\\"\" a\\\"b\nb 1 TXT it\"s k=\"v;w\"");
        Assert.Empty(report.Faults);
        Assert.Equal(["a.example. 1 TXT \"x;y(z\" \"\\\"\" \"a\\\"b\"", "b.example. 1 TXT \"it\\\"s\" \"k=\\\"v;w\\\"\""], records);
    }

    [Fact]
    public void Records_outside_the_zone_are_skipped_and_counted()
    {
        (string[] records, ZoneReport report) = ZoneText.Read("$TTL 1\na A 192.0.2.1\nb.test. A 192.0.2.2\n A 192.0.2.3\nexample. A 192.0.2.4\nnotexample. A 192.0.2.5\nx.aexample. A 192.0.2.5");
        Assert.Equal(["a.example. 1 A 192.0.2.1", "example. 1 A 192.0.2.4"], records);
        Assert.Equal(4, report.Entries[ZoneEntryFate.OutOfZone]);
        Assert.Equal(1, report.Entries[ZoneEntryFate.Directive]);
    }

    [Fact]
    public void Packed_files_are_read_like_plain_ones_also_in_several_members()
    {
        using MemoryStream packed = new();
        foreach (string part in (string[])["a 1 A 192.0.2.1\nb 1 ", "A 192.0.2.2"])
        {
            using GZipStream gzip = new(packed, CompressionLevel.Fastest, leaveOpen: true);
            gzip.Write(Encoding.ASCII.GetBytes(part));
        }

        (string[] records, ZoneReport report) = ZoneText.Read(ZoneText.Pipe(packed.ToArray()));
        Assert.Equal(["a.example. 1 A 192.0.2.1", "b.example. 1 A 192.0.2.2"], records);
        Assert.Empty(report.Faults);
        byte[] damaged = packed.ToArray();
        damaged[14] ^= 0xFF;
        (_, report) = ZoneText.Read(ZoneText.Pipe(damaged));
        Assert.Equal(1, report.Errors[ZoneError.DamagedCompression]);
    }
}
