using PassiveDns.Storage;
using PassiveDns.Storage.Embedded;
using PassiveDns.Storage.RocksDb;

namespace PassiveDns.Tool.Tests.Commands;

public sealed class StoreFailureTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public static TheoryData<string> Questions() => ["lookup www.example.com", "names --ip 192.0.2.80", "export", "stats"];

    public void Dispose() => _directory.Dispose();

    [Theory]
    [MemberData(nameof(Questions))]
    public async Task A_question_to_a_directory_that_does_not_exist_makes_none(string question)
    {
        string store = _directory.At("missing");
        AssertOneLine(await ToolRun.InProcessAsync([.. question.Split(' '), "--store", store]), store);
        Assert.False(Path.Exists(store));
    }

    [Theory]
    [MemberData(nameof(Questions))]
    public async Task A_question_to_an_empty_directory_leaves_it_empty(string question)
    {
        string store = Directory.CreateDirectory(_directory.At("empty")).FullName;
        AssertOneLine(await ToolRun.InProcessAsync([.. question.Split(' '), "--store", store]), store);
        Assert.Empty(Directory.GetFileSystemEntries(store));
    }

    [Theory]
    [InlineData("stats")]
    [InlineData("import")]
    public async Task A_foreign_directory_is_left_alone(string verb)
    {
        string store = Directory.CreateDirectory(_directory.At("photos")).FullName;
        _directory.Write("photos/holiday.jpg", "not ours");
        string[] arguments = verb == "import" ? ToolRun.ImportSample(store) : [verb, "--store", store];
        AssertOneLine(await ToolRun.InProcessAsync(arguments), store);
        Assert.Equal([_directory.At("photos/holiday.jpg")], Directory.GetFileSystemEntries(store));
    }

    [Theory]
    [InlineData("stats")]
    [InlineData("import")]
    public async Task A_file_is_no_store(string verb)
    {
        string store = _directory.Write("file", "not ours");
        AssertOneLine(await ToolRun.InProcessAsync(verb == "import" ? ToolRun.ImportSample(store) : [verb, "--store", store]), store);
        Assert.Equal("not ours", File.ReadAllText(store));
    }

    [Theory]
    [InlineData("embedded")]
    [InlineData("rocksdb")]
    public async Task A_store_in_use_is_told_and_can_still_be_asked(string engine)
    {
        string store = _directory.At("store");
        Assert.Equal(0, (await ToolRun.InProcessAsync([.. ToolRun.ImportSample(store), "--engine", engine])).ExitCode);
        await using IObservationStore other = engine == "rocksdb" ? RocksDbObservationStore.Open(store) : EmbeddedObservationStore.Open(store);
        ToolRun import = await ToolRun.ChildAsync([.. ToolRun.ImportSample(store), "--resume"]);
        AssertOneLine(import, store);
        Assert.Contains("in use", import.Error);
        Assert.Equal(0, (await ToolRun.ChildAsync("lookup", "www.example.com", "--store", store)).ExitCode);
    }

    [Fact]
    public async Task A_directory_that_may_not_be_written_is_told()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux has a directory in which not even its administrator may write");
        const string parent = "/sys";
        AssertOneLine(await ToolRun.InProcessAsync(ToolRun.ImportSample(Path.Combine(parent, "store"))), parent);
    }

    [Fact]
    public async Task Nothing_known_is_exit_code_1()
    {
        string store = _directory.At("store");
        await ToolRun.InProcessAsync(ToolRun.ImportSample(store));
        string[] questions =
        [
            "lookup nowhere.example", "lookup www.example.com --type LOC", "names --ip 192.0.2.255", "names --ns nowhere.example",
            "lookup www.example.com --to 2025-12-31", "export --provenance probe",
        ];
        foreach (string question in questions)
        {
            ToolRun run = await ToolRun.InProcessAsync([.. question.Split(' '), "--store", store]);
            Assert.Equal(1, run.ExitCode);
            Assert.Empty(run.Output);
            Assert.StartsWith("pdns: nothing", Assert.Single(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)));
        }
    }

    private static void AssertOneLine(ToolRun run, string named)
    {
        Assert.Equal(3, run.ExitCode);
        Assert.Empty(run.Output);
        string line = Assert.Single(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("pdns: ", line);
        Assert.Contains(named, line);
        Assert.DoesNotContain("internal error", line);
    }
}
