using System.Text.Json;

namespace PassiveDns.Tool.Tests.Commands;

/// <summary>The verbs that work on a store as a whole, on both kinds of store.</summary>
public sealed class StoreWorkTests : IDisposable
{
    private const string Lines =
        """
        {"count":3,"time_first":1700000000,"time_last":1700000100,"rrname":"www.person.example.","rrtype":"A","bailiwick":"person.example.","rdata":["192.0.2.7"]}
        {"count":3,"time_first":1700000000,"time_last":1700000100,"rrname":"alias.example.","rrtype":"CNAME","bailiwick":"example.","rdata":["www.person.example."]}
        {"count":3,"time_first":1600000000,"time_last":1600000100,"rrname":"old.example.","rrtype":"A","bailiwick":"example.","rdata":["192.0.2.8"]}
        {"count":3,"time_first":1700000000,"time_last":1700000100,"rrname":"new.example.","rrtype":"TXT","bailiwick":"example.","rdata":["\"x\""]}

        """;

    private readonly TemporaryDirectory _directory = new();

    public static TheoryData<string> Engines => ["rocksdb", "embedded"];

    private string Store => _directory.At("store");

    public void Dispose() => _directory.Dispose();

    private async Task FillAsync(string engine)
    {
        string empty = _directory.Write("empty.json", "");
        if (engine == "embedded") await using (Storage.Embedded.EmbeddedObservationStore.Open(Store)) Assert.True(File.Exists(empty));
        ToolRun run = await ToolRun.InProcessAsync("merge", _directory.Write("rows.json", Lines), "--provenance", "verified", "--store", Store);
        Assert.True(run.ExitCode == 0, run.Error);
    }

    private Task<ToolRun> RunAsync(params string[] arguments) => ToolRun.InProcessAsync([.. arguments, "--store", Store]);

    private async Task<string[]> OwnersAsync(string? store = null) =>
        [.. (await ToolRun.InProcessAsync("export", "--provenance", "all", "--store", store ?? Store)).Json.Select(row => row.GetProperty("rrname").GetString()!)];

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_deletion_is_tried_confirmed_listed_and_outlives_a_restored_backup(string engine)
    {
        await FillAsync(engine);
        ToolRun run = await RunAsync("backup", _directory.At("backup"), "--json");
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.True(Assert.Single(run.Json).GetProperty("files").GetInt32() > 2);
        string[] delete = ["delete", "--subtree", "person.example", "--with-targets", "--note", "case 17"];
        run = await RunAsync([.. delete, "--dry-run", "--json"]);
        JsonElement would = Assert.Single(run.Json);
        Assert.Equal((0, true, 2), (run.ExitCode, would.GetProperty("dry_run").GetBoolean(), would.GetProperty("removed").GetInt32()));
        run = await RunAsync(delete);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("nothing was deleted: give --yes", run.Error);
        Assert.Equal(4, (await OwnersAsync()).Length);
        run = await RunAsync([.. delete, "--yes", "--compact"]);
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("Removed 2 rows", run.Output);
        Assert.Equal(["new.example", "old.example"], await OwnersAsync());
        run = await RunAsync("delete", "--list", "--json");
        Assert.Equal("case 17", Assert.Single(run.Json).GetProperty("note").GetString());
        Assert.Contains("case 17", (await RunAsync("delete", "--list")).Output);
        Assert.Contains("1 in force", (await RunAsync("stats")).Output);

        run = await ToolRun.InProcessAsync("restore", _directory.At("backup"), "--store", _directory.At("plain"), "--json");
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal(4, (await OwnersAsync(_directory.At("plain"))).Length);
        run = await ToolRun.InProcessAsync("restore", _directory.At("backup"), "--deletions-of", Store, "--store", _directory.At("kept"));
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("1 deletion that the backup did not know is in force", run.Output);
        Assert.Equal(["new.example", "old.example"], await OwnersAsync(_directory.At("kept")));
        run = await ToolRun.InProcessAsync("restore", _directory.At("backup"), "--store", Store);
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("is not empty", run.Error);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_retention_is_tried_and_done(string engine)
    {
        await FillAsync(engine);
        string[] retain = ["retain", "--rule", "ever name *.person.example", "--rule", "1d type TXT", "--older-than", "365d", "--at", "2023-11-20"];
        ToolRun run = await RunAsync([.. retain, "--dry-run"]);
        Assert.Contains("Would remove 2 rows of 4 rows looked at.", run.Output);
        run = await RunAsync([.. retain, "--json"]);
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal(2, Assert.Single(run.Json).GetProperty("removed").GetInt32());
        Assert.Equal(["alias.example", "www.person.example"], await OwnersAsync());
        run = await RunAsync("compact", "--json");
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.True(Assert.Single(run.Json).GetProperty("bytes_after").GetInt64() > 0);
        run = await RunAsync("verify", "--json");
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.True(Assert.Single(run.Json).GetProperty("sound").GetBoolean());
    }

    [Fact]
    public async Task Damage_is_named_by_file_and_offset_and_a_backup_of_a_running_store_is_whole()
    {
        await FillAsync("embedded");
        await using (Storage.Embedded.EmbeddedObservationStore writer = Storage.Embedded.EmbeddedObservationStore.Open(Store))
        {
            ToolRun backup = await RunAsync("backup", _directory.At("backup"), "--link");
            Assert.True(backup.ExitCode == 0, backup.Error);
            Assert.Contains("Backed up", backup.Output);
            ToolRun locked = await RunAsync("compact");
            Assert.Equal(3, locked.ExitCode);
            Assert.Contains($"is in use by process {Environment.ProcessId}", locked.Error);
        }

        string table = Directory.GetFiles(Store, "*.table").First();
        byte[] octets = await File.ReadAllBytesAsync(table);
        File.Delete(table); // a link would be damaged together with the backup
        octets[20] ^= 1;
        await File.WriteAllBytesAsync(table, octets);
        ToolRun run = await ToolRun.InProcessAsync("verify", Store);
        Assert.Equal(3, run.ExitCode);
        Assert.Contains(Path.GetFileName(table), run.Output);
        Assert.Contains("at offset 16: the checksum of a block does not fit", run.Output);
        run = await ToolRun.InProcessAsync("verify", _directory.At("backup"));
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("Sound:", run.Output);
    }

    [Theory]
    [InlineData("name what goes", "retain")]
    [InlineData("is no age", "retain", "--older-than", "soon")]
    [InlineData("is not type, provenance or name", "retain", "--rule", "30d colour red")]
    [InlineData("a star can only stand in front", "retain", "--rule", "30d name www.*")]
    [InlineData("the scope is empty", "delete", "--dry-run")]
    [InlineData("everything for ever", "delete", "--for-ever", "--yes")]
    [InlineData("give one of them", "delete", "--for-ever", "--to", "2026-01-01", "--yes")]
    [InlineData("is no domain name", "delete", "--subtree", "a..b", "--yes")]
    [InlineData("a star can only stand in front", "delete", "--subtree", "www.*", "--yes")]
    [InlineData("looks like an address", "delete", "--subtree", "192.0.2.0/24", "--yes")]
    [InlineData("is no size", "compact", "--max-rate", "fast")]
    public async Task Wrong_use_is_told(string part, params string[] arguments)
    {
        ToolRun run = await RunAsync(arguments);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(part, run.Error);
    }

    [Theory]
    [InlineData("verify")]
    [InlineData("compact")]
    [InlineData("retain", "--older-than", "1d")]
    [InlineData("delete", "--sensor", "x", "--yes")]
    [InlineData("backup", "elsewhere")]
    [InlineData("delete", "--list")]
    public async Task A_store_that_is_not_there_is_told_and_not_made(params string[] arguments)
    {
        ToolRun run = await RunAsync(arguments);
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("no such directory", run.Error);
        Assert.False(Directory.Exists(Store));
    }
}
