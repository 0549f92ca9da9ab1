using System.IO.Compression;
using System.Net;
using System.Text.Json;
using PassiveDns.Capture;

namespace PassiveDns.Aggregation.Tests;

/// <summary>The recorded lab world with its ground truth, where it lies beside the repository: nothing missing, nothing extra, right counts and zones.</summary>
public class LabMonthsTests
{
    private readonly record struct Key(string Name, string Type, string Data);

    private sealed class Expected
    {
        public long High { get; set; }

        /// <summary>Sightings at the end of a CNAME into another zone of the same server: they may count or not.</summary>
        public long Optional { get; set; }

        public Dictionary<string, long> Zones { get; } = [];

        /// <summary>Zones that are right too, where one server holds parent and child.</summary>
        public HashSet<string> Alternatives { get; } = [];
    }

    [Theory]
    [InlineData("r1")]
    [InlineData("r2")]
    public async Task Verified_rows_are_exactly_what_the_servers_really_sent(string sensor)
    {
        string? folder = Checkout.FindShared("data/lab-months");
        if (folder is null) Assert.Skip("the lab recordings (../shared/data/lab-months) are not here");
        Dictionary<Key, Dictionary<string, long>> rows = await Aggregate(folder, sensor);
        using Stream packed = File.OpenRead(Path.Combine(folder, "truth.json.gz"));
        using Stream json = new GZipStream(packed, CompressionMode.Decompress);
        using JsonDocument truth = await JsonDocument.ParseAsync(json, cancellationToken: TestContext.Current.CancellationToken);
        Dictionary<string, long> slack = Exceptions(truth.RootElement, sensor);
        Dictionary<Key, Expected> expected = Expect(truth.RootElement, sensor);
        List<string> wrong = [];
        foreach ((Key key, Expected row) in expected)
        {
            Dictionary<string, long> got = rows.GetValueOrDefault(key, []);
            long more = slack.GetValueOrDefault($"{key.Name} {key.Type}");
            if (got.Values.Sum() is var sum && (sum < row.High - row.Optional - more || sum > row.High)) wrong.Add($"{key}: {sum}, not {row.High} less {row.Optional + more}");
            if (!got.Keys.All(zone => row.Zones.ContainsKey(zone) || row.Alternatives.Contains(zone))) wrong.Add($"{key}: wrong zone among {string.Join(' ', got.Keys)}");
            if (row.Alternatives.Count > 0 || row.Optional + more > 0) continue;
            wrong.AddRange(row.Zones.Where(zone => got.GetValueOrDefault(zone.Key) != zone.Value)
                .Select(zone => $"{key}: {got.GetValueOrDefault(zone.Key)} in {zone.Key}, not {zone.Value}"));
        }

        HashSet<(string, string)> either = [.. truth.RootElement.GetProperty("poison").EnumerateArray()
            .Where(p => p.GetProperty("must").GetString() == "either")
            .Select(p => (Name(p.GetProperty("name").GetString()!), p.GetProperty("type").GetString()!))];
        wrong.AddRange(rows.Keys.Where(key => !expected.ContainsKey(key) && !either.Contains((key.Name, key.Type))).Select(key => $"{key}: not in the truth"));
        Assert.True(wrong.Count == 0, string.Join('\n', wrong.Take(20)));
        Assert.True(expected.Count > 2000);
    }

    private static Dictionary<Key, Expected> Expect(JsonElement truth, string sensor)
    {
        Dictionary<Key, Expected> rows = [];
        foreach (JsonElement row in truth.GetProperty("rrsets").EnumerateArray())
        {
            if (!row.GetProperty("s").TryGetProperty(sensor, out JsonElement seen)) continue;
            Key key = new(
                Name(row.GetProperty("n").GetString()!),
                row.GetProperty("t").GetString()!,
                string.Join(',', row.GetProperty("w").EnumerateArray().Select(w => w.GetString()!).Order(StringComparer.Ordinal)));
            if (!rows.TryGetValue(key, out Expected? known)) rows.Add(key, known = new());
            known.Zones.Add(Name(row.GetProperty("z").GetString()!), seen.GetProperty("count").GetInt64());
            known.High += seen.GetProperty("count").GetInt64();
            if (seen.TryGetProperty("xz", out JsonElement tails)) known.Optional += tails.GetInt64();
            if (row.TryGetProperty("za", out JsonElement others)) known.Alternatives.UnionWith(others.EnumerateArray().Select(z => Name(z.GetString()!)));
        }

        return rows;
    }

    /// <summary>How much less than the truth a name and type may count because two different responses answered one query.</summary>
    private static Dictionary<string, long> Exceptions(JsonElement truth, string sensor)
    {
        Dictionary<string, long> slack = [];
        foreach (JsonElement exception in truth.GetProperty("exceptions").EnumerateArray())
        {
            if (exception.GetProperty("source").GetString() != "packets" || exception.GetProperty("sensor").GetString() != sensor) continue;
            string key = $"{Name(exception.GetProperty("name").GetString()!)} {exception.GetProperty("type").GetString()}";
            slack[key] = slack.GetValueOrDefault(key) - Math.Min(0, exception.GetProperty("delta_range")[0].GetInt64());
        }

        return slack;
    }

    private static async Task<Dictionary<Key, Dictionary<string, long>>> Aggregate(string folder, string sensor)
    {
        VantageOptions vantage = new();
        foreach (string line in File.ReadLines(Path.Combine(folder, "resolvers"))) vantage.Resolvers.Add(IPNetwork.Parse(line));
        ResponseAggregator aggregator = new(new() { Sensor = new(sensor), Epoch = 1, RootHints = RootHints.Load(Path.Combine(folder, "root.hints")) });
        await using PcapFileSource source = PcapFileSource.Open([Path.Combine(folder, $"{sensor}.pcap.gz")], vantage);
        MessageBatch messages = new();
        Dictionary<Key, Dictionary<string, long>> rows = [];
        bool more;
        do
        {
            messages.Clear();
            more = await source.ReadAsync(messages, TestContext.Current.CancellationToken);
            foreach (CapturedResponse response in messages) aggregator.Add(response);
            if (!more) aggregator.Complete();
            while (aggregator.TryTake(out ObservationBatch? batch)) Fold(batch, rows);
        }
        while (more);
        return rows;
    }

    private static void Fold(ObservationBatch batch, Dictionary<Key, Dictionary<string, long>> rows)
    {
        foreach (Observation row in batch.Rows.All())
        {
            if (row.Provenance != Provenance.VerifiedTraffic) continue;
            Key key = new(
                row.RrName.ToString(),
                RecordTypeNames.Format(row.Type),
                string.Join(',', row.Rdata.Select(r => Convert.ToHexStringLower(r.Canonical)).Order(StringComparer.Ordinal)));
            if (!rows.TryGetValue(key, out Dictionary<string, long>? byZone)) rows.Add(key, byZone = []);
            byZone[row.Bailiwick.ToString()] = byZone.GetValueOrDefault(row.Bailiwick.ToString()) + row.History.Count;
        }
    }

    private static string Name(string text) => DomainName.Parse(text).ToString();
}
