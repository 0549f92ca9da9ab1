using PassiveDns.Storage;
using PassiveDns.Storage.Cof;
using PassiveDns.Tool.Commands;
using PassiveDns.Tool.Output;

namespace PassiveDns.Tool.Tests.Commands;

public sealed class ExportTests(SampleStore sample) : IClassFixture<SampleStore>, IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    /// <summary>Everything that a store knows, as text.</summary>
    private static async Task<string> AllOfAsync(string store)
    {
        ToolRun run = await ToolRun.InProcessAsync("export", "--provenance", "all", "--exact", "--store", store);
        Assert.True(run.ExitCode == 0, run.Error);
        return run.Output;
    }

    [Theory]
    [InlineData("cof", "rows.ndjson")]
    [InlineData("cof", "rows.ndjson.gz")]
    [InlineData("cof", "rows.ndjson.zst")]
    [InlineData("csv", "rows.csv")]
    [InlineData("csv", "rows.csv.zst")]
    [InlineData("parquet", "rows.parquet")]
    [InlineData("batch", "rows.batch")]
    [InlineData("batch", "rows.batch.gz")]
    public async Task An_export_of_any_form_makes_the_same_store_again(string format, string name)
    {
        string file = _directory.At(name), copy = _directory.At("copy");
        string[] all = format == "batch" ? [] : ["--provenance", "all", "--exact"];
        ToolRun run = await sample.AskAsync(["export", "--format", format, "--out", file, .. all]);
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal([file], Directory.GetFiles(Path.GetDirectoryName(file)!));
        run = await ToolRun.InProcessAsync("merge", file, "--keep-witnesses", "--store", copy, "--json");
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.True(run.Json[0].GetProperty("balanced").GetBoolean());
        Assert.Equal(await AllOfAsync(sample.Store), await AllOfAsync(copy));
        run = await ToolRun.InProcessAsync("merge", file, "--keep-witnesses", "--store", copy);
        Assert.Equal((3, true), (run.ExitCode, run.Error.Contains("already merged", StringComparison.Ordinal)));
        run = await ToolRun.InProcessAsync("merge", file, "--keep-witnesses", "--resume", "--store", copy);
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal(await AllOfAsync(sample.Store), await AllOfAsync(copy));
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("batch")]
    public async Task Standard_output_and_standard_input_will_do(string format)
    {
        using MemoryStream output = new(), error = new();
        using Terminal terminal = new(output, error);
        Assert.Equal(0, await PdnsCommand.RunAsync(["export", "--format", format, "--store", sample.Store], terminal, TestContext.Current.CancellationToken));
        ToolRun run = await ToolRun.InProcessAsync(["merge", "-", "--store", _directory.At("copy")], [], input: output.ToArray());
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal(0, (await ToolRun.InProcessAsync("lookup", "www.example.com", "--provenance", "all", "--store", _directory.At("copy"))).ExitCode);
    }

    /// <summary>Interrupted after each of its pieces in turn, and gone on with: the file is that of an undisturbed export.</summary>
    [Theory]
    [InlineData("Cof", "rows")]
    [InlineData("Cof", "rows.gz")]
    [InlineData("Csv", "rows.zst")]
    [InlineData("Batch", "rows")]
    public async Task An_interrupted_export_goes_on_where_it_stopped(string word, string name)
    {
        ExportFormat format = Enum.Parse<ExportFormat>(word);
        ExportRequest request = new()
        {
            Store = sample.Store, Format = format, Out = _directory.At(name), Provenance = ProvenanceSelection.All, Fields = CofOptions.Exact, IsExact = true, Sensor = new("site"),
            RowsPerPiece = 20,
        };
        int runs = 0, code;
        do
        {
            using MemoryStream output = new(), error = new();
            using CancellationTokenSource stop = new();
            using Terminal terminal = new(output, error) { ErrorIsTerminal = true, Clock = new StoppingClock(stop, 4) };
            code = await ExportRun.RunAsync(request with { Resume = runs > 0 }, terminal, stop.Token);
            if (code == ExitCode.Interrupted)
            {
                Assert.False(File.Exists(request.Out));
                await File.AppendAllTextAsync(request.Out + ".part", "what was written behind the last note", TestContext.Current.CancellationToken);
            }
        }
        while (code == ExitCode.Interrupted && ++runs < 100);
        Assert.Equal(ExitCode.Answered, code);
        if (format != ExportFormat.Batch) Assert.True(runs > 2, $"it was interrupted {runs} times"); // one batch holds the whole sample
        Assert.Equal([request.Out], Directory.GetFiles(Path.GetDirectoryName(request.Out)!));
        ToolRun merge = await ToolRun.InProcessAsync("merge", request.Out!, "--keep-witnesses", "--store", _directory.At("copy"));
        Assert.True(merge.ExitCode == 0, merge.Error);
        Assert.Equal(await AllOfAsync(sample.Store), await AllOfAsync(_directory.At("copy")));
        ToolRun again = await sample.AskAsync("export", "--format", format.ToString(), "--out", request.Out!, "--resume");
        Assert.Contains("whole already", again.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_has_grown_since_its_batches_were_merged_is_refused()
    {
        string store = _directory.At("store"), copy = _directory.At("copy");
        await ToolRun.InProcessAsync(ToolRun.ImportSample(store));
        await ToolRun.InProcessAsync("export", "--format", "batch", "--out", _directory.At("one"), "--store", store);
        Assert.Equal(0, (await ToolRun.InProcessAsync("merge", _directory.At("one"), "--store", copy)).ExitCode);
        await ToolRun.InProcessAsync(ToolRun.ImportSample(store, LongCapture.Write(_directory, 2)));
        await ToolRun.InProcessAsync("export", "--format", "batch", "--out", _directory.At("two"), "--store", store);
        ToolRun run = await ToolRun.InProcessAsync("merge", _directory.At("two"), "--store", copy);
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("has delivered something else", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cut_file_of_batches_is_told()
    {
        string file = _directory.At("rows.batch");
        await sample.AskAsync("export", "--format", "batch", "--out", file);
        byte[] octets = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        ToolRun run = await ToolRun.InProcessAsync("merge", _directory.Write("cut", octets.AsSpan(..^10)), "--store", _directory.At("copy"));
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("CutOff", run.Error, StringComparison.Ordinal);
        run = await ToolRun.InProcessAsync("merge", file, "--resume", "--store", _directory.At("copy"));
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal(await AllOfAsync(sample.Store), await AllOfAsync(_directory.At("copy")));
    }

    [Theory]
    [InlineData("--out", "--format", "parquet")]
    [InlineData("--resume", "--resume")]
    [InlineData("--provenance", "--format", "batch", "--provenance", "all")]
    [InlineData("packed inside", "--format", "parquet", "--out", "x.parquet.gz")]
    public async Task Wrong_use_is_told(string part, params string[] arguments)
    {
        ToolRun run = await sample.AskAsync(["export", .. arguments]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(part, run.Error, StringComparison.Ordinal);
    }

    /// <summary>A clock that stops the run when it was looked at so many times: once a page.</summary>
    private sealed class StoppingClock(CancellationTokenSource stop, int looks) : TimeProvider
    {
        private int _looks;

        public override long GetTimestamp()
        {
            if (++_looks == looks) stop.Cancel();
            return base.GetTimestamp();
        }
    }
}
