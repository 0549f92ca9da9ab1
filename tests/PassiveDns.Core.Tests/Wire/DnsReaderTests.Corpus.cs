using System.IO.Compression;
using System.Text.Json;

namespace PassiveDns.Tests;

/// <summary>Real and damaged messages, held against the decoding of dnspython that stands beside each.</summary>
public partial class DnsReaderTests
{
    private static readonly string[] s_corpus =
        ["wire/c-ares-message.dev.ndjson.gz", "wire/dnslib-dig.dev.ndjson.gz", "wire/gofuzz-corpus_dns.dev.ndjson.gz", "wire/unbound-packets.dev.ndjson.gz"];

    /// <summary>Messages that dnspython reads and we reject, and why.</summary>
    private static readonly Dictionary<string, string> s_stricter = new()
    {
        ["nDPI__dns-exf.pcap.json 2"] = "An OPT record whose owner is not the root (RFC 6891 section 6.1.2).",
        ["zeek__dns-edns-bad-length.pcap.json 1"] = "An option longer than the OPT record (RFC 6891 section 6.1.2).",
    };

    public static TheoryData<string> Corpus => [.. s_corpus];

    [Theory]
    [MemberData(nameof(Corpus))]
    public void Messages_are_read_as_dnspython_reads_them(string path)
    {
        Comparison comparison = new();
        foreach (string line in TestData.CorpusLines(path))
        {
            using JsonDocument json = JsonDocument.Parse(line);
            comparison.Add(json.RootElement.GetProperty("name").GetString()!, json.RootElement);
        }

        comparison.Check();
        Assert.True(comparison.Records > 0 || path.Contains("gofuzz", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("bind9-dns_message_parse")]
    [InlineData("bind9-wiretest")]
    [InlineData("knot")]
    [InlineData("pdns-raw-dns-packets")]
    [InlineData("systemd-fuzz")]
    public void Messages_of_name_servers_test_suites_are_read_as_dnspython_reads_them(string set)
    {
        Comparison comparison = new();
        foreach (string line in TestData.SharedLines($"oracle/wire/{set}.dev.ndjson.gz"))
        {
            using JsonDocument json = JsonDocument.Parse(line);
            comparison.Add(json.RootElement.GetProperty("name").GetString()!, json.RootElement);
        }

        comparison.Check();
        Assert.NotEqual(0, comparison.Messages);
    }

    [Fact]
    public void Messages_of_all_captures_are_read_as_dnspython_reads_them()
    {
        string captures = TestData.SharedPath("oracle/pcap");
        Assert.SkipUnless(Directory.Exists(captures), "The captures' oracle is not beside the repository here.");
        Comparison comparison = new();
        foreach (string file in Directory.EnumerateFiles(captures, "*.json*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            using Stream stream = File.OpenRead(file);
            using JsonDocument json = JsonDocument.Parse(
                file.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(stream, CompressionMode.Decompress) : stream);
            foreach (JsonElement message in json.RootElement.GetProperty("messages").EnumerateArray())
            {
                if (s_stricter.ContainsKey($"{Path.GetFileName(file)} {message.GetProperty("frame")}")) continue;
                comparison.Add($"{Path.GetFileName(file)} frame {message.GetProperty("frame")}", message);
            }
        }

        comparison.Check();
        Assert.InRange(comparison.Messages, 6000, int.MaxValue);
        Assert.InRange(comparison.Texts, 14_000, int.MaxValue);
    }

    /// <summary>The messages of the corpus that lies in the repository.</summary>
    internal static List<byte[]> CorpusMessages()
    {
        List<byte[]> messages = [];
        foreach (string line in s_corpus.SelectMany(TestData.CorpusLines))
        {
            using JsonDocument json = JsonDocument.Parse(line);
            messages.Add(Convert.FromHexString(json.RootElement.GetProperty("wire_hex").GetString()!));
        }

        return messages;
    }

    private sealed class Comparison
    {
        private readonly List<string> _failures = [];

        public int Messages { get; private set; }

        public int Records { get; private set; }

        /// <summary>Records whose text was compared too, as wire data.</summary>
        public int Texts { get; private set; }

        public void Add(string name, JsonElement message)
        {
            if (!message.TryGetProperty("wire_hex", out JsonElement hex) || !message.TryGetProperty("py", out JsonElement py)) return;
            if (hex.ValueKind != JsonValueKind.String || py.ValueKind != JsonValueKind.Object) return;
            Messages++;
            List<string> failures = Compare(Convert.FromHexString(hex.GetString()!), py);
            _failures.AddRange(failures.Select(failure => $"{name}: {failure}"));
        }

        public void Check() => Assert.True(_failures.Count == 0, $"{_failures.Count} differ:\n{string.Join('\n', _failures.Take(40))}");

        private List<string> Compare(byte[] message, JsonElement py)
        {
            List<string> failures = [];
            bool theirs = py.GetProperty("ok").GetBoolean();
            JsonElement.ArrayEnumerator[] sections = [Section(py, "question"), Section(py, "answer"), Section(py, "authority"), Section(py, "additional")];
            DnsReader reader = new(message);
            while (reader.Read())
            {
                ref JsonElement.ArrayEnumerator section = ref sections[(int)reader.Section];
                if (!section.MoveNext())
                {
                    if (theirs) failures.Add($"{reader.Section}: a record that they do not have");
                    break;
                }

                JsonElement record = section.Current;
                if (reader.Section == DnsSection.Question)
                {
                    string asked = $"{record[0].GetString()} {record[1]} {record[2]}";
                    string ours = $"{Text(reader.Name)} {(int)reader.Type} {(int)reader.Class}";
                    if (Fold(asked) != Fold(ours)) failures.Add($"question {ours}, theirs {asked}");
                    continue;
                }

                Records++;
                if (CompareRecord(message, reader, record, failures)) Texts++;
            }

            if (theirs && reader.Error != DnsError.None && !IsOurRule(reader.Error)) failures.Add($"{reader.Error} at {reader.ErrorOffset}");
            if (!theirs && reader.Error == DnsError.None) failures.Add($"accepted, theirs: {py.GetProperty("error").GetString()}");
            return failures;
        }

        private static bool CompareRecord(byte[] message, scoped in DnsReader reader, JsonElement record, List<string> failures)
        {
            string theirs = $"{record.GetProperty("name").GetString()} {record.GetProperty("type")} {record.GetProperty("class")} "
                + $"{record.GetProperty("ttl")} {record.GetProperty("rdlen")}";
            string ours = $"{Text(reader.Name)} {(int)reader.Type} {(int)reader.Class} {reader.RawTimeToLive} {reader.Data.Length}";
            if (Fold(theirs) != Fold(ours)) failures.Add($"record {ours}, theirs {theirs}");
            if (!record.TryGetProperty("rdata_hex", out JsonElement hex) || hex.ValueKind != JsonValueKind.String) return false;
            if (!reader.Data.SequenceEqual(Convert.FromHexString(hex.GetString()!))) failures.Add($"other data: {ours}");
            if (reader.Class != RecordClass.IN || reader.Type.IsMeta() || reader.Data.IsEmpty) return false;
            byte[] room = new byte[RecordData.MaxLength];
            RdataStatus status = RecordData.Canonicalize(message, reader.DataOffset, reader.Data.Length, reader.Type, room, out int written);
            string? text = record.TryGetProperty("text", out JsonElement t) && t.ValueKind == JsonValueKind.String ? t.GetString() : null;
            if (status == RdataStatus.Malformed)
            {
                if (text is not null) failures.Add($"malformed {reader.Type} {Convert.ToHexString(reader.Data)}, theirs {text}");
                return false;
            }

            if (status == RdataStatus.Opaque && text is not null) failures.Add($"opaque {reader.Type} {Convert.ToHexString(reader.Data)}, theirs {text}");
            if (text is null || status == RdataStatus.Opaque || RecordSchema.Find(reader.Type) is null) return false;
            byte[]? parsed = TestData.Parse(reader.Type, text);
            if (parsed is null || !parsed.AsSpan().SequenceEqual(room.AsSpan(0, written)))
            {
                failures.Add($"{reader.Type} {RdataText.Format(reader.Type, room.AsSpan(0, written))}, theirs {text}");
            }

            return true;
        }

        /// <summary>dnspython reads several questions, as multicast DNS asks them; RFC 9619 allows one.</summary>
        private static bool IsOurRule(DnsError error) => error == DnsError.QuestionCount;

        private static JsonElement.ArrayEnumerator Section(JsonElement py, string name) =>
            py.TryGetProperty(name, out JsonElement items) && items.ValueKind == JsonValueKind.Array ? items.EnumerateArray() : default;

        private static string Text(WireName name) => name.ToDomainName().ToString();

        private static string Fold(string text) => text.ToLowerInvariant();
    }
}
