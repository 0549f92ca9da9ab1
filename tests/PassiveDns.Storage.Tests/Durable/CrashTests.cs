using System.Diagnostics;
using System.Globalization;
namespace PassiveDns.Storage.Tests;

public sealed class CrashTests : IDisposable
{
    private readonly StoreDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task What_was_acknowledged_is_there_exactly_once_after_the_writer_was_killed()
    {
        string path = _directory.Next();
        Random random = new(7);
        ulong sequence = 0;
        int rounds = int.TryParse(Environment.GetEnvironmentVariable("PDNS_TEST_CRASH_ROUNDS"), out int asked) ? asked : TestedStore.CrashRounds;
        for (int round = 0; round < rounds; round++)
        {
            ulong acknowledged = await WriteUntilKilled(path, sequence, random);
            await using IObservationStore store = TestedStore.Open(path);
            sequence = (await store.GetLastBatchAsync(new("crash")))!.Value.Sequence;
            Assert.InRange(sequence, acknowledged, acknowledged + 1); // the one being written may have come through
            Assert.Equal(WriteResult.AlreadyApplied, await store.WriteAsync(CrashWriter.Batch(acknowledged)));

            foreach (QueryAnchor anchor in new[] { new QueryAnchor.Everything(), QueryAnchor.Network(System.Net.IPNetwork.Parse("10.0.0.0/8")) })
            {
                List<Observation> rows = (await Answer.ReadAsync(store, anchor)).Rows;
                Assert.Equal(CrashWriter.Rows, rows.Count);
                Assert.All(rows, row => Assert.Equal((long)sequence, row.History.Count));
            }
        }
    }

    private static async Task<ulong> WriteUntilKilled(string path, ulong from, Random random)
    {
        using Process writer = Process.Start(StartInfo(path))!;
        ulong acknowledged = from;
        ulong enough = from + (ulong)random.Next(5, 40);
        while (acknowledged < enough && await writer.StandardOutput.ReadLineAsync() is { } line) acknowledged = ulong.Parse(line, CultureInfo.InvariantCulture);
        await Task.Delay(random.Next(12)); // somewhere between and within writes
        writer.Kill(); // SIGKILL
        string rest = await writer.StandardOutput.ReadToEndAsync();
        await writer.WaitForExitAsync();
        foreach (string line in rest.Split('\n', StringSplitOptions.RemoveEmptyEntries)) acknowledged = ulong.Parse(line, CultureInfo.InvariantCulture);
        Assert.True(acknowledged >= enough, $"the writer ended at {acknowledged} by itself: {await writer.StandardError.ReadToEndAsync()}");
        return acknowledged;
    }

    private static ProcessStartInfo StartInfo(string path)
    {
        string program = Environment.ProcessPath!;
        ProcessStartInfo start = new(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (Path.GetFileNameWithoutExtension(program) == "dotnet") start.ArgumentList.Add(typeof(CrashWriter).Assembly.Location);
        start.Environment[CrashWriter.Variable] = path;
        return start;
    }
}
