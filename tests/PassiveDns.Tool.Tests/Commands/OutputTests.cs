using System.Diagnostics;
using System.Text.Json;

namespace PassiveDns.Tool.Tests.Commands;

public class OutputTests(SampleStore sample) : IClassFixture<SampleStore>
{
    [Fact]
    public async Task A_table_has_one_line_for_each_record_and_times_in_UTC()
    {
        ToolRun run = await sample.AskAsync("lookup", "bakery.example", "--type", "NS");
        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith("rrname", run.Lines[0]);
        Assert.Matches(@"^bakery\.example +NS +ns1\.harbourhost\.example\. +2026-01-05 09:00:0\d +2026-03-20 10:30:0\d +\d+ +", run.Lines[1]);
        Assert.Matches(@"^ +ns2\.harbourhost\.example\.$", run.Lines[2]);
        Assert.Equal(run.Lines[1].IndexOf("ns1.", StringComparison.Ordinal), run.Lines[2].IndexOf("ns2.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Parent_and_child_are_told_apart_by_their_bailiwick()
    {
        ToolRun run = await sample.AskAsync("lookup", "brand.example", "--type", "NS", "--json");
        Assert.Equal(["brand.example", "example"], run.Json.Select(row => row.GetProperty("bailiwick").GetString()).Order());
    }

    [Fact]
    public async Task A_long_record_is_not_cut()
    {
        ToolRun run = await sample.AskAsync("lookup", "k1._domainkey.brand.example", "--type", "TXT");
        ToolRun json = await sample.AskAsync("lookup", "k1._domainkey.brand.example", "--type", "TXT", "--json");
        Assert.Contains(json.Json[0].GetProperty("rdata")[0].GetString()!, run.Lines[1]);
        Assert.DoesNotContain('\u001b', run.Output);
    }

    [Theory]
    [InlineData(200, true)]
    [InlineData(60, false)]
    public async Task A_narrow_screen_gets_blocks_and_no_torn_names(int width, bool isTable)
    {
        string[] question = ["lookup", "www.example.com", "--store", sample.Store];
        ToolRun run = await ToolRun.InProcessAsync(question, [], isTerminal: true, width);
        Assert.Equal(isTable, run.Lines[0].Contains("bailiwick"));
        Assert.Contains("www.example.com", run.Output);
        Assert.Contains("\u001b[1m", run.Output);
        Assert.DoesNotContain('\u001b', (await ToolRun.InProcessAsync(question, new() { ["NO_COLOR"] = "1" }, isTerminal: true, width)).Output);
    }

    [Fact]
    public async Task The_store_may_be_named_by_the_environment()
    {
        ToolRun run = await ToolRun.InProcessAsync(["lookup", "www.example.com"], new() { ["PDNS_STORE"] = sample.Store });
        Assert.Equal(0, run.ExitCode);
    }

    [Fact]
    public async Task A_limit_is_kept_and_told()
    {
        ToolRun run = await sample.AskAsync("lookup", "*.example", "--limit", "3", "--json");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(3, run.Json.Length);
        Assert.Contains("--limit", run.Error);
        ToolRun all = await sample.AskAsync("lookup", "*.example", "--limit", "0", "--json");
        Assert.True(all.Json.Length > 50);
        Assert.Empty(all.Error);
    }

    [Fact]
    public async Task Types_of_DNSSEC_come_when_asked_for()
    {
        static IEnumerable<string> Types(ToolRun run) => run.Json.Select(row => row.GetProperty("rrtype").ToString()).Distinct();
        Assert.DoesNotContain("RRSIG", Types(await sample.AskAsync("lookup", "*.vault.example", "--json")));
        Assert.Contains("RRSIG", Types(await sample.AskAsync("lookup", "*.vault.example", "--json", "--all-types")));
        Assert.Equal(["DNSKEY"], Types(await sample.AskAsync("lookup", "vault.example", "--json", "--type", "dnskey")));
        Assert.Contains("RRSIG", Types(await sample.AskAsync("export")));
    }

    [Fact]
    public async Task A_window_of_time_holds_what_was_alive_in_it()
    {
        ToolRun run = await sample.AskAsync("lookup", "mail.brand.example", "--type", "A", "--from", "2026-02-10", "--to", "2026-02-10T12:00", "--json");
        Assert.Contains("203.0.113.201", run.Output);
        run = await sample.AskAsync("lookup", "mail.brand.example", "--type", "A", "--from", "2026-03-01", "--json");
        Assert.DoesNotContain("203.0.113.201", run.Output);
    }

    [Fact]
    public async Task Rows_say_their_provenance_when_more_than_the_trusted_are_asked_for()
    {
        ToolRun trusted = await sample.AskAsync("export");
        Assert.All(trusted.Json, row => Assert.False(row.TryGetProperty("provenance", out _)));
        ToolRun all = await sample.AskAsync("export", "--provenance", "all");
        Assert.All(all.Json, row => Assert.Equal("verified-traffic", row.GetProperty("provenance").GetString()));
    }

    [Fact]
    public async Task Status_is_told_in_both_forms()
    {
        ToolRun table = await sample.AskAsync("stats");
        Assert.Matches("(?m)^first seen +2026-01-05 09:00:00$", table.Output);
        Assert.Matches("(?m)^sensor sample +5 batches$", table.Output);
        JsonElement status = Assert.Single((await sample.AskAsync("stats", "--json")).Json);
        Assert.Equal((await sample.AskAsync("export", "--provenance", "all")).Lines.Length, status.GetProperty("rows").GetInt64());
        Assert.Equal(5, status.GetProperty("batches_by_sensor").GetProperty("sample").GetInt64());
    }

    [Fact]
    public async Task An_export_into_a_closed_pipe_ends_quietly()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a Unix shell");
        ProcessStartInfo start = new("/bin/bash") { RedirectStandardError = true, RedirectStandardOutput = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add("dotnet \"$0\" export --store \"$1\" | true; echo ${PIPESTATUS[0]}");
        start.ArgumentList.Add(ToolRun.Dll);
        start.ArgumentList.Add(sample.Store);
        using Process bash = Process.Start(start)!;
        string output = await bash.StandardOutput.ReadToEndAsync();
        Assert.Equal("", await bash.StandardError.ReadToEndAsync());
        Assert.Equal("0\n", output);
    }

    [Fact]
    public async Task Answers_of_a_child_process_go_to_a_pipe_and_to_a_file_alike()
    {
        ToolRun piped = await ToolRun.ChildAsync("export", "--store", sample.Store);
        Assert.Equal((await sample.AskAsync("export")).Output, piped.Output);
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a Unix shell");
        using TemporaryDirectory directory = new();
        string dll = ToolRun.Dll, file = directory.At("out");
        using Process bash = Process.Start("/bin/bash", ["-c", "{ echo before; dotnet \"$0\" export --store \"$1\"; echo behind; } > \"$2\"", dll, sample.Store, file]);
        await bash.WaitForExitAsync();
        Assert.Equal("before\n" + piped.Output + "behind\n", File.ReadAllText(file));
    }
}
