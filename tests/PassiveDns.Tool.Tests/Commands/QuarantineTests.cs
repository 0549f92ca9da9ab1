using System.Text.Json;

namespace PassiveDns.Tool.Tests.Commands;

public sealed class QuarantineTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task What_comes_from_the_future_is_listed_and_can_be_released()
    {
        string file = LongCapture.Write(_directory, 25); // ends in 2032
        string whole = _directory.At("whole"), store = _directory.At("store"), quarantine = _directory.At("quarantine");
        Assert.Equal(0, (await ToolRun.InProcessAsync(ToolRun.ImportSample(whole, file))).ExitCode);

        ToolRun import = await ToolRun.InProcessAsync([.. ToolRun.ImportSample(store, file), "--quarantine", quarantine, "--json"]);
        Assert.Equal(0, import.ExitCode);
        Assert.Empty(import.Json[0].GetProperty("imbalances").EnumerateArray());
        Assert.Contains("quarantined-future", import.Error);
        Assert.NotEqual(await ExportAsync(whole), await ExportAsync(store));

        ToolRun list = await ToolRun.InProcessAsync("quarantine", "list", quarantine, "--json");
        Assert.Equal(0, list.ExitCode);
        Assert.All(list.Json, batch => Assert.Equal("future", batch.GetProperty("reason").GetString()));
        Assert.Contains("first seen", (await ToolRun.InProcessAsync("quarantine", "list", quarantine)).Output);
        string id = list.Json[0].GetProperty("batch").GetString()!;
        ToolRun released = await ToolRun.InProcessAsync("quarantine", "release", quarantine, "--store", store, "--batch", id, "--json");
        Assert.Equal(0, released.ExitCode);
        Assert.Equal((id, "stored"), (released.Json[0].GetProperty("batch").GetString(), released.Json[0].GetProperty("result").GetString()));
        ToolRun again = await ToolRun.InProcessAsync("quarantine", "release", quarantine, "--store", store, "--batch", id);
        Assert.Equal(3, again.ExitCode);
        Assert.Contains("is not in the quarantine", again.Error);
        Assert.Equal(2, (await ToolRun.InProcessAsync("quarantine", "release", quarantine, "--store", store)).ExitCode);

        Assert.Equal(0, (await ToolRun.InProcessAsync("quarantine", "release", quarantine, "--store", store, "--all")).ExitCode);
        Assert.Equal(await ExportAsync(whole), await ExportAsync(store));
        Assert.Equal(1, (await ToolRun.InProcessAsync("quarantine", "list", quarantine)).ExitCode);
        Assert.Equal(3, (await ToolRun.InProcessAsync("quarantine", "list", _directory.At("nowhere"))).ExitCode);
    }

    [Fact]
    public async Task The_privacy_report_measures_the_store_and_adds_what_was_cut_before()
    {
        string store = _directory.At("store"), account = _directory.At("account.json");
        ToolRun import = await ToolRun.InProcessAsync([.. ToolRun.ImportSample(store), "--redact", "--json"]);
        Assert.Equal(0, import.ExitCode);
        ImportAccount.AssertConserved(import.Json[0]);
        await File.WriteAllTextAsync(account, import.Output, TestContext.Current.CancellationToken);

        ToolRun report = await ToolRun.InProcessAsync("privacy-report", "--store", store, "--account", account, "--json");
        Assert.Equal(0, report.ExitCode);
        JsonElement facts = Assert.Single(report.Json);
        Assert.False(facts.GetProperty("client_identity_fields").GetBoolean());
        Assert.True(facts.GetProperty("names").GetInt64() > facts.GetProperty("names_held_back").GetInt64());
        Assert.True(facts.GetProperty("names_held_back").GetInt64() > 0); // one sensor alone
        Dictionary<string, long> lines = facts.GetProperty("account").EnumerateArray()
            .ToDictionary(line => line.GetProperty("stage").GetString() + "/" + line.GetProperty("fate").GetString(), line => line.GetProperty("count").GetInt64());
        Assert.Equal(facts.GetProperty("rows").GetInt64(), lines["stored-owner-names/without-secret"]); // it was redacted
        Assert.True(lines["owner-names/kept"] > 0);
        Assert.Contains(lines.Keys, line => line.StartsWith("packets/", StringComparison.Ordinal));

        ToolRun page = await ToolRun.InProcessAsync("privacy-report", "--store", store);
        Assert.Contains("Publication threshold: 2 sensors", page.Output);
        Assert.Equal(2, (await ToolRun.InProcessAsync("privacy-report", "--store", store, "--min-sensors", "1")).ExitCode);
        Assert.Equal(2, (await ToolRun.InProcessAsync("privacy-report", "--store", store, "--account", Files.Sample("resolvers"))).ExitCode);
    }

    private static async Task<string> ExportAsync(string store) => (await ToolRun.InProcessAsync("export", "--provenance", "all", "--wire", "--store", store)).Output;
}
