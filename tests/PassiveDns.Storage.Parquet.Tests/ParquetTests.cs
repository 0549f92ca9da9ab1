using System.Globalization;
using System.IO.Pipelines;
using DuckDB.NET.Data;
using PassiveDns.Storage.Cof;

namespace PassiveDns.Storage.Parquet.Tests;

public sealed class ParquetTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("passivedns-parquet-");

    private string At(string name) => Path.Combine(_directory.FullName, name);

    public void Dispose() => _directory.Delete(recursive: true);

    private static ObservationRows Rows(int count = 40)
    {
        ObservationRows rows = new();
        for (int i = 0; i < count; i++)
        {
            DomainName owner = DomainName.Parse(i % 7 == 0 ? $"\\000\\.x{i}.example.com" : $"h{i}.example.com");
            byte[] rdata = i % 3 == 0 ? [0, 4, 192, 0, 2, 1, 0, 4, 192, 0, 2, (byte)Math.Max(2, i % 256)] : [0, 4, 10, 0, 0, (byte)i];
            SightingInterval[] intervals = i % 5 == 0 ? [new(100 + i, 200 + i, 3), new(900_000, 900_001 + i, 4)] : [new(1_700_000_000 + i, 1_700_000_100 + i, i)];
            rows.Add(new()
            {
                RrName = owner.Wire, Type = i % 4 == 1 ? (RecordType)65280 : RecordType.A, BailiwickLabels = (byte)(i % 3), Provenance = (Provenance)(1 + i % 6),
                Rdata = new(rdata),
                History = SightingCodec.Encode(new SightingHistory
                {
                    Intervals = [.. intervals], Witnesses = i % 2 == 0 ? [1, 0xFFFFFFFF] : [], MinTimeToLive = i % 6 == 0 ? null : 60, MaxTimeToLive = i % 6 == 0 ? null : 300,
                    IsCoarsened = i % 11 == 0,
                }),
            });
        }

        return rows;
    }

    private async Task<string> WriteAsync(ObservationRows rows, string name = "rows.parquet")
    {
        await using FileStream file = File.Create(At(name));
        await using ParquetRowWriter writer = await ParquetRowWriter.CreateAsync(file);
        await writer.WriteAsync(rows);
        await writer.CompleteAsync();
        return file.Name;
    }

    private static async Task<(ObservationRows Rows, CofReport Report)> ReadAsync(Stream file)
    {
        await using ParquetLineStream lines = new(file);
        await using CofReader reader = new(PipeReader.Create(lines), new() { KeepWitnesses = true });
        ObservationRows rows = new();
        while (await reader.ReadAsync()) rows.Add(reader.Current);
        return (rows, reader.Report);
    }

    private static async Task<(ObservationRows Rows, CofReport Report)> ReadAsync(string path)
    {
        await using FileStream file = File.OpenRead(path);
        return await ReadAsync(file);
    }

    private static List<string> Ask(string question)
    {
        using DuckDBConnection connection = new("DataSource=:memory:");
        connection.Open();
        using DuckDBCommand command = connection.CreateCommand();
        command.CommandText = question;
        using DuckDBDataReader reader = command.ExecuteReader();
        List<string> lines = [];
        while (reader.Read())
        {
            lines.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? "" : Convert.ToString(reader.GetValue(i), CultureInfo.InvariantCulture))));
        }

        return lines;
    }

    [Fact]
    public async Task Rows_come_back_octet_for_octet()
    {
        ObservationRows rows = Rows();
        (ObservationRows back, CofReport report) = await ReadAsync(await WriteAsync(rows));
        Assert.True(report.Errors.Total == 0, string.Join(", ", report.Faults));
        Assert.Equal(Convert.ToHexString(rows.Packed), Convert.ToHexString(back.Packed));
    }

    [Fact]
    public async Task Several_row_groups_make_one_file()
    {
        await using (FileStream file = File.Create(At("many.parquet")))
        {
            await using ParquetRowWriter writer = await ParquetRowWriter.CreateAsync(file);
            ObservationRows rows = Rows(1_000);
            for (int i = 0; i < 250; i++) await writer.WriteAsync(rows);
            await writer.CompleteAsync();
        }

        Assert.Equal(["3|250000"], Ask($"SELECT count(DISTINCT row_group_id), (SELECT count(*) FROM '{At("many.parquet")}') FROM parquet_metadata('{At("many.parquet")}')"));
    }

    /// <summary>DuckDB, which shares no code with the writer, finds typed columns and the same values.</summary>
    [Fact]
    public async Task DuckDB_reads_types_and_values()
    {
        ObservationRows rows = Rows();
        string file = await WriteAsync(rows);
        Assert.Equal(
            [
                "rrname|VARCHAR", "rrtype|VARCHAR", "rrtype_number|INTEGER", "bailiwick|VARCHAR", "provenance|VARCHAR", "time_first|TIMESTAMP WITH TIME ZONE",
                "time_last|TIMESTAMP WITH TIME ZONE", "count|BIGINT", "ttl_min|BIGINT", "ttl_max|BIGINT", "coarsened|BOOLEAN", "rdata|VARCHAR[]", "rdata_wire|BLOB[]",
                "intervals|STRUCT(\"first\" TIMESTAMP WITH TIME ZONE, \"last\" TIMESTAMP WITH TIME ZONE, count BIGINT)[]", "witnesses|BIGINT[]", "folded|VARCHAR[]", "names_sketch|BLOB",
            ],
            Ask($"SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM '{file}')"));
        List<string> found = Ask(
            "SELECT rrname, rrtype_number, epoch(time_first)::BIGINT, epoch(time_last)::BIGINT, count, ttl_min, ttl_max, coarsened, array_to_string(rdata, ' '), "
            + $"array_to_string(witnesses, ' '), len(intervals), epoch(intervals[-1].last)::BIGINT, hex(rdata_wire[1]) FROM '{file}'");
        List<string> expected = [];
        foreach (ObservationRow row in rows)
        {
            Observation o = row.ToObservation();
            SightingHistory h = o.History;
            expected.Add(string.Create(CultureInfo.InvariantCulture,
                $"{o.RrName.ToString()[..^1]}|{(int)o.Type}|{h.FirstSeen}|{h.LastSeen}|{h.Count}|{h.MinTimeToLive}|{h.MaxTimeToLive}|{h.IsCoarsened}|{string.Join(' ', o.Rdata)}|")
                + string.Create(CultureInfo.InvariantCulture, $"{string.Join(' ', h.Witnesses)}|{h.Intervals.Length}|{h.Intervals[^1].Last}|{Convert.ToHexString(FirstRecord(row))}"));
        }

        Assert.Equal(expected, found);
    }

    private static byte[] FirstRecord(in ObservationRow row)
    {
        foreach (ReadOnlySpan<byte> record in row.Rdata) return record.ToArray();
        return [];
    }

    /// <summary>What DuckDB writes again, with all columns nullable and other encodings and packing, is read as well.</summary>
    [Theory]
    [InlineData("zstd")]
    [InlineData("snappy")]
    [InlineData("uncompressed")]
    public async Task What_DuckDB_wrote_is_read(string codec)
    {
        ObservationRows rows = Rows();
        string file = await WriteAsync(rows), copy = At("copy.parquet");
        Ask($"COPY (SELECT *, 1 AS more FROM '{file}') TO '{copy}' (FORMAT parquet, CODEC '{codec}')");
        (ObservationRows back, CofReport report) = await ReadAsync(copy);
        Assert.True(report.Errors.Total == 0, string.Join(", ", report.Faults));
        Assert.Equal(Convert.ToHexString(rows.Packed), Convert.ToHexString(back.Packed));
    }

    /// <summary>Whatever the octets are: rows, faults or damage, but no other exception.</summary>
    [Fact]
    public async Task Damage_is_told()
    {
        byte[] sound = await File.ReadAllBytesAsync(await WriteAsync(Rows(12)));
        Random random = new(5);
        int damaged = 0;
        for (int i = 0; i < 400; i++)
        {
            byte[] octets = i % 4 == 0 ? sound[..random.Next(sound.Length)] : [.. sound];
            if (i % 4 != 0) octets[random.Next(octets.Length)] ^= (byte)(1 << random.Next(8));
            using MemoryStream file = new(octets);
            (ObservationRows rows, CofReport report) = await ReadAsync(file);
            Assert.True(rows.Count <= 12);
            if (report.Errors.Total > 0) damaged++;
            if (i % 4 == 0) Assert.Equal(CofError.DamagedCompression, Assert.Single(report.Faults).Error);
        }

        Assert.True(damaged > 200, $"{damaged} of 400 were told");
    }

    [Fact]
    public async Task A_file_of_other_columns_gives_no_rows_and_says_so()
    {
        string other = At("other.parquet");
        Ask($"COPY (SELECT 1 AS a, 'x' AS rrname UNION ALL SELECT 2, 'y') TO '{other}' (FORMAT parquet)");
        (ObservationRows rows, CofReport report) = await ReadAsync(other);
        Assert.Equal((0, 2L), (rows.Count, report.Errors[CofError.MissingField]));
    }
}
