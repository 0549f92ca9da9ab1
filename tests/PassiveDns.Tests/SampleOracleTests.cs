using System.Text.Json;
using PassiveDns.Storage.Memory;

namespace PassiveDns.Tests;

/// <summary>The whole product against tshark and dnspython on the sample capture.</summary>
public sealed class SampleOracleTests
{
    [Fact]
    public async Task Every_record_of_every_section_is_counted_as_often_and_seen_as_early_and_late_as_the_oracle_says()
    {
        await using MemoryObservationStore store = new();
        await Sample.ImportAsync(store);
        Dictionary<SampleOracle.RecordKey, SampleOracle.RecordSighting> found = SampleOracle.Records(await Sample.ReadAllAsync(store));

        Dictionary<SampleOracle.RecordKey, SampleOracle.RecordSighting> expected = [];
        foreach (string section in (string[])["answer", "authority", "additional"])
        {
            foreach ((SampleOracle.RecordKey key, SampleOracle.RecordSighting seen) in SampleOracle.Section(section)) SampleOracle.AddUp(expected, key, seen);
        }

        Assert.NotEmpty(expected);
        Assert.Empty(Differences(expected, found));
    }

    [Fact]
    public async Task Packets_messages_and_responses_are_as_many_as_the_oracle_says()
    {
        await using MemoryObservationStore store = new();
        PipelineReport report = await Sample.ImportAsync(store);

        Capture.CaptureReport capture = Assert.Single(report.Sources).Capture;
        JsonElement messages = SampleOracle.Root.GetProperty("messages");
        JsonElement upstream = SampleOracle.Root.GetProperty("upstream_responses");
        Assert.Equal(SampleOracle.Root.GetProperty("packets").GetProperty("total").GetInt64(), capture.Packets);
        Assert.Equal(Total(messages.GetProperty("client_side")) + Total(messages.GetProperty("upstream")), capture.Messages);
        Assert.Equal(upstream.GetProperty("matching_a_query").GetInt64(), report.Observed);
        Assert.Equal(Total(messages.GetProperty("client_side")), Sum(report, line => line.Stage == "messages" && line.Fate.StartsWith("refused", StringComparison.Ordinal)));

        JsonElement rcodes = upstream.GetProperty("by_rcode");
        Assert.Equal(rcodes.GetProperty("REFUSED").GetInt64(), Sum(report, line => line is { Stage: "responses", Fate: "rcode-refused" }));
        Assert.Equal(upstream.GetProperty("truncated").GetInt64(), Sum(report, line => line is { Stage: "responses", Fate: "truncated" }));
        Assert.Equal(upstream.GetProperty("counted").GetInt64(), Sum(report, line => line is { Stage: "responses", IsDrop: false }));
    }

    [Fact]
    public async Task Every_row_is_verified_because_the_capture_starts_cold_at_the_root()
    {
        await using MemoryObservationStore store = new();
        await Sample.ImportAsync(store);
        Assert.All(await Sample.ReadAllAsync(store), row => Assert.Equal(Provenance.VerifiedTraffic, row.Provenance));
    }

    [Fact]
    public async Task Nothing_is_lost_without_a_counter()
    {
        await using MemoryObservationStore store = new();
        PipelineReport report = await Sample.ImportAsync(store);
        Assert.True(report.IsComplete);
        Assert.Empty(report.FindImbalances());
        foreach (IGrouping<string, StageCount> stage in report.Account.GroupBy(line => line.Stage))
        {
            Assert.Equal(stage.Count(), stage.Select(line => line.Fate).Distinct().Count());
        }
    }

    private static IEnumerable<string> Differences(
        Dictionary<SampleOracle.RecordKey, SampleOracle.RecordSighting> expected, Dictionary<SampleOracle.RecordKey, SampleOracle.RecordSighting> found) =>
        from key in expected.Keys.Union(found.Keys)
        let theirs = expected.GetValueOrDefault(key)
        let ours = found.GetValueOrDefault(key)
        where theirs != ours
        select $"{key}: the oracle says {theirs}, the product {ours}";

    private static long Total(JsonElement side) => side.EnumerateObject().Sum(kind => kind.Value.EnumerateObject().Sum(transport => transport.Value.GetInt64()));

    private static long Sum(PipelineReport report, Func<StageCount, bool> lines) => report.Account.Where(lines).Sum(line => line.Count);
}
