using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace PassiveDns.Tool.Tests.Commands;

public sealed class MergeTests : IDisposable
{
    private const string Lines =
        """
        {"count":1820,"time_first":1374098930,"time_last":1374184930,"rrname":"www.example.com.","rrtype":"A","bailiwick":"example.com.","rdata":["192.0.2.7","192.0.2.9"]}
        {"rrname":"mail.example.com","rrtype":"A","rdata":"192.0.2.8","time_first":"1374098930","time_last":"1374098930"}

        """;

    private readonly TemporaryDirectory _directory = new();

    private string Store => _directory.At("store");

    public void Dispose() => _directory.Dispose();

    private Task<ToolRun> MergeAsync(params string[] more) => ToolRun.InProcessAsync(["merge", .. more, "--store", Store]);

    [Fact]
    public async Task Rows_of_another_database_are_found_and_count_once()
    {
        string file = _directory.Write("rows.json", Lines);
        ToolRun run = await MergeAsync(file, "--sensor", "dnsdb");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("Written: 2 rows in 1 batch.", run.Output);
        Assert.Contains("1 row names no bailiwick", run.Error);
        JsonElement[] rows = (await ToolRun.InProcessAsync("lookup", "*.example.com", "--provenance", "all", "--store", Store, "--json")).Json;
        Assert.Equal(["unverified", "estimated"], rows.Select(row => row.GetProperty("provenance").GetString()));
        run = await MergeAsync(file, "--sensor", "dnsdb");
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("already merged", run.Error);
        run = await MergeAsync(file, "--sensor", "dnsdb", "--resume", "--json");
        JsonElement account = Assert.Single(run.Json);
        Assert.Equal((2, true), (account.GetProperty("rows_already_applied").GetInt32(), account.GetProperty("balanced").GetBoolean()));
    }

    [Fact]
    public async Task Packed_files_and_standard_input_are_read_and_a_cut_file_is_told()
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(Encoding.UTF8.GetBytes(Lines));
        ToolRun run = await MergeAsync(_directory.Write("rows.gz", packed.ToArray()), "--provenance", "verified");
        Assert.Equal(0, run.ExitCode);
        run = await ToolRun.InProcessAsync(["merge", "-", "--store", _directory.At("other")], [], input: Encoding.UTF8.GetBytes(Lines));
        Assert.Contains("Written: 2 rows in 1 batch.", run.Output);
        run = await ToolRun.InProcessAsync("merge", _directory.Write("cut.gz", packed.ToArray().AsSpan(..^12)), "--store", _directory.At("cut"));
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("DamagedCompression", run.Error);
    }

    [Fact]
    public async Task An_exact_export_makes_the_same_export_again_and_so_does_a_store()
    {
        await ToolRun.InProcessAsync(ToolRun.ImportSample(Store));
        ToolRun export = await ToolRun.InProcessAsync("export", "--provenance", "all", "--exact", "--store", Store);
        ToolRun run = await ToolRun.InProcessAsync("merge", _directory.Write("export.json", export.Output), "--strict", "--keep-witnesses", "--store", _directory.At("copy"));
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(export.Output, (await ToolRun.InProcessAsync("export", "--provenance", "all", "--exact", "--store", _directory.At("copy"))).Output);
        run = await ToolRun.InProcessAsync("merge", "--from-store", Store, "--store", _directory.At("second"));
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(export.Output, (await ToolRun.InProcessAsync("export", "--provenance", "all", "--exact", "--store", _directory.At("second"))).Output);
    }

    [Fact]
    public async Task What_is_left_of_a_damaged_store_is_taken_and_what_is_lost_is_named()
    {
        await ToolRun.InProcessAsync(ToolRun.ImportSample(Store));
        ToolRun export = await ToolRun.InProcessAsync("export", "--provenance", "all", "--exact", "--store", Store);
        foreach (string table in Directory.GetFiles(Store, "*.table"))
        {
            byte[] octets = await File.ReadAllBytesAsync(table, TestContext.Current.CancellationToken);
            octets[^1] ^= 1; // in the footer: no block is lost
            await File.WriteAllBytesAsync(table, octets, TestContext.Current.CancellationToken);
        }

        ToolRun run = await ToolRun.InProcessAsync("merge", "--from-store", Store, "--store", _directory.At("saved"));
        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("is damaged at offset", run.Error);
        run = await ToolRun.InProcessAsync("merge", "--from-store", Store, "--salvage", "--store", _directory.At("saved"));
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("passed over: ", run.Error);
        Assert.Equal(export.Output, (await ToolRun.InProcessAsync("export", "--provenance", "all", "--exact", "--store", _directory.At("saved"))).Output);
    }

    [Theory]
    [InlineData("--salvage", "merge", "x.json", "--salvage")]
    [InlineData("name files", "merge")]
    [InlineData("--provenance", "merge", "x.json", "--provenance", "hearsay")]
    [InlineData("--provenance", "merge", "x.json", "--provenance", "zone")]
    public async Task Wrong_use_is_told(string part, params string[] arguments)
    {
        ToolRun run = await ToolRun.InProcessAsync([.. arguments, "--store", Store]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(part, run.Error);
    }
}
