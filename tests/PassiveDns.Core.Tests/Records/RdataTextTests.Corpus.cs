using System.Text;
using System.Text.Json;

namespace PassiveDns.Tests;

public partial class RdataTextTests
{
    /// <summary>Where Unbound's text is no text of ours, and why. Everything else must mean the same octets.</summary>
    private static readonly Dictionary<RecordType, string> s_differences = new()
    {
        [RecordType.TSIG] = "A meta type: never stored, so it has no row in the table.",
        [RecordType.NSAP_PTR] = "The record in this file holds text, which is no name here; Unbound prints it as one.",
    };

    [Theory]
    [InlineData("rdata/unbound__test_ldnsrr.c3.gz", 500)]
    [InlineData("rdata/unbound__test_ldnsrr.c5.gz", 100)]
    public void Records_of_Unbound_mean_the_same_in_its_text_and_in_ours(string path, int least) => CheckUnbound(TestData.CorpusLines(path), least);

    [Fact]
    public void The_root_zone_of_2014_means_the_same_in_the_text_of_Unbound_and_in_ours() =>
        CheckUnbound(TestData.SharedLines("rdata/unbound__test_ldnsrr.c1.gz"), 4000);

    [Fact]
    public void Service_bindings_of_Unbound_read_as_their_RFC_3597_twins()
    {
        int vectors = 0;
        byte[][] forms = [.. new[] { "pf", "wf" }.Select(form => $"rdata/unbound__svcb.test-vectors-{form}.zone")
            .SelectMany(path => ZoneLines(TestData.CorpusLines(path))).Select(line => ParseLine(line) ?? throw new InvalidDataException(line))];
        foreach (byte[] data in forms)
        {
            Assert.Equal(RdataStatus.Valid, TestData.Canonicalize(RecordType.SVCB, data, out byte[] canonical));
            Assert.Equal(data, canonical);
            string text = RdataText.Format(RecordType.SVCB, data);
            Assert.False(text.StartsWith(@"\#", StringComparison.Ordinal));
            Assert.Equal(data, TestData.Parse(RecordType.SVCB, text));
            vectors++;
        }

        // what presentation form says must be among what wire form says: both files hold the vectors of RFC 9460 appendix D
        HashSet<string> wire =
            [.. ZoneLines(TestData.CorpusLines("rdata/unbound__svcb.test-vectors-wf.zone")).Select(line => Convert.ToHexString(ParseLine(line)!))];
        foreach (string line in ZoneLines(TestData.CorpusLines("rdata/unbound__svcb.test-vectors-pf.zone")))
        {
            Assert.Contains(Convert.ToHexString(ParseLine(line)!), wire);
        }

        Assert.InRange(vectors, 20, 200);
    }

    [Fact]
    public void Service_bindings_that_Unbound_takes_are_taken()
    {
        int bindings = 0;
        foreach (string line in ZoneLines(TestData.CorpusLines("rdata/unbound__svcb.success-cases.zone")))
        {
            if (line.Contains("echconfig", StringComparison.Ordinal)) continue; // a name for ech in old drafts
            if (line.Contains("echempty", StringComparison.Ordinal)) continue; // an empty list, which RFC 9848 section 3 does not allow
            byte[]? data = ParseLine(line);
            Assert.True(data is not null, line);
            Assert.Equal(data, TestData.Parse(RecordType.SVCB, RdataText.Format(RecordType.SVCB, data)));
            bindings++;
        }

        Assert.InRange(bindings, 5, 100);
    }

    [Fact]
    public void Signed_records_of_real_zones_have_the_text_of_dnspython()
    {
        int records = 0;
        foreach (string line in TestData.SharedLines("oracle/rdata/systemd-rr.dev.ndjson.gz"))
        {
            using JsonDocument json = JsonDocument.Parse(line);
            byte[] message = [.. new byte[12], .. Convert.FromHexString(json.RootElement.GetProperty("rr_hex").GetString()!)];
            RecordType type = (RecordType)json.RootElement.GetProperty("type").GetInt32();
            int length = json.RootElement.GetProperty("rdlen").GetInt32();
            byte[] room = new byte[RecordData.MaxLength];
            RdataStatus status = RecordData.Canonicalize(message, message.Length - length, length, type, room, out int written);
            Assert.Equal(RdataStatus.Valid, status);
            string text = json.RootElement.GetProperty("text").GetString()!;
            Assert.True(room.AsSpan(0, written).SequenceEqual(TestData.Parse(type, text)), $"{type} {text}");
            records++;
        }

        Assert.InRange(records, 20, int.MaxValue);
    }

    private static void CheckUnbound(IEnumerable<string> lines, int least)
    {
        int records = 0;
        List<string> failures = [];
        using IEnumerator<string> line = lines.GetEnumerator();
        while (line.MoveNext())
        {
            byte[] message = [.. new byte[12], .. Convert.FromHexString(line.Current)];
            Assert.True(line.MoveNext());
            string text = line.Current;
            Assert.Equal(DnsError.None, WireName.Read(message, 12, out WireName owner, out int at));
            RecordType type = (RecordType)(message[at] << 8 | message[at + 1]);
            byte[] data = message[(at + 10)..];
            Assert.Equal(data.Length, message[at + 8] << 8 | message[at + 9]);
            records++;
            if (s_differences.ContainsKey(type)) continue;
            if (TestData.Canonicalize(type, data, out byte[] canonical) == RdataStatus.Malformed)
            {
                failures.Add($"malformed: {text}");
                continue;
            }

            int comment = text.IndexOf(" ;{", StringComparison.Ordinal);
            string[] fields = (comment < 0 ? text : text[..comment]).Split('\t', 5);
            Assert.Equal(owner.ToString().ToUpperInvariant(), DomainName.Parse(fields[0]).ToString().ToUpperInvariant());
            string theirs = fields[4];
            if (theirs == "10 \"foo.") continue; // Unbound leaves a quote in a name bare, which no zone file parser reads back as a name
            if (!(TestData.Parse(type, theirs) ?? []).AsSpan().SequenceEqual(canonical)) failures.Add($"theirs: {type} {theirs}");
            string ours = RdataText.Format(type, canonical);
            if (!(TestData.Parse(type, ours) ?? []).AsSpan().SequenceEqual(canonical)) failures.Add($"ours: {type} {ours}");
        }

        Assert.Empty(failures);
        Assert.InRange(records, least, int.MaxValue);
    }

    /// <summary>The records of a zone file, each on one line: comments off, parentheses joined. Enough for these files alone.</summary>
    private static IEnumerable<string> ZoneLines(IEnumerable<string> lines)
    {
        StringBuilder record = new();
        int depth = 0;
        foreach (string line in lines)
        {
            bool quoted = false;
            for (int i = 0; i < line.Length && (quoted || line[i] != ';'); i++)
            {
                if (line[i] == '"') quoted = !quoted;
                if (!quoted && line[i] is '(' or ')')
                {
                    depth += line[i] == '(' ? 1 : -1;
                    record.Append(' ');
                    continue;
                }

                record.Append(line[i]);
                if (line[i] == '\\' && i + 1 < line.Length) record.Append(line[++i]);
            }

            record.Append(' ');
            if (depth > 0) continue;
            string whole = record.ToString();
            record.Clear();
            if (whole.Contains("SVCB", StringComparison.Ordinal) || whole.Contains("HTTPS", StringComparison.Ordinal)
                || whole.Contains("TYPE64", StringComparison.Ordinal) || whole.Contains("TYPE65", StringComparison.Ordinal))
            {
                yield return whole;
            }
        }
    }

    private static byte[]? ParseLine(string line)
    {
        string[] words = line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        int type = Array.FindIndex(words, word => word is "SVCB" or "HTTPS" or "TYPE64" or "TYPE65");
        int start = line.IndexOf(words[type], StringComparison.Ordinal) + words[type].Length;
        byte[] room = new byte[RecordData.MaxLength];
        return RdataText.TryParse(RecordType.SVCB, Encoding.Latin1.GetBytes(line[start..]), room, out int written) ? room[..written] : null;
    }
}
