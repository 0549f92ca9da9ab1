using System.Text;
using System.Text.Json;
using PassiveDns.Storage.Conformance;
using PassiveDns.Storage.Memory;

namespace PassiveDns.Analysis.Tests;

/// <summary>The published test suite of SPF, its zones as observed rows. What needs a message or a server's failure stays unknown here; all else must be as the suite says.</summary>
public class SpfSuiteTests
{
    private const long Start = 1_700_000_000;

    [Fact]
    public async Task Results_are_those_of_the_suite()
    {
        int decided = 0, open = 0;
        List<string> wrong = [];
        using JsonDocument suite = JsonDocument.Parse(string.Concat(Corpus.Lines("spf/rfc4408-tests.json")));
        foreach (JsonElement scenario in suite.RootElement.EnumerateArray())
        {
            JsonElement zone = scenario.GetProperty("zone");
            MemoryObservationStore store = await StoreAsync(zone);
            AnalysisOptions options = new() { Negatives = NothingElse(zone) };
            foreach (JsonProperty test in scenario.GetProperty("tests").EnumerateObject())
            {
                string[] allowed = [.. test.Value.GetProperty("result").EnumerateArray().Select(result => result.GetString()!)];
                string sender = test.Value.GetProperty("mailfrom").GetString()!, domain = sender.Contains('@', StringComparison.Ordinal) ? sender[(sender.LastIndexOf('@') + 1)..] : test.Value.GetProperty("helo").GetString()!;
                if (allowed.Contains("temperror") || !HostAddress.TryParse(test.Value.GetProperty("host").GetString(), out HostAddress address)) continue;
                if (!DomainName.TryParse(domain, out DomainName name))
                {
                    if (!allowed.Contains("none")) wrong.Add($"{test.Name}: {domain} is no name");
                    continue;
                }

                EvidenceReader evidence = new(store, options);
                SpfEvaluator evaluator = new(new(evidence, options, new(long.MinValue, Start + 10)), SpfAuthorisations.Unmapped(address));
                SpfEvaluator.Outcome outcome = await evaluator.EvaluateAsync(name, TestContext.Current.CancellationToken);
                string result = outcome.Result.ToString().ToLowerInvariant();
                if (allowed.Contains(result)) decided++;
                else if (outcome.Result == SpfResult.Unknown && NeedsMore(zone)) open++;
                else wrong.Add($"{test.Name}: {result}, not {string.Join(" or ", allowed)}");
            }
        }

        TestContext.Current.SendDiagnosticMessage($"{decided} as the suite says, {open} unknown without a message, {wrong.Count} wrong");
        Assert.Empty(wrong);
        Assert.True(decided > 120, $"{decided} decided");
    }

    private static bool NeedsMore(JsonElement zone) => zone.EnumerateObject().SelectMany(name => name.Value.EnumerateArray()).Any(record =>
        record[0].GetString() == "TIMEOUT" || (record[0].GetString() == "TXT" && record.GetRawText() is string text && (text.Contains('%', StringComparison.Ordinal) || text.Contains("ptr", StringComparison.OrdinalIgnoreCase) || text.Contains("exists", StringComparison.OrdinalIgnoreCase))));

    private static async Task<MemoryObservationStore> StoreAsync(JsonElement zone)
    {
        BatchBuilder builder = new();
        foreach (JsonProperty owner in zone.EnumerateObject())
        {
            if (!DomainName.TryParse(owner.Name, out DomainName name) || name.IsRoot) continue;
            foreach (IGrouping<string, JsonElement> type in owner.Value.EnumerateArray().GroupBy(record => record[0].GetString()!))
            {
                byte[][] rdata = [.. type.Select(record => Rdata(type.Key, record[1])).OfType<byte[]>()];
                if (rdata.Length > 0) builder.Add(name.ToString(), type.Key, rdata, Start, Start + 10);
            }
        }

        MemoryObservationStore store = new();
        await store.WriteAsync(builder.Build(1), TestContext.Current.CancellationToken);
        return store;
    }

    private static byte[]? Rdata(string type, JsonElement data) => type switch
    {
        "A" or "AAAA" => BatchBuilder.Rdata(type, data.GetString()!),
        "CNAME" => BatchBuilder.Rdata(type, $"{data.GetString()}."),
        "MX" => BatchBuilder.Rdata(type, $"{data[0].GetInt32()} {data[1].GetString()!.TrimEnd('.')}."),
        "TXT" => [.. data.EnumerateArray().SelectMany(part => Encoding.Latin1.GetBytes(part.GetString()!).Chunk(255)).DefaultIfEmpty([]).SelectMany(chunk => (byte[])[(byte)chunk.Length, .. chunk])],
        _ => null,
    };

    // What the zones do not hold is not there: servers say so for each top-level domain, before anything was seen.
    private static NegativeTable NothingElse(JsonElement zone)
    {
        IEnumerable<string> tops = zone.EnumerateObject().Select(owner => owner.Name.TrimEnd('.').Split('.')[^1].ToLowerInvariant()).Concat(["com", "net", "org", "museum"]).Distinct();
        IEnumerable<string> lines = tops.Where(top => DomainName.TryParse(top, out DomainName name) && !name.IsRoot)
            .Select(top => $$"""{"name":"{{top}}.","kind":"name-error","zone":"{{top}}.","time_first":{{Start}},"time_last":{{Start + 1}}}""");
        return NegativeTable.Read(new StringReader(string.Join('\n', lines)));
    }
}
