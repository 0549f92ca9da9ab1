using System.Text.Json;

namespace PassiveDns.Tests;

/// <summary>What tshark and dnspython find in the sample capture (see <c>samples/capture/README.md</c>): no code of this product is involved.</summary>
internal static class SampleOracle
{
    private static readonly Lazy<JsonDocument> s_document = new(() => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Sample.Folder, "expected.json"))));

    public static JsonElement Root => s_document.Value.RootElement;

    /// <summary>The records of one section: one row each for owner name, type and canonical rdata in hexadecimal.</summary>
    public static Dictionary<RecordKey, RecordSighting> Section(string section) => Root.GetProperty(section).EnumerateArray().ToDictionary(
        row => new RecordKey(
            DomainName.Parse(row.GetProperty("name").GetString()!),
            RecordTypeNames.TryParse(row.GetProperty("type").GetString(), out RecordType type) ? type : throw new FormatException(row.ToString()),
            row.GetProperty("wire").GetString()!),
        row => new RecordSighting((long)row.GetProperty("first").GetDouble(), (long)row.GetProperty("last").GetDouble(), row.GetProperty("count").GetInt64()));

    /// <summary>The same of observations, added up over bailiwicks, provenances and sets.</summary>
    public static Dictionary<RecordKey, RecordSighting> Records(IEnumerable<Observation> observations)
    {
        Dictionary<RecordKey, RecordSighting> records = [];
        foreach (Observation o in observations)
        {
            foreach (Rdata rdata in o.Rdata)
            {
                RecordKey key = new(o.RrName, o.Type, Convert.ToHexStringLower(rdata.Canonical));
                AddUp(records, key, new(o.History.FirstSeen, o.History.LastSeen, o.History.Count));
            }
        }

        return records;
    }

    public static void AddUp(Dictionary<RecordKey, RecordSighting> records, RecordKey key, RecordSighting seen) =>
        records[key] = records.TryGetValue(key, out RecordSighting before)
            ? new(Math.Min(before.First, seen.First), Math.Max(before.Last, seen.Last), before.Count + seen.Count)
            : seen;

    internal readonly record struct RecordKey(DomainName Name, RecordType Type, string Wire);

    internal readonly record struct RecordSighting(long First, long Last, long Count);
}
