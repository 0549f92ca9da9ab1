using System.Text.Json;
using System.Xml.Linq;

namespace PassiveDns.Tool.Tests.Commands;

/// <summary><c>pdns history</c> on the sample world, whose README tells where each name was hosted.</summary>
public class HistoryTests(SampleStore sample) : IClassFixture<SampleStore>
{
    [Fact]
    public async Task A_chart_of_a_day_tells_the_hours()
    {
        using TemporaryDirectory directory = new();
        ToolRun run = await sample.AskAsync("history", "mail.brand.example", "--at", "2026-02-10", "--svg", directory.At("day.svg"));
        Assert.Contains("2026-02-10 00:00", run.Lines[1], StringComparison.Ordinal);
        Assert.EndsWith("2026-02-10 21:40", run.Lines[1], StringComparison.Ordinal);
        string svg = await File.ReadAllTextAsync(directory.At("day.svg"), TestContext.Current.CancellationToken);
        Assert.Contains(">2026-02-10 21:40</text>", svg, StringComparison.Ordinal);
        Assert.Contains("203.0.113.201: 2026-02-10 03:12 to 2026-02-10 03:12", svg, StringComparison.Ordinal);
        Assert.DoesNotContain("00:00", (await sample.AskAsync("history", "mail.brand.example")).Lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_move_is_two_runs_with_the_time_between_them()
    {
        ToolRun run = await sample.AskAsync("history", "www.example.com", "--json");
        JsonElement[] runs = [.. run.Json.Where(line => line.TryGetProperty("begin", out _) && line.GetProperty("rrtype").GetString() == "A")];
        Assert.Equal(["192.0.2.80", "198.51.100.80"], runs.Select(line => line.GetProperty("rdata")[0].GetString()));
        Assert.Equal("2026-01-05", Day(runs[1].GetProperty("begin").GetProperty("after")));
        Assert.Equal("2026-02-09", Day(runs[1].GetProperty("begin").GetProperty("by")));
        JsonElement instability = run.Json.Single(line => line.TryGetProperty("instability", out _)).GetProperty("instability");
        Assert.Equal((1, 4), (instability.GetProperty("changes").GetInt32(), instability.GetProperty("prefixes").GetInt32()));
        Assert.Equal(4, instability.GetProperty("guards").GetArrayLength());
        Assert.Equal("exact", run.Json[^1].GetProperty("answer").GetProperty("completeness").GetString());
    }

    [Fact]
    public async Task A_hijack_of_a_day_stands_between_two_runs_of_the_right_address()
    {
        ToolRun run = await sample.AskAsync("history", "mail.brand.example", "--json");
        Assert.Equal(
            ["198.51.100.91", "203.0.113.201", "198.51.100.91"],
            run.Json.Where(line => line.TryGetProperty("begin", out _) && line.GetProperty("rrtype").GetString() == "A").Select(line => line.GetProperty("rdata")[0].GetString()));
    }

    [Theory]
    [InlineData(60)]
    [InlineData(120)]
    public async Task The_drawing_fits_the_screen_and_is_coloured_only_there(int width)
    {
        ToolRun screen = await ToolRun.InProcessAsync(["history", "www.example.org", "--store", sample.Store], [], isTerminal: true, width: width);
        string[] drawn = [.. screen.Lines.Where(line => line.Contains('█', StringComparison.Ordinal))];
        Assert.NotEmpty(drawn);
        Assert.All(drawn, line => Assert.True(System.Text.RegularExpressions.Regex.Replace(line, "\u001b\\[[0-9]*m", "").Length <= width, line));
        Assert.Contains("\u001b[", drawn[0], StringComparison.Ordinal);
        ToolRun file = await sample.AskAsync("history", "www.example.org");
        Assert.DoesNotContain("\u001b[", file.Output, StringComparison.Ordinal);
        Assert.Contains("█", file.Output, StringComparison.Ordinal);
        Assert.Contains("recurring pool", file.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_timeline_is_drawn_into_a_file_as_well()
    {
        using TemporaryDirectory directory = new();
        ToolRun run = await sample.AskAsync("history", "www.example.com", "--svg", directory.At("history.svg"));
        Assert.Equal(0, run.ExitCode);
        XDocument svg = XDocument.Load(directory.At("history.svg"));
        Assert.Equal("svg", svg.Root!.Name.LocalName);
        Assert.Contains("198.51.100.80", svg.ToString(), StringComparison.Ordinal);
        Assert.False(File.Exists(directory.At("history.svg.part")));
    }

    [Theory]
    [InlineData(1, "nothing known", "history", "nobody.example")]
    [InlineData(2, "one name", "history", "*.example.com")]
    [InlineData(2, "is no name", "history", "a..b")]
    [InlineData(2, "--svg", "history", "www.example.com", "--svg", "")]
    [InlineData(3, "--svg", "history", "www.example.com", "--svg", "/nowhere/at/all.svg")]
    public async Task What_is_not_known_or_not_meant_is_said(int exitCode, string part, params string[] arguments)
    {
        ToolRun run = await sample.AskAsync(arguments);
        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains(part, run.Error, StringComparison.Ordinal);
    }

    private static string Day(JsonElement time) => DateTimeOffset.FromUnixTimeSeconds(time.GetInt64()).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
