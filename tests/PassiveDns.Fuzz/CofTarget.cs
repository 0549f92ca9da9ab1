using System.Buffers;
using System.IO.Pipelines;
using System.Security.Cryptography;
using PassiveDns.Storage.Cof;

namespace PassiveDns.Fuzz;

/// <summary>
/// Lines of the Common Output Format: each has one fate, each row is canonical and comes back from an export of it, strict reading takes no line that lenient
/// reading does not, and it makes no difference in which pieces the octets arrive.
/// </summary>
internal static class CofTarget
{
    private static readonly CofReaderOptions s_options = new() { MaxLineLength = 1024, MaxKeptFaults = 16, KeepWitnesses = true };
    private static readonly CofOptions s_exact = CofOptions.Exact;

    public static void Run(ReadOnlySpan<byte> text)
    {
        byte[] octets = text.ToArray();
        (string whole, long rows) = Read(PipeReader.Create(new ReadOnlySequence<byte>(octets)), s_options, check: true);
        (string pieces, _) = Read(PipeReader.Create(new PieceStream(octets, octets.Length)), s_options, check: false);
        Promise.Holds(whole == pieces, $"as a whole\n{whole}in pieces\n{pieces}");
        (_, long strict) = Read(PipeReader.Create(new ReadOnlySequence<byte>(octets)), s_options with { Strict = true }, check: false);
        Promise.Holds(strict <= rows, $"{strict} rows strictly, {rows} leniently");
    }

    private static (string Summary, long Rows) Read(PipeReader pipe, CofReaderOptions options, bool check)
    {
        using IncrementalHash digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        CofReader reader = new(pipe, options);
        long rows = 0;
        while (reader.ReadAsync().AsTask().GetAwaiter().GetResult())
        {
            rows++;
            ObservationRows row = new();
            row.Add(reader.Current);
            digest.AppendData(row.Packed);
            if (check) CheckRow(row);
        }

        Promise.Holds(rows == reader.Report.Rows, "rows handed out and counted");
        Promise.Holds(reader.Report.Errors.Total == reader.Report.Lines[CofLineFate.Faulty], "each faulty line has one error");
        reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
        string account = string.Concat(reader.Report.ToAccount().Select(line => $"{line}\n"));
        return (account + string.Concat(reader.Report.Faults.Select(fault => $"{fault}\n")) + Convert.ToHexString(digest.GetHashAndReset()) + "\n", rows);
    }

    /// <summary>CSV has room for the same row, octet for octet.</summary>
    private static void CheckCsv(ObservationRows rows)
    {
        using MemoryStream csv = new();
        using (CofCsvWriter writer = new(csv, isExact: true)) writer.Write(rows);
        ObservationRows back = new();
        CofReader reader = new(PipeReader.Create(new ReadOnlySequence<byte>(csv.ToArray())), new() { KeepWitnesses = true });
        while (reader.ReadAsync().AsTask().GetAwaiter().GetResult()) back.Add(reader.Current);
        Promise.Same(rows.Packed, back.Packed, "CSV");
        reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private static void CheckRow(ObservationRows rows)
    {
        foreach (ObservationRow row in rows)
        {
            Promise.Holds(DomainName.TryFromWire(row.RrName, out DomainName owner), "the owner is no name");
            Promise.Same(row.RrName, owner.Wire, "owner");
            Promise.Holds(row.BailiwickLabels <= owner.LabelCount && !row.Type.IsMeta(), "bailiwick or type");
            Promise.Holds(SightingCodec.TryDecode(row.History, out _), "history");
            Promise.Holds(row.Rdata.Count > 0, "a set without records");
            foreach (ReadOnlySpan<byte> record in row.Rdata) RdataPromises.Check(row.Type, record);
        }

        ArrayBufferWriter<byte> export = new();
        using (CofWriter writer = new(export, s_exact)) writer.Write(rows);
        CheckCsv(rows);
        ObservationRows back = new();
        CofReader reader = new(PipeReader.Create(new ReadOnlySequence<byte>(export.WrittenMemory)), new() { KeepWitnesses = true });
        while (reader.ReadAsync().AsTask().GetAwaiter().GetResult()) back.Add(reader.Current);
        Promise.Holds(back.Count == 1, "an export of a row is read again");
        ArrayBufferWriter<byte> again = new();
        using (CofWriter writer = new(again, s_exact)) writer.Write(back);
        Promise.Same(export.WrittenSpan, again.WrittenSpan, "export");
        reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}
