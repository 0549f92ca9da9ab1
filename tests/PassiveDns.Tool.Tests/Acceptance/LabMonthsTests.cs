using System.Diagnostics;
using System.Text.RegularExpressions;

namespace PassiveDns.Tool.Tests.Acceptance;

/// <summary>
/// Four months of a closed world at two sensors, against its ground truth. The data is too large for the repository; the judge is an
/// independent program (shared/tools/lab-check/compare.py).
/// </summary>
public sealed class LabMonthsTests : IDisposable
{
    private const string Python = "/usr/bin/python3";

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Both_sensors_together_equal_the_ground_truth()
    {
        (string data, string judge) = await FindAsync();
        string store = _directory.At("store");
        foreach (string sensor in (string[])["r1", "r2"]) await ImportAsync(data, store, sensor);
        await JudgeAsync(judge, data, store);
    }

    [Theory]
    [InlineData("r1")]
    [InlineData("r2")]
    public async Task Each_sensor_alone_equals_the_ground_truth_and_leaks_no_address(string sensor)
    {
        (string data, string judge) = await FindAsync();
        string store = _directory.At("store");
        await ImportAsync(data, store, sensor);
        await JudgeAsync(judge, data, store, "--sensor", sensor, "--leak", store);
    }

    [Fact]
    public async Task Both_sensors_dnstap_together_equals_the_ground_truth()
    {
        (string data, string judge) = await FindAsync();
        string store = _directory.At("store");
        foreach (string sensor in (string[])["r1", "r2"]) await ImportAsync(data, store, sensor, "dnstap");
        await JudgeAsync(judge, data, store, "--source", "dnstap", "--leak", store);
    }

    [Theory]
    [InlineData("r1")]
    [InlineData("r2")]
    public async Task Each_sensors_dnstap_alone_equals_the_ground_truth_and_leaks_no_address(string sensor)
    {
        (string data, string judge) = await FindAsync();
        string store = _directory.At("store");
        await ImportAsync(data, store, sensor, "dnstap");
        await JudgeAsync(judge, data, store, "--source", "dnstap", "--sensor", sensor, "--leak", store);
    }

    private static async Task<(string Data, string Judge)> FindAsync()
    {
        Assert.SkipUnless(Files.TryFindShared("data/lab-months", out string? data), "shared/data/lab-months is not beside the repository");
        Assert.SkipUnless(Files.TryFindShared("tools/lab-check/compare.py", out string? judge), "shared/tools/lab-check is not beside the repository");
        Assert.SkipUnless(File.Exists(Python) && (await RunAsync(Python, "-c", "import dns.rdata")).ExitCode == 0, "needs python3-dnspython");
        return (data!, judge!);
    }

    private static async Task ImportAsync(string data, string store, string sensor, string kind = "pcap")
    {
        ToolRun run = await ToolRun.InProcessAsync(
            "import", Path.Combine(data, $"{sensor}.{kind}.gz"), "--sensor", sensor, "--store", store, "--resolvers", Path.Combine(data, "resolvers"),
            "--root-hints", Path.Combine(data, "root.hints"), "--json");
        Assert.True(run.ExitCode == 0, run.Error);
        ImportAccount.AssertConserved(Assert.Single(run.Json));
    }

    private async Task JudgeAsync(string judge, string data, string store, params string[] options)
    {
        ToolRun export = await ToolRun.InProcessAsync("export", "--wire", "--store", store);
        Assert.True(export.ExitCode == 0, export.Error);

        // The judge knows types without a mnemonic as TYPEn only; the Common Output Format gives them as numbers.
        string rows = _directory.Write("rows.ndjson", Regex.Replace(export.Output, "\"rrtype\":(\\d+)", "\"rrtype\":\"TYPE$1\""));
        (int exitCode, string verdict) = await RunAsync(Python, [judge, Path.Combine(data, "truth.json.gz"), rows, .. options]);
        Assert.True(exitCode == 0, verdict);
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output + await error);
    }
}
