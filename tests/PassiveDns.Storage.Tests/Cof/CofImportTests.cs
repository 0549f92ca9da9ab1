using System.IO.Pipelines;
using System.Text;
using FsCheck.Xunit;
using PassiveDns.Storage.Cof;
using PassiveDns.Storage.Memory;
using PassiveDns.Storage.Merging;

namespace PassiveDns.Storage.Tests.Cof;

public sealed class CofImportTests
{
    private static readonly CofOptions s_exact = new() { EmitWire = true, EmitProvenance = true, EmitIntervals = true };
    private static readonly ObservationQuery s_everything = new(new QueryAnchor.Everything()) { Types = TypeSelection.All, Provenance = ProvenanceSelection.All };

    private static async Task<byte[]> ExportAsync(MemoryObservationStore store, CofOptions? options = null)
    {
        using MemoryStream stream = new();
        using (CofWriter writer = new(stream, options ?? s_exact))
        {
            await foreach (RecordPage page in store.ReadAsync(s_everything)) writer.Write(page.Rows);
        }

        return stream.ToArray();
    }

    private static async Task<CofImport> ImportAsync(byte[] lines, MemoryObservationStore store, int rowsPerBatch = 50_000)
    {
        CofImportOptions options = new() { Sensor = new("other"), Epoch = 0, MaxRowsPerBatch = rowsPerBatch };
        using MemoryStream content = new(lines);
        options = options with { Epoch = await CofImport.ComputeEpochAsync(content, options) };
        await using CofImport import = new(PipeReader.Create(new(lines)), options);
        while (await import.ReadAsync() is { } batch) await store.WriteAsync(batch);
        return import;
    }

    private static ObservationBatch Mixed() => new BatchBuilder()
        .Add("www.example.com", "A", "192.0.2.1|192.0.2.2", 1_000, 2_000, 7)
        .Add("www.example.com", "A", "192.0.2.1|192.0.2.2", 1_000_000, 2_000_000, 5)
        .Add("www.example.com", "A", "192.0.2.1", 3, 4, 0, provenance: Provenance.Estimated)
        .Add("example.com", "NS", "ns1.example.net.|ns2.example.net.", bailiwick: "com", provenance: Provenance.ZoneFile)
        .Add("example.com", "NS", "ns1.example.net.", bailiwick: "com", provenance: Provenance.ResolverStated)
        .Add("\\000\\.x.example.com", "TXT", "\"say \\\"hi\\\" \\200\" \"\"", provenance: Provenance.Probe)
        .Add("example.com", "TYPE65280", "\\# 3 00ff80", provenance: Provenance.Unverified)
        .Add(".", "SOA", "a. b. 1 2 3 4 5")
        .Build(1);

    [Fact]
    public async Task An_export_that_is_imported_makes_the_same_export()
    {
        await using MemoryObservationStore store = new(), copy = new();
        await store.WriteAsync(Mixed());
        byte[] first = await ExportAsync(store);
        CofImport import = await ImportAsync(first, copy);
        Assert.Equal(0, import.Report.Errors.Total);
        Assert.Equal(Encoding.UTF8.GetString(first), Encoding.UTF8.GetString(await ExportAsync(copy)));
        await using MemoryObservationStore byText = new();
        await ImportAsync(await ExportAsync(store, new() { EmitProvenance = true, EmitIntervals = true, TrailingDot = true, NumericUnknownTypes = false, RdataAsArray = false }), byText);
        Assert.Equal(Encoding.UTF8.GetString(first), Encoding.UTF8.GetString(await ExportAsync(byText)));
    }

    /// <summary>Any data in any type, any history: what a message can hold, an export can hold.</summary>
    [Property(MaxTest = 200)]
    public void Any_row_comes_back(ushort type, byte[] name, byte[] rdata, uint[] times, byte provenance)
    {
        RecordType recordType = ((RecordType)type).IsMeta() ? RecordType.TXT : (RecordType)(type % 300);
        if (recordType.IsMeta()) recordType = RecordType.A;
        byte[] canonical = new byte[RecordData.MaxLength];
        if (RecordData.Canonicalize(rdata, 0, rdata.Length, recordType, canonical, out int length) == RdataStatus.Malformed) (recordType, length) = (RecordType.NULL, 0);
        byte[] label = name.Length == 0 ? [(byte)'a'] : name[..Math.Min(name.Length, 63)];
        Assert.True(DomainName.TryFromWire([(byte)label.Length, .. label, 0], out DomainName owner));
        List<SightingInterval> intervals = [];
        long at = 0;
        foreach (uint step in times.Take(20))
        {
            intervals.Add(new(at + 200_000, at + 200_000 + step % 1_000_000, step));
            at = intervals[^1].Last;
        }

        if (intervals.Count == 0) intervals.Add(new(5, 5, 0));
        byte[] history = SightingCodec.Encode(new SightingHistory { Intervals = [.. intervals] });
        ObservationRows rows = new();
        rows.Add(new()
        {
            RrName = owner.Wire, Type = recordType, BailiwickLabels = (byte)(label.Length % 2), Provenance = (Provenance)(1 + provenance % 6),
            Rdata = new(BatchBuilder.Pack(canonical[..length])), History = history,
        });
        using MemoryStream lines = new();
        using (CofWriter writer = new(lines, s_exact)) writer.Write(rows);
        using CofReaderScope reader = new(lines.ToArray());
        Assert.True(reader.Read(), string.Join(", ", reader.Report.Faults) + Encoding.UTF8.GetString(lines.ToArray()));
        ObservationRows back = new();
        back.Add(reader.Current);
        Assert.Equal(Convert.ToHexString(rows.Packed), Convert.ToHexString(back.Packed));
        Assert.False(reader.Read());
    }

    [Fact]
    public async Task The_same_lines_count_once_however_they_are_cut_and_rows_with_one_key_are_one_row()
    {
        byte[] lines = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 500).Select(i =>
            $$"""{"rrname":"w{{i % 100}}.example.com","rrtype":"A","rdata":["192.0.2.1"],"time_first":{{i}},"time_last":{{i + 1}},"bailiwick":"example.com"}""" + "\n")));
        await using MemoryObservationStore store = new();
        CofImport import = await ImportAsync(lines, store, rowsPerBatch: 30);
        Assert.Equal(500, import.Rows.Total);
        Assert.Equal(import.Report.Rows, import.Rows.Total);
        byte[] once = await ExportAsync(store);
        await ImportAsync(lines, store, rowsPerBatch: 30);
        Assert.Equal(Encoding.UTF8.GetString(once), Encoding.UTF8.GetString(await ExportAsync(store)));
        await using MemoryObservationStore whole = new();
        import = await ImportAsync(lines, whole);
        Assert.Equal((100, 400), (import.Rows[CofRowFate.Observed], import.Rows[CofRowFate.Merged]));
        Assert.Equal(Encoding.UTF8.GetString(once), Encoding.UTF8.GetString(await ExportAsync(whole)));
        List<Observation> found = [];
        await foreach (Observation row in whole.FindAsync(s_everything with { Limit = 1 })) found.Add(row);
        Assert.Equal([new SensorId("other").Fingerprint], found[0].History.Witnesses);
    }

    [Fact]
    public async Task A_store_is_merged_once_and_refused_when_it_has_grown()
    {
        await using MemoryObservationStore source = new(), target = new();
        await source.WriteAsync(Mixed());
        for (int round = 0; round < 2; round++)
        {
            StoreMerge merge = await StoreMerge.OpenAsync(source, target, new("site-b"));
            await foreach (ObservationBatch batch in merge.ReadAsync()) Assert.Equal(round == 0 ? WriteResult.Applied : WriteResult.AlreadyApplied, await target.WriteAsync(batch));
            Assert.Equal(Encoding.UTF8.GetString(await ExportAsync(source)), Encoding.UTF8.GetString(await ExportAsync(target)));
        }

        List<uint[]> witnesses = [];
        await foreach (Observation row in target.FindAsync(s_everything)) witnesses.Add([.. row.History.Witnesses]);
        Assert.All(witnesses, row => Assert.Equal([new SensorId("s1").Fingerprint], row)); // those who saw it, not those who copied it
        await source.WriteAsync(new BatchBuilder(epoch: 2).Add("new.example.com", "A", "192.0.2.9").Build(1));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await StoreMerge.OpenAsync(source, target, new("site-b")));
    }

    private sealed class CofReaderScope(byte[] lines) : IDisposable
    {
        private readonly CofReader _reader = new(PipeReader.Create(new(lines)));

        public CofReport Report => _reader.Report;

        public ObservationRow Current => _reader.Current;

        public bool Read() => _reader.ReadAsync().AsTask().GetAwaiter().GetResult();

        public void Dispose() => _reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}
