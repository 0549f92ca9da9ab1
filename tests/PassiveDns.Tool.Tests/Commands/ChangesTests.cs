using System.Text.Json;

namespace PassiveDns.Tool.Tests.Commands;

/// <summary><c>pdns changes</c> on the sample world, whose README tells what changed when.</summary>
public class ChangesTests(SampleStore sample) : IClassFixture<SampleStore>
{
    private static readonly string[] s_february = ["--from", "2026-02-09", "--to", "2026-02-12"];

    [Fact]
    public async Task A_hijack_and_its_end_are_told_with_their_bounds()
    {
        ToolRun run = await sample.AskAsync(["changes", "--under", "brand.example", .. s_february, "--json"]);
        JsonElement[] changes = [.. Changes(run).Where(change => change.GetProperty("rrtype").GetString() == "A" && change.GetProperty("name").GetString() == "mail.brand.example")];
        Assert.Equal(["replaced", "reverted"], changes.Select(change => change.GetProperty("kind").GetString()));
        Assert.Equal("203.0.113.201", changes[0].GetProperty("after")[0].GetString());
        Assert.Equal((1770645601, 1770693120), (changes[0].GetProperty("time").GetProperty("after").GetInt64(), changes[0].GetProperty("time").GetProperty("by").GetInt64()));
        Assert.Equal(1, changes[0].GetProperty("confidence").GetDouble());
        Assert.Equal(2, changes[0].GetProperty("evidence").GetArrayLength());
    }

    [Fact]
    public async Task A_move_changes_the_delegation_and_what_came_to_an_address_is_found_from_there()
    {
        ToolRun moved = await sample.AskAsync(["changes", "--name", "garage.example", .. s_february, "--json"]);
        Assert.Equal(["apex", "parent"], Changes(moved).Where(change => change.GetProperty("kind").GetString() == "delegation_changed").Select(change => change.GetProperty("side").GetString()).Order());
        Assert.Contains(Changes(moved), change => change.GetProperty("kind").GetString() == "mail_auth_changed");
        ToolRun address = await sample.AskAsync(["changes", "--ip", "203.0.113.201", .. s_february, "--json"]);
        Assert.Equal(
            ["mail.brand-login.example", "mail.brand.example", "www.brand-login.example", "www.xn--brnd-moa.example"], Changes(address).Select(change => change.GetProperty("name").GetString()!).Distinct().Order(StringComparer.Ordinal));
        ToolRun server = await sample.AskAsync(["changes", "--server", "ns1.skyrack.example", .. s_february, "--json"]);
        Assert.Contains(Changes(server), change => change.GetProperty("name").GetString() == "garage.example");
    }

    [Fact]
    public async Task Without_a_scope_the_index_tells_the_names_and_a_watch_list_takes_some_of_them()
    {
        using TemporaryDirectory directory = new();
        await File.WriteAllTextAsync(directory.At("names.txt"), "# the brand\n*.brand.example MX,TXT\ngarage.example\n", TestContext.Current.CancellationToken);
        ToolRun all = await sample.AskAsync(["changes", "--from", "2026-02-10T03:00", "--to", "2026-02-10T04:00", "--json"]);
        Assert.Contains(Changes(all), change => change.GetProperty("name").GetString() == "mail.brand.example");
        ToolRun watched = await sample.AskAsync(["changes", "--watchlist", directory.At("names.txt"), .. s_february, "--json"]);
        Assert.Equal(["brand.example", "garage.example"], Changes(watched).Select(change => string.Join('.', change.GetProperty("name").GetString()!.Split('.')[^2..])).Distinct());
    }

    [Fact]
    public async Task What_servers_deny_makes_a_removal_sure()
    {
        using TemporaryDirectory directory = new();
        ToolRun import = await ToolRun.InProcessAsync([.. ToolRun.ImportSample(directory.At("store")), "--negatives", directory.At("negatives")]);
        Assert.True(import.ExitCode == 0, import.Error);
        ToolRun run = await ToolRun.InProcessAsync("changes", "--under", "choir.example", "--from", "2026-02-09", "--negatives", directory.At("negatives"), "--store", directory.At("store"), "--json");
        JsonElement gone = Changes(run).First(change => change.GetProperty("name").GetString() == "www.choir.example" && change.GetProperty("rrtype").GetString() == "A");
        Assert.Equal(("removed", JsonValueKind.Null), (gone.GetProperty("kind").GetString(), gone.GetProperty("after").ValueKind));
        Assert.InRange(gone.GetProperty("confidence").GetDouble(), 0.99, 1);
        Assert.Equal("2026-03-20", DateTimeOffset.FromUnixTimeSeconds(gone.GetProperty("denials")[0].GetProperty("time_first").GetInt64()).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
        ToolRun history = await ToolRun.InProcessAsync("history", "www.choir.example", "--negatives", directory.At("negatives"), "--store", directory.At("store"));
        Assert.Contains("not there", history.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task People_get_a_table()
    {
        ToolRun run = await sample.AskAsync(["changes", "--under", "brand.example", .. s_february]);
        Assert.Contains("reverted", run.Output, StringComparison.Ordinal);
        Assert.Contains("2026-02-10 03:12:00", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "nothing known", "--under", "nobody.example")]
    [InlineData(2, "exclude each other", "--under", "a.example", "--ip", "192.0.2.1")]
    [InlineData(2, "--ip", "--ip", "192.0.2.0/33")]
    [InlineData(2, "--under", "--under", "a..b")]
    [InlineData(2, "0 to 1", "--min-removal", "2")]
    [InlineData(2, "is no number", "--min-removal", "very")]
    [InlineData(2, "--type", "--type", "NOSUCH")]
    [InlineData(2, "later than", "--from", "2026-01-02", "--to", "2026-01-01")]
    [InlineData(3, "--watchlist", "--watchlist", "/nowhere/names.txt")]
    [InlineData(3, "--negatives", "--negatives", "/nowhere/negatives")]
    public async Task What_is_not_known_or_not_meant_is_said(int exitCode, string part, params string[] arguments)
    {
        ToolRun run = await sample.AskAsync(["changes", .. arguments]);
        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains(part, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("good.example\nbad..name\n", "line 2")]
    [InlineData("www.*\n", "not NAME.*")]
    [InlineData("# nothing\n", "no name in it")]
    public async Task A_watch_list_of_another_form_is_named(string content, string part)
    {
        using TemporaryDirectory directory = new();
        await File.WriteAllTextAsync(directory.At("names.txt"), content, TestContext.Current.CancellationToken);
        ToolRun run = await sample.AskAsync("changes", "--watchlist", directory.At("names.txt"));
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(part, run.Error, StringComparison.Ordinal);
    }

    private static JsonElement[] Changes(ToolRun run) => run.Json[..^1];
}
