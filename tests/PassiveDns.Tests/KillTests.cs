using System.Diagnostics;
using System.Globalization;
using PassiveDns.Aggregation;
using PassiveDns.Storage.Embedded;
using PassiveDns.Storage.Memory;

namespace PassiveDns.Tests;

/// <summary>
/// A pipeline with a spool, killed again and again at random points while its store is down part of the time, then run to the end: the store equals that
/// of a run without kills. The environment variable <c>PDNS_TEST_KILLS</c> sets how often each is killed.
/// </summary>
public sealed class KillTests : IDisposable
{
    private static readonly int s_kills = int.Parse(Environment.GetEnvironmentVariable("PDNS_TEST_KILLS") ?? "26", CultureInfo.InvariantCulture);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_import_that_was_killed_again_and_again_equals_one_that_was_not()
    {
        await using MemoryObservationStore expected = new();
        await Sample.ImportAsync(expected, aggregation: KilledPipeline.Import);
        await KillAndFinishAsync("import", expected);
    }

    [Fact]
    public async Task A_live_pipeline_that_was_killed_again_and_again_lost_and_doubled_nothing()
    {
        await using MemoryObservationStore expected = new();
        await new PassiveDnsPipeline(new KilledPipeline.Feed(), new ResponseAggregator(KilledPipeline.Live), expected).RunAsync();
        Assert.Equal(KilledPipeline.Seconds, (await Sample.ReadAllAsync(expected)).Sum(row => row.History.Count));
        await KillAndFinishAsync("live", expected);
    }

    private async Task KillAndFinishAsync(string what, MemoryObservationStore expected)
    {
        Random random = new();
        int spooled = 0;
        for (int kill = 1; kill <= s_kills; kill++)
        {
            using Process child = Start(what, kill);
            if (kill % 8 != 0) await HasSpooledAsync(child); // else at any time, also while it starts
            await Task.Delay(random.Next(kill % 8 != 0 ? 60 : 400));
            child.Kill(); // SIGKILL
            await child.WaitForExitAsync();
            if (Spooled().Length > 0) spooled++;
        }

        using Process last = Start(what, s_kills + 1);
        string said = await last.StandardOutput.ReadToEndAsync();
        await last.WaitForExitAsync();
        Assert.True(said == "started\ncomplete\n", $"{said}{await last.StandardError.ReadToEndAsync()}");
        Assert.Empty(Spooled());
        Assert.Empty(Directory.GetFiles(Path.Combine(_folder.FullPath, "spool"), "*.damaged"));
        await using EmbeddedObservationStore store = EmbeddedObservationStore.OpenReadOnly(Path.Combine(_folder.FullPath, "store"));
        Assert.Equal(await Sample.ReadAllAsync(expected), await Sample.ReadAllAsync(store));
        TestContext.Current.SendDiagnosticMessage("{0}: {1} kills, after {2} of them there were batches in the spool", what, s_kills, spooled);
    }

    /// <summary>Waits until it is at work: something new lies in the spool.</summary>
    private async Task HasSpooledAsync(Process child)
    {
        Assert.Equal("started", await child.StandardOutput.ReadLineAsync());
        string[] before = Spooled();
        while (!child.HasExited && Spooled().All(before.Contains)) await Task.Delay(1);
    }

    private string[] Spooled()
    {
        string folder = Path.Combine(_folder.FullPath, "spool");
        return Directory.Exists(folder) ? Directory.GetFiles(folder, "*.spool") : [];
    }

    private Process Start(string what, int run)
    {
        string program = Environment.ProcessPath!;
        ProcessStartInfo start = new(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (Path.GetFileNameWithoutExtension(program) == "dotnet") start.ArgumentList.Add(typeof(KillTests).Assembly.Location);
        start.Environment[KilledPipeline.Variable] = $"{what}|{_folder.FullPath}|{run}";
        start.Environment["DOTNET_TieredPGO"] = "0"; // starts a little sooner
        return Process.Start(start)!;
    }
}
