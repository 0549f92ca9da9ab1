using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace PassiveDns.Tool.Tests.Commands;

public sealed class ZoneTests : IDisposable
{
    private const string Zone = """
        $ORIGIN example.
        $TTL 3600
        @ SOA ns.nic hostmaster 1 7200 3600 1209600 300
        shop NS ns1.hoster.test.
         NS ns2.hoster.test.
         86400 DS 12345 13 2 ( 0123456789abcdef0123456789abcdef
            0123456789abcdef0123456789abcdef )
        glue.shop A 192.0.2.1
        """;

    private readonly TemporaryDirectory _directory = new();

    private string Store => _directory.At("store");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_zone_is_kept_with_its_time_and_counts_once()
    {
        string file = _directory.Write("example.zone", Zone);
        ToolRun run = await ImportAsync(file, "2026-01-05");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("Written: 4 rows in 1 batch.", run.Output);
        Assert.Contains("The account is balanced", run.Output);
        run = await ImportAsync(file, "2026-01-05");
        Assert.Contains("Written: 0 rows in 0 batches. Counted by an earlier run: 4 rows in 1 batch.", run.Output);
        JsonElement row = Assert.Single((await ToolRun.InProcessAsync("lookup", "shop.example", "--type", "NS", "--store", Store, "--json")).Json);
        Assert.Equal(["ns1.hoster.test.", "ns2.hoster.test."], row.GetProperty("rdata").EnumerateArray().Select(data => data.GetString()!));
        Assert.Equal((1_767_571_200, 1_767_571_200, 1, "example"), (
            row.GetProperty("zone_time_first").GetInt64(), row.GetProperty("zone_time_last").GetInt64(), row.GetProperty("count").GetInt64(), row.GetProperty("bailiwick").GetString()));
    }

    [Fact]
    public async Task Two_snapshots_give_the_time_between_first_and_last()
    {
        await ImportAsync(_directory.Write("a.zone", Zone), "2026-01-05");
        await ImportAsync(_directory.Write("b.zone", Zone.Replace("ns2.hoster", "ns3.hoster", StringComparison.Ordinal)), "2026-01-06");
        JsonElement[] sets = (await ToolRun.InProcessAsync("lookup", "shop.example", "--type", "NS", "--store", Store, "--json")).Json;
        Assert.Equal(2, sets.Length);
        JsonElement glue = Assert.Single((await ToolRun.InProcessAsync("names", "--ip", "192.0.2.1", "--store", Store, "--json")).Json);
        Assert.Equal((1_767_571_200, 1_767_657_600, 2), (
            glue.GetProperty("zone_time_first").GetInt64(), glue.GetProperty("zone_time_last").GetInt64(), glue.GetProperty("count").GetInt64()));
    }

    [Fact]
    public async Task A_packed_file_gives_the_same_rows_and_its_account_as_JSON()
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(Encoding.UTF8.GetBytes(Zone));
        ToolRun run = await ImportAsync(_directory.Write("example.zone.gz", packed.ToArray()), "1767571200", "--json");
        JsonElement account = Assert.Single(run.Json);
        Assert.Equal((4, 4, true, 1_767_571_200), (
            account.GetProperty("rows").GetInt32(), account.GetProperty("rows_applied").GetInt32(), account.GetProperty("balanced").GetBoolean(), account.GetProperty("time").GetInt64()));
    }

    [Fact]
    public async Task Faults_are_named_and_the_rest_is_kept()
    {
        ToolRun run = await ImportAsync(_directory.Write("example.zone", Zone + "\nbad A 192.0.2\ngood A 192.0.2.2\n"), "2026-01-05");
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("example.zone:9:7: malformed rdata", run.Error);
        Assert.Contains("Written: 5 rows", run.Output);
    }

    [Theory]
    [InlineData("--origin", "a..b")]
    [InlineData("--at", "yesterday")]
    [InlineData("--sensor", "no name")]
    public async Task Wrong_use_is_explained(string option, string value)
    {
        ToolRun run = await ToolRun.InProcessAsync(
            ["zone", _directory.Write("z", Zone), "--store", Store, .. option == "--origin" ? (string[])[] : ["--origin", "example"], option, value]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(option, Assert.Single(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)));
        Assert.False(Directory.Exists(Store));
    }

    [Fact]
    public async Task A_file_without_a_record_of_the_zone_is_a_failure()
    {
        ToolRun run = await ToolRun.InProcessAsync("zone", _directory.Write("z", Zone), "--origin", "other", "--store", Store);
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("is --origin right?", run.Error);
    }

    private Task<ToolRun> ImportAsync(string file, string at, params string[] more) =>
        ToolRun.InProcessAsync(["zone", file, "--origin", "example", "--at", at, "--sensor", "registry", "--store", Store, .. more]);
}
