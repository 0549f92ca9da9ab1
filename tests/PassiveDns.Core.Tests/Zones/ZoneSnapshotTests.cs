using System.Text;

namespace PassiveDns.Tests;

public class ZoneSnapshotTests
{
    private const long Time = 1_763_900_000;
    private static readonly ZoneSnapshotOptions s_options = new() { Sensor = new("zones"), Time = Time, Epoch = 7 };

    [Fact]
    public async Task Records_become_sets_with_the_zone_as_bailiwick()
    {
        (List<string> rows, ZoneSnapshot snapshot) = await Read(
            "$TTL 60\n@ SOA . . 1 2 3 4 5\nb NS ns2.test.\nb 30 NS ns1.test.\nns1.b A 192.0.2.1\nc CH TXT x\nb IN NS NS1.test.\n", s_options);
        Assert.Equal(
            ["example. SOA/1 60-60 [. . 1 2 3 4 5]", "b.example. NS/1 30-60 [ns1.test. ns2.test.]", "ns1.b.example. A/1 60-60 [192.0.2.1]"], rows);
        Assert.Equal((4, 1, 1), (snapshot.Records[ZoneRecordFate.Observed], snapshot.Records[ZoneRecordFate.Duplicate], snapshot.Records[ZoneRecordFate.NotInternet]));
        Assert.Equal(6, snapshot.Records.Total);
        Assert.False(snapshot.MayHaveSplitRrsets);
    }

    [Fact]
    public async Task A_zone_gives_the_same_rows_in_any_order_of_its_lines()
    {
        List<string> lines = [];
        for (int i = 0; i < 300; i++) lines.AddRange([$"n{i} 1 NS a.test.", $"n{i} 2 NS b.test.", $"n{i} 3 A 192.0.2.1"]);
        (List<string> expected, _) = await Read(string.Join('\n', lines), s_options);
        Assert.Equal(600, expected.Count);
        string[] shuffled = [.. lines];
        new Random(5).Shuffle(shuffled);
        (List<string> rows, ZoneSnapshot snapshot) = await Read(string.Join('\n', shuffled), s_options);
        Assert.Equal(expected, rows);
        Assert.False(snapshot.MayHaveSplitRrsets);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_zone_beyond_the_memory_budget_gives_whole_sets_if_it_is_ordered_and_says_so_if_it_may_not(bool ordered)
    {
        StringBuilder text = new("@ 1 SOA . . 1 2 3 4 5\n");
        string[] names = [.. Enumerable.Range(0, 30_000).Select(i => $"n{i:x}").Order(StringComparer.Ordinal)];
        if (ordered)
        {
            foreach (string name in names) text.Append($"{name} 1 NS a.test.\n{name} 1 NS b.test.\n{name} 1 A 192.0.2.1\n");
        }
        else
        {
            foreach (string name in names) text.Append($"{name} 1 NS a.test.\n");
            foreach (string name in names) text.Append($"{name} 1 NS b.test.\n");
        }

        text.Append("@ 1 SOA . . 1 2 3 4 5\n");
        (List<string> rows, ZoneSnapshot snapshot) = await Read(text.ToString(), s_options with { MemoryBudget = 1 << 20 });
        Assert.Equal(!ordered, snapshot.MayHaveSplitRrsets);
        Assert.Equal(rows.Count, rows.Distinct().Count());
        Assert.Single(rows, row => row.StartsWith("example. SOA", StringComparison.Ordinal));
        if (ordered)
        {
            Assert.Equal(60_001, rows.Count);
            Assert.Equal(30_000, rows.Count(row => row.EndsWith("[a.test. b.test.]", StringComparison.Ordinal)));
        }

        Assert.Equal(snapshot.Records.Total, text.ToString().Count(c => c == '\n'));
    }

    [Fact]
    public async Task A_set_beyond_the_bound_is_rejected_whole_and_counted()
    {
        string text = string.Concat(Enumerable.Range(0, 100).Select(i => $"big 1 A 192.0.2.{i}\n")) + "a 1 A 192.0.2.1";
        (List<string> rows, ZoneSnapshot snapshot) = await Read(text, s_options with { MaxRrsetRecords = 99 });
        Assert.Equal(["a.example. A/1 1-1 [192.0.2.1]"], rows);
        Assert.Equal(100, snapshot.Records[ZoneRecordFate.RrsetTooLarge]);
    }

    [Fact]
    public async Task The_same_file_gives_the_same_batches()
    {
        string text = string.Concat(Enumerable.Range(0, 1000).Select(i => $"n{i * 7919 % 1000} 1 A 192.0.2.1\n"));
        List<(BatchId, string)>[] runs = [[], []];
        foreach (List<(BatchId, string)> run in runs)
        {
            await using ZoneReader reader = new(ZoneText.Pipe(Encoding.ASCII.GetBytes(text)), DomainName.Parse("example"));
            ZoneSnapshot snapshot = new(reader, s_options with { MaxRowsPerBatch = 300 });
            while (await snapshot.ReadAsync() is { } batch) run.Add((batch.Id, Convert.ToHexString(batch.Rows.Packed)));
            Assert.Equal(1000, snapshot.Rows);
        }

        Assert.Equal([1UL, 2UL, 3UL, 4UL], runs[0].Select(batch => batch.Item1.Sequence));
        Assert.Equal(runs[0], runs[1]);
    }

    private static async Task<(List<string> Rows, ZoneSnapshot Snapshot)> Read(string text, ZoneSnapshotOptions options)
    {
        await using ZoneReader reader = new(ZoneText.Pipe(Encoding.ASCII.GetBytes(text)), DomainName.Parse("example"));
        ZoneSnapshot snapshot = new(reader, options);
        List<string> rows = [];
        while (await snapshot.ReadAsync() is { } batch)
        {
            foreach (ObservationRow row in batch.Rows) rows.Add(Describe(row.ToObservation()));
        }

        Assert.Equal(0, reader.Report.Errors.Total);
        return (rows, snapshot);
    }

    private static string Describe(Observation row)
    {
        Assert.Equal(Provenance.ZoneFile, row.Provenance);
        Assert.Equal(new SightingInterval(Time, Time, 1), Assert.Single(row.History.Intervals));
        Assert.Equal(s_options.Sensor.Fingerprint, Assert.Single(row.History.Witnesses));
        return $"{row.RrName} {row.Type}/{row.Bailiwick.LabelCount} {row.History.MinTimeToLive}-{row.History.MaxTimeToLive} [{string.Join(' ', row.Rdata)}]";
    }
}
