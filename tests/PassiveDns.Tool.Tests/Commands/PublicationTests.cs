using System.Text.Json;

namespace PassiveDns.Tool.Tests.Commands;

/// <summary>What may leave the store: thresholds and redaction of exports and answers, and what an import folds or puts aside.</summary>
public sealed class PublicationTests : IDisposable
{
    private const string Rows = """
        {"rrname":"www.example.test","rrtype":"A","rdata":["192.0.2.1"],"time_first":1000,"time_last":2000,"count":7,"bailiwick":"example.test"}
        {"rrname":"example.test","rrtype":"NS","rdata":["ns.example.test."],"time_first":1000,"time_last":2000,"count":3,"bailiwick":"example.test"}
        {"rrname":"0123456789abcdef0123456789abcdef.example.test","rrtype":"A","rdata":["192.0.2.9"],"time_first":1000,"time_last":2000,"count":1,"bailiwick":"example.test"}
        {"rrname":"*.flooded.test","rrtype":"A","rdata":["192.0.2.2"],"time_first":1000,"time_last":2000,"count":900,"bailiwick":"flooded.test","folded":["sets"]}

        """;

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task An_export_can_hold_back_what_one_sensor_saw()
    {
        string store = await StoreAsync();
        ToolRun all = await ToolRun.InProcessAsync("export", "--store", store, "--provenance", "all");
        Assert.Equal(4, all.Json.Length);
        ToolRun published = await ToolRun.InProcessAsync("export", "--store", store, "--provenance", "all", "--min-sensors", "2");
        Assert.Equal(0, published.ExitCode);
        Assert.Equal(["*.flooded.test"], Names(published)); // the zone's NS row points to a name that is held back
        Assert.Contains("held back: 3 rows below the publication threshold", published.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_export_can_cut_names_that_carry_secrets()
    {
        ToolRun run = await ToolRun.InProcessAsync("export", "--store", await StoreAsync(), "--provenance", "all", "--redact");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(["*.example.test", "*.flooded.test", "example.test", "www.example.test"], Names(run).Order(StringComparer.Ordinal));
        Assert.Contains("names cut: 1 owner-names by opaque-label", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Questions_can_be_asked_as_others_may_ask_them()
    {
        string store = await StoreAsync();
        Assert.Equal(0, (await ToolRun.InProcessAsync("lookup", "www.example.test", "--store", store, "--provenance", "all")).ExitCode);
        Assert.Equal(1, (await ToolRun.InProcessAsync("lookup", "www.example.test", "--store", store, "--provenance", "all", "--min-sensors", "2")).ExitCode);
        Assert.Equal(1, (await ToolRun.InProcessAsync("names", "--ip", "192.0.2.1", "--store", store, "--provenance", "all", "--min-days", "3")).ExitCode);
        Assert.Equal(2, (await ToolRun.InProcessAsync("lookup", "www.example.test", "--store", store, "--min-sensors", "1")).ExitCode);
    }

    [Fact]
    public async Task A_summary_is_shown_as_one()
    {
        string store = await StoreAsync();
        ToolRun table = await ToolRun.InProcessAsync("lookup", "*.flooded.test", "--store", store, "--provenance", "all");
        Assert.Contains("*.flooded.test (union of sets)", table.Output, StringComparison.Ordinal);
        Assert.Contains("summaries", table.Error, StringComparison.Ordinal);
        JsonElement row = Assert.Single((await ToolRun.InProcessAsync("lookup", "*.flooded.test", "--store", store, "--provenance", "all", "--json")).Json);
        Assert.Equal("sets", row.GetProperty("folded")[0].GetString());
    }

    [Fact]
    public async Task An_import_writes_what_is_not_there_as_lines()
    {
        string file = _directory.At("negatives");
        ToolRun run = await ToolRun.InProcessAsync([.. ToolRun.ImportSample(_directory.At("store")), "--negatives", file, "--json"]);
        Assert.True(run.ExitCode == 0, run.Error);
        JsonElement[] lines = [.. File.ReadLines(file).Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.NotEmpty(lines);
        long counted = run.Json[0].GetProperty("account").EnumerateArray()
            .Where(line => line.GetProperty("stage").GetString() == "negatives" && line.GetProperty("fate").GetString() == "observed").Sum(line => line.GetProperty("count").GetInt64());
        Assert.Equal(counted, lines.Sum(line => line.GetProperty("count").GetInt64()));
        Assert.All(lines, line => Assert.Equal(line.GetProperty("kind").GetString() == "no-data", line.TryGetProperty("type", out _)));
        Assert.All(lines, line => Assert.EndsWith(line.GetProperty("zone").GetString()!, line.GetProperty("name").GetString(), StringComparison.Ordinal));
        Assert.False(File.Exists(file + ".part"));
    }

    [Theory]
    [InlineData("--fold-after", "5")]
    [InlineData("--max-sets", "3")]
    [InlineData("--never-fold", "a..b")]
    [InlineData("--negatives", "")]
    public async Task Wrong_bounds_are_refused(string option, string value) =>
        Assert.Equal(2, (await ToolRun.InProcessAsync([.. ToolRun.ImportSample(_directory.At("store")), option, value])).ExitCode);

    [Fact]
    public async Task Negative_names_are_not_written_where_names_are_cut() =>
        Assert.Equal(2, (await ToolRun.InProcessAsync([.. ToolRun.ImportSample(_directory.At("store")), "--redact", "--negatives", _directory.At("n")])).ExitCode);

    private async Task<string> StoreAsync()
    {
        string rows = _directory.At("rows.ndjson"), store = _directory.At("store");
        await File.WriteAllTextAsync(rows, Rows, TestContext.Current.CancellationToken);
        ToolRun merge = await ToolRun.InProcessAsync("merge", rows, "--store", store);
        Assert.True(merge.ExitCode == 0, merge.Error);
        return store;
    }

    private static IEnumerable<string?> Names(ToolRun run) => run.Json.Select(row => row.GetProperty("rrname").GetString());
}
