using System.Text.Json;

namespace PassiveDns.Capture.Tests;

/// <summary>Every record that DnsReader yields against what dnspython read from the same octets.</summary>
public class RecordOracleTests
{
    private static readonly (string Name, DnsSection Section)[] s_sections =
        [("answer", DnsSection.Answer), ("authority", DnsSection.Authority), ("additional", DnsSection.Additional)];

    public static TheoryData<string> CapturesWithOracle() => MessageOracleTests.CapturesWithOracle();

    [Theory]
    [MemberData(nameof(CapturesWithOracle))]
    public void Every_record_is_the_oracles(string capture)
    {
        List<FoundMessage> found;
        try
        {
            found = CaptureRun.Read(Corpus.CapturePath(capture), new() { VerifyUdpChecksums = false }).Messages;
        }
        catch (CaptureFileException)
        {
            return; // told by the message oracle
        }

        List<OracleMessage> expected = [.. OracleMessage.Load(Corpus.OraclePath(capture)!).Where(m => m.IsInScope)];
        bool byOctets = expected.All(m => m.Hex is not null);
        ILookup<string, FoundMessage> byKey = found.ToLookup(m => m.Key(byOctets));
        Dictionary<string, int> taken = [];
        int differing = 0;
        foreach (OracleMessage message in expected)
        {
            int index = taken.GetValueOrDefault(message.Key);
            taken[message.Key] = index + 1;
            FoundMessage? ours = byKey[message.Key].ElementAtOrDefault(index);
            if (ours is null) continue;
            string? difference = Difference(ours.Octets, message.Python);
            if (difference is null) continue;
            TestContext.Current.TestOutputHelper?.WriteLine(difference + " in " + Convert.ToHexStringLower(ours.Octets));
            differing++;
        }

        Assert.Equal(RecordDifferences.For(capture), differing);
    }

    // Null when both read the same, or both refuse.
    private static string? Difference(byte[] octets, JsonElement python)
    {
        bool theyRead = python.TryGetProperty("ok", out JsonElement ok) && ok.GetBoolean();
        List<(string Section, string Text)> theirs = [];
        foreach ((string name, _) in s_sections)
        {
            if (!python.TryGetProperty(name, out JsonElement records)) continue;
            foreach (JsonElement r in records.EnumerateArray())
            {
                string rdata = r.TryGetProperty("rdata_hex", out JsonElement hex) ? hex.GetString()! : "?";
                string owner = Name(r.GetProperty("name").GetString()!);
                (long type, long @class) = (r.GetProperty("type").GetInt64(), r.GetProperty("class").GetInt64());
                theirs.Add((name, $"{owner} {type} {@class} {r.GetProperty("ttl").GetInt64()} {r.GetProperty("rdlen").GetInt32()} {rdata}"));
            }
        }

        List<(string Section, string Text)> ours = [];
        DnsReader reader = new(octets);
        while (reader.Read())
        {
            if (reader.Section == DnsSection.Question) continue;
            DnsSection current = reader.Section;
            string section = s_sections.Single(s => s.Section == current).Name;
            bool hasHex = ours.Count >= theirs.Count || !theirs[ours.Count].Text.EndsWith('?'); // left out in the largest files
            string rdata = hasHex ? Convert.ToHexStringLower(reader.Data) : "?";
            string owner = Name(reader.Name.ToString());
            ours.Add((section, $"{owner} {(int)reader.Type} {(int)reader.Class} {reader.RawTimeToLive} {reader.Data.Length} {rdata}"));
        }

        bool weRead = reader.Error == DnsError.None;
        if (!weRead && !theyRead) return null;
        if (weRead && !theyRead) return "dnspython alone refuses: " + python.GetProperty("error").GetString();
        if (!weRead) return $"we alone refuse: {reader.Error} at {reader.ErrorOffset}";
        for (int i = 0; i < Math.Max(ours.Count, theirs.Count); i++)
        {
            if (i >= ours.Count || i >= theirs.Count || ours[i] != theirs[i])
                return $"record {i}: {ours.ElementAtOrDefault(i)} and theirs {theirs.ElementAtOrDefault(i)}";
        }

        return null;
    }

    // Presentation differs between programs, the name does not.
    private static string Name(string text) => DomainName.TryParse(text, out DomainName name) ? name.ToString() : "unreadable " + text;
}
