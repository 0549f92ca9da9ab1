using System.Diagnostics;
using System.IO.Compression;
using System.Text.Json;
using ZstdSharp;

namespace PassiveDns.Tool.Tests.Commands;

/// <summary>What an import takes besides plain files: packed ones, pipes, standard input, patterns.</summary>
public sealed class ImportInputTests : IDisposable
{
    private static readonly byte[] s_sample = File.ReadAllBytes(Files.Sample("sample.pcapng"));

    private readonly TemporaryDirectory _directory = new();

    private string Store => _directory.At("store");

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("gz")]
    [InlineData("zst")]
    public async Task A_packed_capture_is_read_like_an_unpacked_one(string extension)
    {
        using MemoryStream packed = new();
        using (Stream packing = extension == "gz" ? new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true) : new CompressionStream(packed)) packing.Write(s_sample);
        await AssertSameAsync(await ToolRun.InProcessAsync([.. ToolRun.ImportSample(Store, _directory.Write("sample." + extension, packed.ToArray())), "--json"]), "");
    }

    [Fact]
    public async Task Standard_input_is_copied_with_a_word_about_its_size_and_is_the_same_import_as_the_file()
    {
        ToolRun run = await ToolRun.InProcessAsync([.. ToolRun.ImportSample(Store, "-"), "--json"], [], input: s_sample);
        await AssertSameAsync(run, "standard input: ");
        Assert.Equal("-", run.Json[0].GetProperty("files")[0].GetString());
        ToolRun again = await ToolRun.InProcessAsync(ToolRun.ImportSample(Store));
        Assert.Equal(3, again.ExitCode);
        Assert.Contains("already imported", again.Error);
    }

    [Fact]
    public async Task A_pipe_is_copied_too()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a Unix shell");
        using Process bash = new();
        bash.StartInfo = new("/bin/bash", ["-c", "file=$1; shift; dotnet \"$0\" import <(cat \"$file\") \"$@\"", ToolRun.Dll, Files.Sample("sample.pcapng"), .. ToolRun.ImportSample(Store)[2..], "--json"]);
        bash.StartInfo.Environment["TMPDIR"] = _directory.Path;
        bash.StartInfo.RedirectStandardOutput = bash.StartInfo.RedirectStandardError = true;
        bash.Start();
        Task<string> error = bash.StandardError.ReadToEndAsync();
        string output = await bash.StandardOutput.ReadToEndAsync();
        await bash.WaitForExitAsync();
        await AssertSameAsync(new(bash.ExitCode, output, await error), "copied to a temporary file");
        Assert.Empty(Directory.GetDirectories(_directory.Path, "pdns-*"));
    }

    [Fact]
    public async Task Rubbish_on_standard_input_is_refused_by_that_name()
    {
        ToolRun run = await ToolRun.InProcessAsync(["import", "-", "--store", Store], [], input: "no capture"u8.ToArray());
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("pdns: standard input: this is no capture file", run.Error);
        Assert.False(Path.Exists(Store));
    }

    [Fact]
    public async Task A_terminal_is_no_capture()
    {
        ToolRun run = await ToolRun.InProcessAsync("import", "-", "--store", Store);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("terminal", run.Error);
    }

    [Fact]
    public async Task Patterns_that_the_shell_left_alone_are_expanded()
    {
        _directory.Write("b1.pcapng", s_sample);
        _directory.Write("c1.pcapng", "no capture");
        await AssertSameAsync(await ToolRun.InProcessAsync([.. ToolRun.ImportSample(Store, _directory.At("b?.pcap*")), "--json"]), "");
        ToolRun none = await ToolRun.InProcessAsync("import", _directory.At("*.cap"), "--store", _directory.At("other"));
        Assert.Equal(3, none.ExitCode);
        Assert.Contains("no file matches", none.Error);
        ToolRun twice = await ToolRun.InProcessAsync("import", _directory.At("*1.pcapng"), _directory.At("b1.pcapng"), "--store", _directory.At("other"));
        Assert.Equal(2, twice.ExitCode);
        Assert.Contains("given twice", twice.Error);
        Assert.False(Path.Exists(_directory.At("other")));
    }

    private async Task AssertSameAsync(ToolRun run, string said)
    {
        ToolRun plain = await ToolRun.InProcessAsync([.. ToolRun.ImportSample(_directory.At("plain")), "--json"]);
        Assert.Equal(0, run.ExitCode);
        if (said.Length == 0) Assert.Empty(run.Error);
        else Assert.Contains(said, run.Error);
        JsonElement account = run.Json[0];
        Assert.Equal(plain.Json[0].GetProperty("account").ToString(), account.GetProperty("account").ToString());
    }
}
