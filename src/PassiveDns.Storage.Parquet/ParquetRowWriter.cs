using System.Globalization;
using System.Text;
using System.Text.Json;
using Parquet;
using Parquet.Schema;

namespace PassiveDns.Storage.Parquet;

/// <summary>Writes rows as a Parquet file, row group by row group. docs/exchange-formats.md describes the columns.</summary>
public sealed class ParquetRowWriter : IAsyncDisposable
{
    private const int RowsPerGroup = 100_000;
    private const long OctetsPerGroup = 64 << 20;
    private const long MaxTime = 253_402_300_799; // the end of the year 9999, up to where other programs have timestamps

    private static readonly string[] s_provenances = [.. Enum.GetValues<Provenance>().Select(word => JsonNamingPolicy.KebabCaseLower.ConvertName(word.ToString()))];

    private static readonly (SightingFolding Flag, string Word)[] s_foldings =
        [.. Enum.GetValues<SightingFolding>().Where(flag => flag != SightingFolding.None).Select(flag => (flag, JsonNamingPolicy.KebabCaseLower.ConvertName(flag.ToString())))];

    private readonly ParquetWriter _writer;
    private readonly Column<ReadOnlyMemory<char>> _rrName, _rrType, _bailiwick, _provenance, _rdata, _folded;
    private readonly Column<int> _rrTypeNumber;
    private readonly Column<DateTime> _timeFirst, _timeLast, _intervalFirst, _intervalLast;
    private readonly Column<long> _count, _minTimeToLive, _maxTimeToLive, _intervalCount, _witnesses;
    private readonly Column<bool> _coarsened;
    private readonly Column<ReadOnlyMemory<byte>> _wire, _namesSketch;
    private byte[] _text = new byte[4096];
    private int _rows;
    private long _octets;
    private bool _isComplete;

    private ParquetRowWriter(ParquetWriter writer, DataField[] fields)
    {
        _writer = writer;
        _rrName = new(fields[RowColumns.RrName]);
        _rrType = new(fields[RowColumns.RrType]);
        _rrTypeNumber = new(fields[RowColumns.RrTypeNumber]);
        _bailiwick = new(fields[RowColumns.Bailiwick]);
        _provenance = new(fields[RowColumns.Provenance]);
        _timeFirst = new(fields[RowColumns.TimeFirst]);
        _timeLast = new(fields[RowColumns.TimeLast]);
        _count = new(fields[RowColumns.Count]);
        _minTimeToLive = new(fields[RowColumns.MinTimeToLive]);
        _maxTimeToLive = new(fields[RowColumns.MaxTimeToLive]);
        _coarsened = new(fields[RowColumns.Coarsened]);
        _rdata = new(fields[RowColumns.Rdata]);
        _wire = new(fields[RowColumns.Wire]);
        _intervalFirst = new(fields[RowColumns.IntervalFirst]);
        _intervalLast = new(fields[RowColumns.IntervalLast]);
        _intervalCount = new(fields[RowColumns.IntervalCount]);
        _witnesses = new(fields[RowColumns.Witnesses]);
        _folded = new(fields[RowColumns.Folded]);
        _namesSketch = new(fields[RowColumns.NamesSketch]);
    }

    /// <summary>Begins a file.</summary>
    /// <param name="destination">Where it goes, empty; it stays open.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async ValueTask<ParquetRowWriter> CreateAsync(Stream destination, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(destination);
        ParquetSchema schema = RowColumns.Create();
        ParquetOptions options = new() { CompressionMethod = CompressionMethod.Zstd };
        ParquetWriter writer = await ParquetWriter.CreateAsync(schema, destination, options, false, cancellationToken).ConfigureAwait(false);
        return new(writer, schema.GetDataFields());
    }

    /// <summary>Writes the rows of a page. Memory holds one row group, of 100,000 rows or 64 MiB.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="InvalidOperationException">A row was seen behind the year 9999, for which Parquet's readers have no time: export as batches.</exception>
    public async ValueTask WriteAsync(ObservationRows rows, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        Add(rows);
        if (_rows >= RowsPerGroup || _octets >= OctetsPerGroup) await FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes what is left and the end of the file, without which it cannot be read.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask CompleteAsync(CancellationToken cancellationToken = default)
    {
        if (_isComplete) return;
        _isComplete = true;
        if (_rows > 0) await FlushAsync(cancellationToken).ConfigureAwait(false);
        await _writer.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Lets go. A file that was not completed has no end and is none.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void Add(ObservationRows rows)
    {
        foreach (ObservationRow row in rows) Add(row);
        _octets += 3 * (long)rows.Packed.Length; // texts are that much longer, about
    }

    private void Add(in ObservationRow row)
    {
        SightingHistory history = SightingCodec.Decode(row.History);
        if (history.LastSeen > MaxTime) throw new InvalidOperationException("A row was seen behind the year 9999, for which Parquet's readers have no time: export as batches.");
        _rows++;
        _rrName.Add(Name(row.RrName));
        _rrType.Add(RecordTypeNames.Format(row.Type).AsMemory());
        _rrTypeNumber.Add((int)row.Type);
        _bailiwick.Add(Name(row.Bailiwick));
        _provenance.Add(s_provenances[(int)row.Provenance - 1].AsMemory());
        _timeFirst.Add(Time(history.FirstSeen));
        _timeLast.Add(Time(history.LastSeen));
        _count.Add(history.Count);
        AddOrNothing(_minTimeToLive, history.MinTimeToLive);
        AddOrNothing(_maxTimeToLive, history.MaxTimeToLive);
        _coarsened.Add(history.IsCoarsened);
        AddRdata(row);
        for (int i = 0; i < history.Intervals.Length; i++)
        {
            _intervalFirst.Add(Time(history.Intervals[i].First), i == 0);
            _intervalLast.Add(Time(history.Intervals[i].Last), i == 0);
            _intervalCount.Add(history.Intervals[i].Count, i == 0);
        }

        for (int i = 0; i < history.Witnesses.Length; i++) _witnesses.Add(history.Witnesses[i], i == 0);
        if (history.Witnesses.IsEmpty) _witnesses.AddNothing();
        AddFolding(history);
    }

    private void AddFolding(SightingHistory history)
    {
        bool isFirst = true;
        foreach ((SightingFolding flag, string word) in s_foldings)
        {
            if ((history.Folding & flag) == 0) continue;
            _folded.Add(word.AsMemory(), isFirst);
            isFirst = false;
        }

        if (isFirst) _folded.AddNothing();
        if (history.PackedNames.IsEmpty) _namesSketch.AddNothing();
        else _namesSketch.Add(history.PackedNames.ToArray());
    }

    private void AddRdata(in ObservationRow row)
    {
        bool isFirst = true;
        foreach (ReadOnlySpan<byte> record in row.Rdata)
        {
            int length;
            while (!RdataText.TryFormat(row.Type, record, _text, out length)) _text = new byte[2 * _text.Length];
            _rdata.Add(Encoding.ASCII.GetString(_text.AsSpan(0, length)).AsMemory(), isFirst);
            _wire.Add(record.ToArray(), isFirst);
            isFirst = false;
        }
    }

    private static void AddOrNothing(Column<long> column, uint? value)
    {
        if (value is { } known) column.Add(known);
        else column.AddNothing();
    }

    private ReadOnlyMemory<char> Name(ReadOnlySpan<byte> wire)
    {
        if (!DomainName.TryFromWire(wire, out DomainName name)) throw new FormatException("A name in a row is damaged.");
        name.TryFormat(_text, out int length, default, CultureInfo.InvariantCulture);
        return Encoding.ASCII.GetString(_text.AsSpan(0, length > 1 ? length - 1 : length)).AsMemory(); // without the final dot, as in the Common Output Format
    }

    private static DateTime Time(long seconds) => DateTime.UnixEpoch.AddSeconds(seconds);

    private async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        using ParquetRowGroupWriter group = _writer.CreateRowGroup();
        await _rrName.WriteAsync(group, cancellationToken).ConfigureAwait(false);
        await _rrType.WriteAsync(group, cancellationToken).ConfigureAwait(false);
        await _rrTypeNumber.WriteAsync(group, cancellationToken).ConfigureAwait(false);
        await _bailiwick.WriteAsync(group, cancellationToken).ConfigureAwait(false);
        await _provenance.WriteAsync(group, cancellationToken).ConfigureAwait(false);
        await _timeFirst.WriteAsync(group, cancellationToken).ConfigureAwait(false);
        await _timeLast.WriteAsync(group, cancellationToken).ConfigureAwait(false);
        await _count.WriteAsync(group, cancellationToken).ConfigureAwait(false);
        await _minTimeToLive.WriteAsync(group, cancellationToken).ConfigureAwait(false);
        await _maxTimeToLive.WriteAsync(group, cancellationToken).ConfigureAwait(false);
        await _coarsened.WriteAsync(group, cancellationToken).ConfigureAwait(false);
        await _rdata.WriteAsync(group, cancellationToken).ConfigureAwait(false);
        await _wire.WriteAsync(group, cancellationToken).ConfigureAwait(false);
        await _intervalFirst.WriteAsync(group, cancellationToken).ConfigureAwait(false);
        await _intervalLast.WriteAsync(group, cancellationToken).ConfigureAwait(false);
        await _intervalCount.WriteAsync(group, cancellationToken).ConfigureAwait(false);
        await _witnesses.WriteAsync(group, cancellationToken).ConfigureAwait(false);
        await _folded.WriteAsync(group, cancellationToken).ConfigureAwait(false);
        await _namesSketch.WriteAsync(group, cancellationToken).ConfigureAwait(false);
        (_rows, _octets) = (0, 0);
    }
}
