using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace PassiveDns.Tool.Tests.Commands;

public sealed class ResumeTests : IDisposable
{
    private const int Copies = 25; // ends in 2032, so that 32-bit times do not wrap

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task The_same_import_twice_is_refused_without_resume_and_counts_once_with_it()
    {
        string store = _directory.At("store");
        Assert.Equal(0, (await ToolRun.InProcessAsync(ToolRun.ImportSample(store))).ExitCode);
        string before = await ExportAsync(store);

        ToolRun again = await ToolRun.InProcessAsync(ToolRun.ImportSample(store));
        Assert.Equal(3, again.ExitCode);
        Assert.Empty(again.Output);
        string line = Assert.Single(again.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("--resume", line);
        Assert.Contains("nothing is counted twice", line);
        Assert.Equal(before, await ExportAsync(store));

        ToolRun resumed = await ToolRun.InProcessAsync([.. ToolRun.ImportSample(store), "--resume", "--json"]);
        Assert.Equal(0, resumed.ExitCode);
        Assert.Equal(0, resumed.Json[0].GetProperty("batches_applied").GetInt64());
        Assert.True(resumed.Json[0].GetProperty("batches_already_applied").GetInt64() > 0);
        Assert.Equal(before, await ExportAsync(store));
    }

    [Fact]
    public async Task The_same_import_is_known_again_although_the_sensor_imported_something_else_since()
    {
        string store = _directory.At("store");
        string other = LongCapture.Write(_directory, 2);
        Assert.Equal(0, (await ToolRun.InProcessAsync(ToolRun.ImportSample(store))).ExitCode);
        Assert.Equal(0, (await ToolRun.InProcessAsync(ToolRun.ImportSample(store, other))).ExitCode);
        string before = await ExportAsync(store);
        foreach (string file in (string[])[other, Files.Sample("sample.pcapng")])
        {
            ToolRun again = await ToolRun.InProcessAsync(ToolRun.ImportSample(store, file));
            Assert.Equal(3, again.ExitCode);
            Assert.Contains("--resume", again.Error);
        }

        Assert.Equal(before, await ExportAsync(store));
    }

    [Fact]
    public async Task The_order_of_the_files_does_not_matter()
    {
        string other = LongCapture.Write(_directory, 2);
        string[] forth = ToolRun.ImportSample(_directory.At("store"));
        string[] back = ToolRun.ImportSample(_directory.At("store"), other);
        Assert.Equal(0, (await ToolRun.InProcessAsync([.. forth, other])).ExitCode);
        ToolRun again = await ToolRun.InProcessAsync([.. back, Files.Sample("sample.pcapng")]);
        Assert.Equal(3, again.ExitCode);
        Assert.Contains("--resume", again.Error);
    }

    [Theory]
    [InlineData("embedded", 5)]
    [InlineData("rocksdb", 3)]
    public async Task A_killed_import_that_is_resumed_equals_an_undisturbed_one(string engine, int rounds)
    {
        string file = LongCapture.Write(_directory, Copies);
        string whole = _directory.At("whole");
        Stopwatch watch = Stopwatch.StartNew();
        Assert.Equal(0, (await ToolRun.ChildAsync([.. ToolRun.ImportSample(whole, file), "--engine", engine])).ExitCode);
        int duration = (int)watch.ElapsedMilliseconds;
        string expected = await ExportAsync(whole);
        Random random = new();
        List<long> kept = [];
        for (int round = 0; round < rounds; round++)
        {
            string store = _directory.At($"killed{round}");
            for (int kill = 0; kill < 2; kill++)
            {
                using Process child = ToolRun.Start([.. ToolRun.ImportSample(store, file), "--resume", "--engine", engine]);
                if (round > 0) await HasBegunAsync(child, store); // in the first round anywhere, also before there is a store
                await Task.Delay(random.Next(round == 0 ? duration / 2 : duration / 4));
                child.Kill();
                await child.WaitForExitAsync();
                ToolRun status = await ToolRun.InProcessAsync("stats", "--store", store);
                Assert.True(status.ExitCode is 0 or 3, status.Error); // 3 if it was killed before there was a store
                Assert.DoesNotContain("internal error", status.Error);
            }

            ToolRun resumed = await ToolRun.ChildAsync([.. ToolRun.ImportSample(store, file), "--resume", "--engine", engine, "--json"]);
            Assert.True(resumed.ExitCode == 0, resumed.Error);
            JsonElement account = Assert.Single(resumed.Json);
            ImportAccount.AssertConserved(account);
            kept.Add(account.GetProperty("batches_already_applied").GetInt64());
            Assert.Equal(expected, await ExportAsync(store));
        }

        TestContext.Current.SendDiagnosticMessage("batches that survived the kills: {0}", string.Join(", ", kept));
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task A_signal_ends_an_import_in_order_and_tells_how_to_go_on(string signal)
    {
        Assert.SkipUnless(RuntimeInformation.IsOSPlatform(OSPlatform.Linux) || RuntimeInformation.IsOSPlatform(OSPlatform.OSX), "signals are of Unix");
        string file = LongCapture.Write(_directory, Copies);
        string store = _directory.At("store");
        for (int attempt = 0; attempt < 20; attempt++)
        {
            using Process child = ToolRun.Start([.. ToolRun.ImportSample(store, file), "--resume"]);
            Task<string> output = child.StandardOutput.ReadToEndAsync();
            Task<string> error = child.StandardError.ReadToEndAsync();
            await HasBegunAsync(child, store);
            await Task.Delay(attempt);
            using (Process kill = Process.Start("kill", ["-" + signal, child.Id.ToString()])) await kill.WaitForExitAsync();
            await child.WaitForExitAsync();
            await output;
            if (child.ExitCode == 0)
            {
                Directory.Delete(store, recursive: true); // it was faster than the signal
                continue;
            }

            Assert.Equal(130, child.ExitCode);
            Assert.Contains("--resume", Assert.Single((await error).Split('\n', StringSplitOptions.RemoveEmptyEntries)));
            Assert.Equal(0, (await ToolRun.ChildAsync([.. ToolRun.ImportSample(store, file), "--resume"])).ExitCode);
            string whole = _directory.At("whole");
            await ToolRun.InProcessAsync(ToolRun.ImportSample(whole, file));
            Assert.Equal(await ExportAsync(whole), await ExportAsync(store));
            return;
        }

        Assert.Fail("The import was always faster than the signal.");
    }

    private static async Task HasBegunAsync(Process child, string store)
    {
        while (!child.HasExited && !File.Exists(Path.Combine(store, "MANIFEST")) && !File.Exists(Path.Combine(store, "CURRENT"))) await Task.Delay(2);
    }

    private static async Task<string> ExportAsync(string store)
    {
        ToolRun run = await ToolRun.InProcessAsync("export", "--provenance", "all", "--wire", "--store", store);
        Assert.True(run.ExitCode == 0, run.Error);
        return run.Output;
    }
}
