using System.Diagnostics;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using FsCheck.Xunit;
using PassiveDns.Storage.Cof;
using PassiveDns.Storage.Memory;

namespace PassiveDns.Storage.Tests.Cof;

public sealed class CofCsvTests
{
    private static readonly ObservationQuery s_everything = new(new QueryAnchor.Everything()) { Types = TypeSelection.All, Provenance = ProvenanceSelection.All };

    private static ObservationBatch Mixed() => new BatchBuilder()
        .Add("www.example.com", "A", "192.0.2.1|192.0.2.2", 1_000, 2_000, 7)
        .Add("www.example.com", "A", "192.0.2.1|192.0.2.2", 1_000_000, 2_000_000, 5)
        .Add("example.com", "NS", "ns1.example.net.|ns2.example.net.", bailiwick: "com", provenance: Provenance.ZoneFile)
        .Add("\\000\\.x,\\\"y.example.com", "TXT", "\"say \\\"hi\\\", \\200 \\009\" \"\"|\"a,b\"", provenance: Provenance.Probe)
        .Add("=cmd.example.com", "TYPE65280", "\\# 3 00ff80", provenance: Provenance.Unverified)
        .Add(".", "SOA", "a. b. 1 2 3 4 5")
        .Build(1);

    private static byte[] Write(ObservationRows rows, bool isExact = true)
    {
        using MemoryStream stream = new();
        using (CofCsvWriter writer = new(stream, isExact)) writer.Write(rows);
        return stream.ToArray();
    }

    private static (ObservationRows Rows, CofReport Report) Read(byte[] csv, CofReaderOptions? options = null)
    {
        CofReader reader = new(PipeReader.Create(new(csv)), options ?? new() { KeepWitnesses = true });
        ObservationRows rows = new();
        while (reader.ReadAsync().AsTask().GetAwaiter().GetResult()) rows.Add(reader.Current);
        return (rows, reader.Report);
    }

    private static async Task<ObservationRows> StoredAsync()
    {
        await using MemoryObservationStore store = new();
        await store.WriteAsync(Mixed());
        ObservationRows rows = new();
        await foreach (RecordPage page in store.ReadAsync(s_everything))
        {
            foreach (ObservationRow row in page.Rows) rows.Add(row);
        }

        return rows;
    }

    [Fact]
    public async Task Rows_come_back_octet_for_octet()
    {
        ObservationRows rows = await StoredAsync();
        (ObservationRows back, CofReport report) = Read(Write(rows));
        Assert.True(report.Errors.Total == 0, string.Join(", ", report.Faults));
        Assert.Equal(Convert.ToHexString(rows.Packed), Convert.ToHexString(back.Packed));
        Assert.Equal(1, report.Lines[CofLineFate.Envelope]);
    }

    [Fact]
    public void A_row_whose_name_begins_with_a_brace_is_no_object()
    {
        ObservationRows rows = new BatchBuilder().Add("{a.example", "A", "192.0.2.1").Add("{", "NS", "{.example.").Build(1).Rows;
        (ObservationRows back, CofReport report) = Read(Write(rows));
        Assert.Equal((0, 2), (report.Errors.Total, back.Count));
    }

    /// <summary>The json lines of the exact export, too: TTLs, witnesses and coarsened histories are in it.</summary>
    [Property(MaxTest = 200)]
    public void Any_row_comes_back_from_both(ushort type, byte[] name, byte[] rdata, uint[] times, byte provenance, uint[] witnesses, uint ttl, bool isCoarsened)
    {
        RecordType recordType = (RecordType)(type % 300);
        if (recordType.IsMeta()) recordType = RecordType.A;
        byte[] canonical = new byte[RecordData.MaxLength];
        if (RecordData.Canonicalize(rdata, 0, rdata.Length, recordType, canonical, out int length) == RdataStatus.Malformed) (recordType, length) = (RecordType.NULL, 0);
        byte[] label = name.Length == 0 ? [(byte)'a'] : name[..Math.Min(name.Length, 63)];
        Assert.True(DomainName.TryFromWire([(byte)label.Length, .. label, 0], out DomainName owner));
        List<SightingInterval> intervals = [new(5, 5, 0)];
        foreach (uint step in times.Take(20)) intervals.Add(new(intervals[^1].Last + 200_000, intervals[^1].Last + 200_000 + step % 1_000_000, step));
        ObservationRows rows = new();
        rows.Add(new()
        {
            RrName = owner.Wire, Type = recordType, BailiwickLabels = (byte)(label.Length % 2), Provenance = (Provenance)(1 + provenance % 6),
            Rdata = new(BatchBuilder.Pack(canonical[..length])),
            History = SightingCodec.Encode(new SightingHistory
            {
                Intervals = [.. intervals], Witnesses = [.. witnesses.Distinct().Order().Take(8)], MinTimeToLive = times.Length % 2 == 0 ? ttl / 2 : null,
                MaxTimeToLive = times.Length % 2 == 0 ? ttl : null, IsCoarsened = isCoarsened,
            }),
        });
        using MemoryStream lines = new();
        using (CofWriter writer = new(lines, CofOptions.Exact)) writer.Write(rows);
        foreach (byte[] export in (byte[][])[Write(rows), lines.ToArray()])
        {
            (ObservationRows back, CofReport report) = Read(export);
            Assert.True(report.Errors.Total == 0, string.Join(", ", report.Faults) + Encoding.UTF8.GetString(export));
            Assert.Equal(Convert.ToHexString(rows.Packed), Convert.ToHexString(back.Packed));
        }
    }

    [Theory]
    [InlineData("example.com,A\n", CofError.MalformedCsv)]
    [InlineData("example.com,A,192.0.2.1,1,2,more\n", CofError.MalformedCsv)]
    [InlineData("exa\"mple.com,A,192.0.2.1,1,2\n", CofError.MalformedCsv)]
    [InlineData("\"example.com,A,192.0.2.1,1,2\n", CofError.MalformedCsv)]
    [InlineData("\"example.com\"x,A,192.0.2.1,1,2\n", CofError.MalformedCsv)]
    [InlineData(",A,192.0.2.1,1,2\n", CofError.MissingField)]
    [InlineData("example.com,NOPE,192.0.2.1,1,2\n", CofError.UnknownType)]
    [InlineData("example.com,A,192.0.2.300,1,2\n", CofError.MalformedRdata)]
    [InlineData("example.com,A,192.0.2.1,yesterday,2\n", CofError.MalformedTime)]
    public void A_faulty_line_is_told_and_the_next_one_is_read(string line, CofError expected)
    {
        (ObservationRows rows, CofReport report) = Read(Encoding.UTF8.GetBytes("rrname,rrtype,rdata,time_first,time_last\n" + line + "\"example.com\",A,192.0.2.1,1,2\r\n"));
        Assert.Equal(new CofFault(expected, 2), Assert.Single(report.Faults));
        Assert.Equal(1, rows.Count);
    }

    [Fact]
    public void Columns_may_stand_in_any_order_and_strangers_are_passed_over()
    {
        (ObservationRows rows, CofReport report) = Read("\uFEFFnote,time_last,time_first,rdata,rrtype,rrname\r\n\"a, b\"\"c\",9,5,192.0.2.1\t192.0.2.2,A,www.example.com.\r\n"u8.ToArray());
        Assert.Equal(0, report.Errors.Total);
        Assert.Equal(1, rows.Count);
        foreach (ObservationRow row in rows) Assert.Equal(2, row.Rdata.Count);
    }

    [Fact]
    public void A_line_for_each_record_is_refused_because_the_sets_are_lost()
    {
        (ObservationRows rows, CofReport report) = Read("time_first,time_last,zone_first,zone_last,count,bailiwick,rrname,rrtype,rdata\n"u8.ToArray());
        Assert.Equal((0, CofError.DividedSets), (rows.Count, Assert.Single(report.Faults).Error));
    }

    [Fact]
    public void Witnesses_that_a_file_states_count_only_where_it_is_believed()
    {
        byte[] csv = "rrname,rrtype,rdata,time_first,time_last,witnesses\nexample.com,A,192.0.2.1,1,2,00000001 00000002\n"u8.ToArray();
        foreach (bool keep in (bool[])[true, false])
        {
            foreach (ObservationRow row in Read(csv, new() { KeepWitnesses = keep }).Rows) Assert.Equal(keep ? 2 : 0, row.ToObservation().History.Witnesses.Length);
        }
    }

    /// <summary>Another reader of RFC 4180 finds the same fields: that of Python.</summary>
    [Fact]
    public async Task Python_reads_the_same_fields()
    {
        const string Program = "import csv,json,sys\nfor row in csv.reader(open(sys.argv[1], newline='', encoding='ascii'), strict=True): print(json.dumps(row))";
        ObservationRows rows = await StoredAsync();
        string file = Path.Combine(Directory.CreateTempSubdirectory("passivedns-csv-").FullName, "rows.csv");
        await File.WriteAllBytesAsync(file, Write(rows));
        Process? python = null;
        try
        {
            python = Process.Start(new ProcessStartInfo("python3", ["-c", Program, file]) { RedirectStandardOutput = true });
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("python3 is not installed");
        }

        string output = await python!.StandardOutput.ReadToEndAsync();
        await python.WaitForExitAsync();
        Assert.Equal(0, python.ExitCode);
        string[][] lines = [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<string[]>(line)!)];
        Assert.Equal(rows.Count + 1, lines.Length);
        Assert.All(lines, line => Assert.Equal(16, line.Length));
        int index = 1;
        foreach (ObservationRow row in rows)
        {
            string[] line = lines[index++];
            Observation expected = row.ToObservation();
            Assert.Equal(expected.RrName.ToString(), line[0] == "." ? "." : line[0] + ".");
            Assert.Equal(expected.Rdata.Select(record => record.ToString()), line[2].Split('\t'));
            Assert.Equal(expected.History.Count.ToString(System.Globalization.CultureInfo.InvariantCulture), line[5]);
        }

        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }
}
