using System.IO.Pipelines;
using System.Text;
using PassiveDns.Storage.Cof;

namespace PassiveDns.Storage.Tests.Cof;

public sealed class CofReaderTests
{
    private const string Plain =
        """{"rrname":"www.example.com","rrtype":"A","rdata":["192.0.2.2","192.0.2.1"],"time_first":1000,"time_last":2000,"count":7,"bailiwick":"example.com"}""";

    private static async Task<(List<Observation> Rows, CofReport Report)> ReadAsync(string text, CofReaderOptions? options = null)
    {
        List<Observation> rows = [];
        await using CofReader reader = new(PipeReader.Create(new(Encoding.UTF8.GetBytes(text))), options);
        while (await reader.ReadAsync()) rows.Add(reader.Current.ToObservation());
        Assert.Equal(reader.Report.Rows, rows.Count);
        Assert.Equal(reader.Report.Lines[CofLineFate.Faulty], reader.Report.Errors.Total);
        return (rows, reader.Report);
    }

    private static async Task<Observation> OneAsync(string text)
    {
        (List<Observation> rows, CofReport report) = await ReadAsync(text);
        Assert.True(rows.Count == 1, string.Join(", ", report.Faults));
        return rows[0];
    }

    [Fact]
    public async Task What_was_folded_is_always_written_and_comes_back()
    {
        NameSketch sketch = new();
        for (int i = 0; i < 2_000; i++) sketch.Add(DomainName.Parse($"n{i}.example.com").Wire);
        byte[] packed = new byte[NameSketch.MaxPackedLength];
        SightingHistory names = new() { Intervals = [new(5, 9, 2_100)], Folding = SightingFolding.Names | SightingFolding.SampleData, PackedNames = [.. packed[..sketch.Pack(packed)]] };
        SightingHistory record = new() { Intervals = [new(5, 9, 4)], Folding = SightingFolding.Records };
        SightingHistory union = new() { Intervals = [new(5, 9, 4)], Folding = SightingFolding.Sets };
        BatchBuilder rows = new BatchBuilder()
            .AddHistory("*.example.com", "A", [[192, 0, 2, 1]], SightingCodec.Encode(names))
            .AddHistory("pool.example.com", "A", [[192, 0, 2, 1]], SightingCodec.Encode(record))
            .AddHistory("pool.example.com", "A", [[192, 0, 2, 1], [192, 0, 2, 2]], SightingCodec.Encode(union));
        using MemoryStream stream = new();
        using (CofWriter writer = new(stream)) writer.Write(rows.Build(1).Rows);
        string text = Encoding.UTF8.GetString(stream.ToArray());
        Assert.Contains($"\"folded\":[\"names\",\"sample-data\"],\"distinct_names\":{sketch.Estimate},\"names_sketch\":\"", text, StringComparison.Ordinal);
        (List<Observation> read, CofReport report) = await ReadAsync(text, new() { Strict = true });
        Assert.Empty(report.Faults);
        Assert.Equal([names, record, union], read.Select(row => row.History));
    }

    private static string[] Texts(Observation row) => [.. row.Rdata.Select(data => data.ToString())];

    [Fact]
    public async Task A_row_of_the_draft_is_read_also_strictly()
    {
        (List<Observation> rows, _) = await ReadAsync(Plain + "\n", new() { Strict = true });
        Observation row = Assert.Single(rows);
        Assert.Equal("www.example.com.", row.RrName.ToString());
        Assert.Equal(RecordType.A, row.Type);
        Assert.Equal(["192.0.2.1", "192.0.2.2"], Texts(row));
        Assert.Equal("example.com.", row.Bailiwick.ToString());
        Assert.Equal(Provenance.Estimated, row.Provenance);
        Assert.Equal([new(1000, 2000, 7)], row.History.Intervals);
        Assert.Null(row.History.MinTimeToLive);
        Assert.Empty(row.History.Witnesses);
    }

    [Theory]
    // dots at the end, letter case, one text instead of an array, TYPEn, numbers as texts, floating point, dates, other order, unknown fields
    [InlineData("""{"rrname":"WWW.Example.com.","rrtype":"a","rdata":"192.0.2.1","time_first":"1000","time_last":"2000","count":"7","bailiwick":"com."}""")]
    [InlineData("""{"rdata":["192.0.2.1"],"count":7.0,"rrtype":1,"x":{"y":[1,{"z":null}]},"rrname":"www.example.com","time_last":2000.5,"time_first":1e3,"bailiwick":"com"}""")]
    [InlineData("""{"rrname":"www.example.com","rrtype":"TYPE1","rdata":"\\# 4 c0000201","time_first":"1970-01-01T00:16:40Z","time_last":"1970-01-01 00:33:20.123456789","count":7,"bailiwick":"com"}""")]
    [InlineData("""{"rrname":"www\u002eexample.com","rrtype":"1","rdata":["192.0.2.1"],"time_first":1000,"time_last":null,"time_last_rfc3339":"1970-01-01T01:33:20+01:00","count":7,"bailiwick":"com"}""")]
    [InlineData("""{"rrname":"www.example.com","rrtype":"A","rdata":["192.0.2.1"],"time_first":2000,"time_last":1000,"count":7,"bailiwick":"com"}""")]
    [InlineData("""{"cond":"ongoing","obj":{"rrname":"www.example.com","rrtype":"A","rdata":["192.0.2.1"],"time_first":1000,"time_last":2000,"count":7,"bailiwick":"com"}}""")]
    public async Task What_other_programs_write_is_understood_unless_it_must_not_be(string line)
    {
        Observation row = await OneAsync(line);
        Assert.Equal("www.example.com. A 192.0.2.1 com.", $"{row.RrName} {row.Type} {Texts(row)[0]} {row.Bailiwick}");
        Assert.Equal([new(1000, 2000, 7)], row.History.Intervals);
        (List<Observation> strict, CofReport strictReport) = await ReadAsync(line, new() { Strict = true });
        Assert.Empty(strict);
        Assert.Equal(1, strictReport.Errors.Total);
    }

    [Fact]
    public async Task An_answer_in_an_envelope_says_whether_it_is_whole()
    {
        string rows = """{"obj":{"rrname":"a.example.","rrtype":"NS","zone_time_first":5,"zone_time_last":6,"count":2,"bailiwick":"example.","rdata":["ns.example."]}}""" + "\n";
        (List<Observation> read, CofReport report) = await ReadAsync("{\"cond\":\"begin\"}\n{}\n" + rows + "{\"cond\":\"limited\",\"msg\":\"Result limit reached\"}\n");
        Observation row = Assert.Single(read);
        Assert.Equal((Provenance.ZoneFile, 2, "example."), (row.Provenance, row.History.Count, row.Bailiwick.ToString()));
        Assert.Equal((CofFramingEnd.Limited, 3), (report.FramingEnd, report.Lines[CofLineFate.Envelope]));
        Assert.Equal(CofFramingEnd.Missing, (await ReadAsync("{\"cond\":\"begin\"}\n" + rows)).Report.FramingEnd);
        Assert.Equal(CofFramingEnd.Succeeded, (await ReadAsync("{\"cond\":\"begin\"}\n{\"cond\":\"succeeded\"}\n")).Report.FramingEnd);
        Assert.Equal(CofFramingEnd.None, (await ReadAsync(Plain)).Report.FramingEnd);
    }

    [Fact]
    public async Task A_row_of_traffic_and_zone_file_is_two_rows()
    {
        (List<Observation> rows, CofReport report) = await ReadAsync(
            """{"rrname":"a.example","rrtype":"A","rdata":["192.0.2.1"],"time_first":10,"time_last":20,"zone_time_first":5,"zone_time_last":6,"count":9,"bailiwick":"example"}""");
        Assert.Equal([(Provenance.Estimated, 10, 20, 9), (Provenance.ZoneFile, 5, 6, 1)], rows.Select(row => (row.Provenance, row.History.FirstSeen, row.History.LastSeen, row.History.Count)));
        Assert.Equal(1, report.Lines[CofLineFate.TwoRows]);
    }

    [Fact]
    public async Task Without_a_bailiwick_nothing_supports_a_row()
    {
        string line = """{"rrname":"a.example","rrtype":"A","rdata":"192.0.2.1","time_first":10,"time_last":20}""";
        (List<Observation> rows, CofReport report) = await ReadAsync(line, new() { UnstatedProvenance = Provenance.VerifiedTraffic });
        Observation row = Assert.Single(rows);
        Assert.Equal((Provenance.Unverified, ".", 1, 1), (row.Provenance, row.Bailiwick.ToString(), row.History.Count, report.RowsWithoutBailiwick));
    }

    /// <summary>Made after the sample in the README of passivedns: the client's and the server's addresses go no further.</summary>
    [Fact]
    public async Task Lines_of_the_passivedns_log_are_read()
    {
        (List<Observation> rows, CofReport report) = await ReadAsync(
            "1322849924.408856||10.1.1.1||8.8.8.8||IN||upload.example.com.||A||192.0.2.117||46587||5\n"
            + "1322849924.408858||10.1.1.1||8.8.8.8||IN||www.example.com.||CNAME||www.wip4.example.com.||43200||8\n"
            + "1322849924.408858||10.1.1.1||8.8.8.8||IN||no.example.com.||A||NXDOMAIN||0||1\n"
            + "1322849924.408858||10.1.1.1||8.8.8.8||CH||version.bind.||TXT||x||0||1\n"
            + "1322849924||too||short\n");
        Assert.Equal(["upload.example.com. 192.0.2.117", "www.example.com. www.wip4.example.com."], rows.Select(row => $"{row.RrName} {Texts(row)[0]}"));
        Assert.Equal((1_322_849_924, 5, 46587u, Provenance.Unverified), (rows[0].History.FirstSeen, rows[0].History.Count, rows[0].History.MaxTimeToLive!.Value, rows[0].Provenance));
        Assert.Equal((1, 1, 1), (report.Lines[CofLineFate.Negative], report.Lines[CofLineFate.NotInternet], report.Errors[CofError.NotAnObject]));
    }

    [Theory]
    [InlineData("TXT", "v=spf1 include:_spf.example.com -all", "\"v=spf1 include:_spf.example.com -all\"")]
    [InlineData("TXT", "\\\"a\\\" \\\"b c\\\"", "\"a\" \"b c\"")]
    [InlineData("MX", "10 mail.Example.com", "10 mail.example.com.")]
    [InlineData("TYPE65280", "\\\\# 2 FFee", "\\# 2 FFEE")]
    public async Task Texts_mean_what_they_mean_in_their_type(string type, string text, string expected)
    {
        Observation row = await OneAsync($$"""{"rrname":"a.example","rrtype":"{{type}}","rdata":["{{text}}"],"time_first":1,"time_last":1}""");
        Assert.Equal(expected, Texts(row)[0], ignoreCase: true);
    }

    [Theory]
    [InlineData("[]", CofError.NotAnObject)]
    [InlineData("{\"rrname\":", CofError.MalformedJson)]
    [InlineData("{\"rrname\":\"a\"} x", CofError.MalformedJson)]
    [InlineData("""{"rrname":"a","rrtype":"A"}""", CofError.MissingField)]
    [InlineData("""{"rrname":"a","rrtype":"A","rdata":["192.0.2.1"]}""", CofError.MissingField)]
    [InlineData("""{"rrname":"a..b","rrtype":"A","rdata":["192.0.2.1"],"time_first":1,"time_last":1}""", CofError.MalformedName)]
    [InlineData("""{"rrname":"\ud800","rrtype":"A","rdata":["192.0.2.1"],"time_first":1,"time_last":1}""", CofError.MalformedName)]
    [InlineData("""{"rrname":"a","rrname":"b","rrtype":"A","rdata":["192.0.2.1"],"time_first":1,"time_last":1}""", CofError.DuplicateField)]
    [InlineData("""{"rrname":"a","rrtype":"NOTYPE","rdata":["192.0.2.1"],"time_first":1,"time_last":1}""", CofError.UnknownType)]
    [InlineData("""{"rrname":"a","rrtype":70000,"rdata":["192.0.2.1"],"time_first":1,"time_last":1}""", CofError.UnknownType)]
    [InlineData("""{"rrname":"a","rrtype":"ANY","rdata":["192.0.2.1"],"time_first":1,"time_last":1}""", CofError.MetaType)]
    [InlineData("""{"rrname":"a","rrtype":"A","rdata":["192.0.2.1","no"],"time_first":1,"time_last":1}""", CofError.MalformedRdata)]
    [InlineData("""{"rrname":"a","rrtype":"A","rdata":[],"time_first":1,"time_last":1}""", CofError.MalformedRdata)]
    [InlineData("""{"rrname":"a","rrtype":"A","rdata":["192.0.2.1"],"time_first":-1,"time_last":1}""", CofError.MalformedTime)]
    [InlineData("""{"rrname":"a","rrtype":"A","rdata":["192.0.2.1"],"time_first":1374098930000,"time_last":1374098930000}""", CofError.MalformedTime)]
    [InlineData("""{"rrname":"a","rrtype":"A","rdata":["192.0.2.1"],"time_first":1,"time_last":1,"count":-1}""", CofError.MalformedCount)]
    [InlineData("""{"rrname":"a.b","rrtype":"A","rdata":["192.0.2.1"],"time_first":1,"time_last":1,"bailiwick":"c"}""", CofError.MalformedBailiwick)]
    [InlineData("""{"rrname":"a.b","rrtype":"A","rdata":["192.0.2.1"],"time_first":1,"time_last":1,"provenance":"hearsay"}""", CofError.MalformedProvenance)]
    [InlineData("""{"rrname":"a.b","rrtype":"A","rdata":["192.0.2.1"],"time_first":1,"time_last":1,"provenance":"zone-file"}""", CofError.MalformedProvenance)]
    [InlineData("""{"rrname":"a","rrtype":"A","rdata":["192.0.2.1"],"rdata_wire":["c00002"],"time_first":1,"time_last":1}""", CofError.MalformedWire)]
    [InlineData("""{"rrname":"a","rrtype":"CNAME","rdata":["B."],"rdata_wire":["014200"],"time_first":1,"time_last":1}""", CofError.MalformedWire)]
    [InlineData("""{"rrname":"a","rrtype":"A","rdata":["192.0.2.1"],"time_first":1,"time_last":9,"count":3,"intervals":[[1,2,1],[8,9,1]]}""", CofError.MalformedIntervals)]
    [InlineData("""{"rrname":"a","rrtype":"A","rdata":["192.0.2.1"],"time_first":1,"time_last":9,"intervals":[[8,9,1],[1,2,1]]}""", CofError.MalformedIntervals)]
    [InlineData("""{"rrname":"a","rrtype":"A","rdata":["192.0.2.1"],"time_first":1,"time_last":1,"folded":["nonsense"]}""", CofError.MalformedFolding)]
    [InlineData("""{"rrname":"a","rrtype":"A","rdata":["192.0.2.1"],"time_first":1,"time_last":1,"folded":["names"]}""", CofError.MalformedFolding)]
    [InlineData("""{"rrname":"a","rrtype":"A","rdata":["192.0.2.1"],"time_first":1,"time_last":1,"folded":["names"],"names_sketch":"AAA="}""", CofError.MalformedFolding)]
    [InlineData("""{"rrname":"a","rrtype":"A","rdata":["192.0.2.1"],"time_first":1,"time_last":1,"folded":["sets"],"names_sketch":"AEE="}""", CofError.MalformedFolding)]
    [InlineData("""{"rrname":"a","rrtype":"A","rdata":["192.0.2.1"],"time_first":1,"time_last":1,"names_sketch":"AEE="}""", CofError.MalformedFolding)]
    public async Task A_line_that_cannot_be_read_costs_that_line_only(string line, CofError error)
    {
        (List<Observation> rows, CofReport report) = await ReadAsync($"{Plain}\r\n\n{line}\n{Plain}");
        Assert.Equal(2, rows.Count);
        Assert.Equal([new(error, 3)], report.Faults);
        Assert.Equal(4, report.Lines.Total);
    }

    [Fact]
    public async Task Lines_that_are_too_long_are_passed_over_without_being_held()
    {
        string text = $"{Plain}\n{{\"x\":\"{new string('x', 400_000)}\"}}\n{Plain}\n{new string('{', 5000)}";
        (List<Observation> rows, CofReport report) = await ReadAsync(text, new() { MaxLineLength = 2048 });
        Assert.Equal(2, rows.Count);
        Assert.Equal([new(CofError.LineTooLong, 2), new(CofError.LineTooLong, 4)], report.Faults);
    }

    [Fact]
    public async Task Sets_beyond_the_limit_are_rejected_whole()
    {
        (List<Observation> rows, CofReport report) = await ReadAsync(Plain, new() { MaxRrsetRecords = 1 });
        Assert.Empty(rows);
        Assert.Equal(1, report.Errors[CofError.RrsetTooLarge]);
    }

    [Theory]
    [InlineData("passivedns__readme-sample.log", 6)]
    [InlineData("qof__data.json", 2)]
    public async Task Files_of_others_are_read(string name, int rows)
    {
        string? file = Checkout.FindShared("data/cof/" + name);
        Assert.SkipUnless(file is not null, "the shared test data is not here");
        (List<Observation> read, CofReport report) = await ReadAsync(await File.ReadAllTextAsync(file));
        Assert.Equal(rows, read.Count);
        Assert.Equal(0, report.Errors.Total);
    }

    [Fact]
    public async Task Reading_rows_costs_no_memory()
    {
        byte[] text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 20_000).Select(i => Plain.Replace("www", $"w{i}", StringComparison.Ordinal) + "\n")));
        await using CofReader reader = new(PipeReader.Create(new(text)));
        Assert.True(await reader.ReadAsync());
        int rows = 1;
        for (; rows < 100; rows++) Assert.True(await reader.ReadAsync());
        long least = long.MaxValue; // between two refills: see Allocated
        while (true)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            int run = 0;
            while (reader.TryRead()) run++;
            if (run > 100) least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            rows += run;
            if (!await reader.ReadAsync()) break;
            rows++;
        }

        Assert.Equal((20_000, 0), (rows, least));
    }
}
