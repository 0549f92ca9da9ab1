using System.Text.Json;

namespace PassiveDns.Tool.Tests.Commands;

public sealed class ImportFailureTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private static readonly byte[] s_sample = File.ReadAllBytes(Files.Sample("sample.pcapng"));

    private string Store => _directory.At("store");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public Task A_missing_file_is_refused() => AssertRefusedAsync(_directory.At("missing.pcap"));

    [Fact]
    public Task An_empty_file_is_refused() => AssertRefusedAsync(_directory.Write("empty.pcap", ""));

    [Fact]
    public Task A_text_is_refused() => AssertRefusedAsync(_directory.Write("notes.txt", "These are my notes, and no packets.\n"));

    [Fact]
    public Task A_directory_is_refused() => AssertRefusedAsync(Directory.CreateDirectory(_directory.At("captures")).FullName);

    [Fact]
    public Task Damaged_gzip_is_refused() => AssertRefusedAsync(_directory.Write("damaged.pcap.gz", [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]));

    [Fact]
    public Task Another_compression_is_refused() => AssertRefusedAsync(_directory.Write("capture.pcap.xz", [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00, 0, 0]));

    [Fact]
    public Task An_unknown_link_type_is_refused() => AssertRefusedAsync(_directory.Write(
        "user0.pcap", [0xD4, 0xC3, 0xB2, 0xA1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0, 147, 0, 0, 0]));

    [Fact]
    public Task Of_several_files_the_bad_one_is_named() => AssertRefusedAsync(_directory.Write("b.pcap", "no capture"), Files.Sample("sample.pcapng"));

    [Theory]
    [InlineData("resolvers")]
    [InlineData("root-hints")]
    public async Task A_missing_list_is_named(string option)
    {
        ToolRun run = await ToolRun.InProcessAsync("import", Files.Sample("sample.pcapng"), "--" + option, _directory.At("missing"), "--store", Store);
        AssertOneLine(run, _directory.At("missing"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(30)]
    [InlineData(333)]
    [InlineData(100_000)]
    [InlineData(-1)]
    [InlineData(-20)]
    [InlineData(-77_777)]
    public async Task Of_a_file_that_was_cut_the_part_before_is_kept_and_counted(int length)
    {
        string file = _directory.Write("cut.pcapng", s_sample.AsSpan(0, length < 0 ? s_sample.Length + length : length));
        ToolRun run = await ToolRun.InProcessAsync([.. ToolRun.ImportSample(Store, file), "--json"]);
        AssertOneLine(run, "cut.pcapng");
        if (run.Output.Length == 0)
        {
            Assert.False(Path.Exists(Store)); // not even the header was whole
            return;
        }

        JsonElement account = Assert.Single(run.Json);
        ImportAccount.AssertConserved(account);
        Assert.InRange(account.GetProperty("packets").GetInt64(), 0, 1439);
        Assert.Equal(file, account.GetProperty("damage")[0].GetProperty("file").GetString());
        Assert.InRange(account.GetProperty("damage")[0].GetProperty("offset").GetInt64(), 0, s_sample.Length);
        if (account.GetProperty("rows_applied").GetInt64() > 0) Assert.NotEmpty((await ToolRun.InProcessAsync("export", "--store", Store)).Lines);
    }

    [Fact]
    public async Task Damage_is_told_with_the_path_that_was_given()
    {
        string first = _directory.Write(Path.Combine("monday", "a.pcapng"), s_sample), second = _directory.Write(Path.Combine("tuesday", "a.pcapng"), s_sample.AsSpan(0, 100_000));
        ToolRun run = await ToolRun.InProcessAsync([.. ToolRun.ImportSample(Store, first), second]);
        AssertOneLine(run, second);
        ToolRun piped = await ToolRun.InProcessAsync([.. ToolRun.ImportSample(_directory.At("piped"), "-"), "--json"], [], input: s_sample[..100_000]);
        Assert.Equal("-", piped.Json[0].GetProperty("files")[0].GetString());
        Assert.Equal("standard input", piped.Json[0].GetProperty("damage")[0].GetProperty("file").GetString());
    }

    [Fact]
    public async Task Flipped_octets_never_end_in_a_trace()
    {
        Random random = new(20260105);
        for (int round = 0; round < 12; round++)
        {
            byte[] content = [.. s_sample];
            for (int i = 0; i < 1 << round; i++) content[random.Next(24, content.Length)] ^= (byte)(1 << random.Next(8));
            string store = _directory.At($"store{round}");
            ToolRun run = await ToolRun.InProcessAsync([.. ToolRun.ImportSample(store, _directory.Write("flipped.pcapng", content)), "--json"]);
            Assert.DoesNotContain("internal error", run.Error);
            if (run.ExitCode == 0) Assert.Empty(run.Error);
            else AssertOneLine(run, "flipped.pcapng");
            if (run.Output.Length > 0) ImportAccount.AssertConserved(Assert.Single(run.Json));
        }
    }

    private async Task AssertRefusedAsync(params string[] files)
    {
        ToolRun run = await ToolRun.InProcessAsync(["import", .. files, "--store", Store]);
        Assert.Empty(run.Output);
        AssertOneLine(run, files[0]);
        Assert.False(Path.Exists(Store));
    }

    private static void AssertOneLine(ToolRun run, string named)
    {
        Assert.Equal(3, run.ExitCode);
        string line = Assert.Single(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("pdns: ", line);
        Assert.Contains(named, line);
        Assert.DoesNotContain("internal error", line);
    }
}
