using System.Text.Json;

namespace PassiveDns.Tool.Tests.Commands;

/// <summary>What an import knows beforehand and leaves behind beside the rows: delegations and chaff.</summary>
public sealed class ImportKnowledgeTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    private async Task<ToolRun> ImportAsync(string store, params string[] more) =>
        await ToolRun.InProcessAsync([.. ToolRun.ImportSample(_directory.At(store)), "--json", .. more]);

    [Fact]
    public async Task What_one_import_has_learnt_lets_the_next_one_verify_from_the_start()
    {
        string learnt = _directory.At("learnt");
        ToolRun cold = await ImportAsync("cold", "--save-delegations", learnt);
        Assert.Equal(0, cold.ExitCode);
        Assert.Equal([learnt], Directory.GetFiles(_directory.Path));
        ToolRun warm = await ImportAsync("warm", "--delegations", learnt);
        Assert.Equal(0, warm.ExitCode);
        Assert.True(warm.Json[0].GetProperty("verified_share").GetDouble() >= cold.Json[0].GetProperty("verified_share").GetDouble());
        Assert.NotEqual(cold.Json[0].GetProperty("epoch").GetString(), warm.Json[0].GetProperty("epoch").GetString());
        Assert.Contains("already imported", (await ImportAsync("warm", "--delegations", learnt)).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_delegation_cache_is_refused_before_the_store_is_made()
    {
        ToolRun run = await ImportAsync("store", "--delegations", _directory.Write("bad", "no such thing"));
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("This is no delegation cache", Assert.Single(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_directory.At("store")));
    }

    [Theory]
    [InlineData("learnt", "./learnt")]
    [InlineData("learnt", "")]
    public async Task A_file_to_write_that_cannot_be_meant_is_refused(string known, string save)
    {
        string target = save.Length == 0 ? "" : Path.Combine(_directory.Path, save);
        ToolRun run = await ImportAsync("store", "--delegations", _directory.At(known), "--save-delegations", target);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("--save-delegations", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chaff_goes_into_a_store_of_its_own()
    {
        ToolRun plain = await ImportAsync("plain");
        ToolRun apart = await ImportAsync("main", "--chaff", _directory.At("chaff"));
        Assert.Equal(0, apart.ExitCode);
        ImportAccount.AssertConserved(apart.Json[0]);
        JsonElement[] all = (await ToolRun.InProcessAsync("export", "--store", _directory.At("plain"), "--provenance", "all")).Json;
        JsonElement[] kept = (await ToolRun.InProcessAsync("export", "--store", _directory.At("main"), "--provenance", "all")).Json;
        JsonElement[] chaff = (await ToolRun.InProcessAsync("export", "--store", _directory.At("chaff"), "--provenance", "all")).Json;
        Assert.Equal(0, plain.ExitCode);
        Assert.DoesNotContain(kept, row => row.GetProperty("provenance").GetString() == "unverified");
        Assert.Equal(all.Count(row => row.GetProperty("provenance").GetString() != "unverified"), kept.Length);
        Assert.All(chaff, row => Assert.Equal("unverified", row.GetProperty("provenance").GetString()));
    }

    /// <summary>What is not there is never in the store; beside it, it tells a record that was denied from one that nobody asked for.</summary>
    [Fact]
    public async Task Denials_that_an_import_wrote_make_absent_of_unknown()
    {
        string denials = _directory.At("denials");
        Assert.Equal(0, (await ImportAsync("store", "--negatives", denials)).ExitCode);
        Assert.Equal(["unknown", "absent"], [await DmarcAsync(), await DmarcAsync("--negatives", denials)]);

        async Task<string?> DmarcAsync(params string[] more)
        {
            ToolRun run = await ToolRun.InProcessAsync(["mail", "bakery.example", "--store", _directory.At("store"), "--json", .. more]);
            return run.Json[0].GetProperty("dmarc").GetProperty("state").GetString();
        }
    }
}
