using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Parquet;
using Parquet.Schema;

namespace PassiveDns.Storage.Parquet;

/// <summary>
/// A Parquet file of observations as lines of the Common Output Format, a line a row: what <see cref="Cof.CofReader"/> and <see cref="Cof.CofImport"/> read, check
/// and count. Columns that are missing are missing fields; others are passed over.
/// </summary>
/// <remarks>
/// Reading throws <see cref="InvalidDataException"/> where the file is damaged, cut off or larger than it may be, which those readers count as damage. A row group is
/// held in memory as a whole; one that says to have more than 256 MiB or 4 million values in a column is refused.
/// </remarks>
public sealed class ParquetLineStream : Stream
{
    private const long MaxOctets = 256 << 20;
    private const long MaxEntries = 4 << 20;
    private const int LinesAtOnce = 500;

    private static readonly JsonWriterOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly Stream _file;
    private readonly ArrayBufferWriter<byte> _lines = new(1 << 16);
    private readonly Utf8JsonWriter _json;
    private ParquetReader? _reader;
    private RowGroup? _group;
    private int _nextGroup;
    private int _taken;

    /// <summary>Reads a file.</summary>
    /// <param name="file">The file; it must be seekable and stays open.</param>
    public ParquetLineStream(Stream file)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (!file.CanSeek) throw new ArgumentException("A Parquet file is read from its end: give a stream that can seek.", nameof(file));
        _file = file;
        _json = new(_lines, s_json);
    }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Whether a file begins as Parquet does.</summary>
    /// <param name="start">Its first octets; 4 are enough.</param>
    public static bool IsParquet(ReadOnlySpan<byte> start) => start.StartsWith("PAR1"u8);

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_taken == _lines.WrittenCount && !await FillAsync(cancellationToken).ConfigureAwait(false)) return 0;
        int length = Math.Min(buffer.Length, _lines.WrittenCount - _taken);
        _lines.WrittenMemory.Slice(_taken, length).CopyTo(buffer);
        _taken += length;
        return length;
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) _json.Dispose();
        base.Dispose(disposing);
    }

    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        _lines.ResetWrittenCount();
        _taken = 0;
        try
        {
            _reader ??= await ParquetReader.CreateAsync(_file, null, true, cancellationToken).ConfigureAwait(false);
            while (_group is null || _group.Rows == 0)
            {
                if (_nextGroup == _reader.RowGroupCount) return false;
                _group = await ReadGroupAsync(_reader, _nextGroup++, cancellationToken).ConfigureAwait(false);
            }

            for (int i = 0; i < LinesAtOnce && _group.Rows > 0; i++) WriteLine(_group);
            return true;
        }
        catch (Exception e) when (e is not (InvalidDataException or OperationCanceledException or OutOfMemoryException))
        {
            // The library tells damage by exceptions of many kinds, those of lists and arrays among them.
            throw new InvalidDataException($"The Parquet file is damaged: {e.Message}", e);
        }
    }

    private static async ValueTask<RowGroup> ReadGroupAsync(ParquetReader reader, int number, CancellationToken cancellationToken)
    {
        using ParquetRowGroupReader group = reader.OpenRowGroupReader(number);
        if (group.RowCount is < 0 or > MaxEntries) throw new InvalidDataException($"Row group {number} says to have {group.RowCount} rows; {MaxEntries} may be.");
        Dictionary<string, DataField> fields = [];
        foreach (DataField field in reader.Schema.GetDataFields()) fields.TryAdd(field.Path.ToString(), field);
        return await RowGroup.ReadAsync(
            group,
            name => fields.GetValueOrDefault(name),
            field => EntriesOf(group, field),
            cancellationToken).ConfigureAwait(false);
    }

    private static int EntriesOf(ParquetRowGroupReader group, DataField field)
    {
        long entries = group.GetMetadata(field)?.MetaData?.NumValues ?? 0;
        long octets = group.GetMetadata(field)?.MetaData?.TotalUncompressedSize ?? 0;
        return entries is >= 0 and <= MaxEntries && octets is >= 0 and <= MaxOctets
            ? (int)entries
            : throw new InvalidDataException($"Column {field.Path} says to have {entries} values in {octets} octets; {MaxEntries} in {MaxOctets} may be.");
    }

    private void WriteLine(RowGroup group)
    {
        group.Rows--;
        _json.Reset();
        _json.WriteStartObject();
        WriteText("rrname"u8, group.RrName);
        if (TryTake(group.RrTypeNumber, out int number)) _json.WriteNumber("rrtype"u8, number);
        else WriteText("rrtype"u8, group.RrType);
        WriteText("bailiwick"u8, group.Bailiwick);
        ReadOnlySpan<char> provenance = TryTake(group.Provenance, out ReadOnlyMemory<char> word) ? word.Span : default;
        if (!provenance.IsEmpty) _json.WriteString("provenance"u8, provenance);
        bool isZone = provenance.SequenceEqual("zone-file");
        WriteTime(isZone ? "zone_time_first"u8 : "time_first"u8, group.TimeFirst);
        WriteTime(isZone ? "zone_time_last"u8 : "time_last"u8, group.TimeLast);
        WriteNumber("count"u8, group.Count);
        WriteNumber("ttl_min"u8, group.MinTimeToLive);
        WriteNumber("ttl_max"u8, group.MaxTimeToLive);
        if (TryTake(group.Coarsened, out bool isCoarsened) && isCoarsened) _json.WriteBoolean("coarsened"u8, true);
        WriteRdata(group);
        WriteIntervals(group);
        WriteFolding(group);
        if (group.Witnesses is { } witnesses)
        {
            _json.WriteStartArray("witnesses"u8);
            foreach (long witness in witnesses.Next()) _json.WriteStringValue(((ulong)witness).ToString("x8", CultureInfo.InvariantCulture));
            _json.WriteEndArray();
        }

        _json.WriteEndObject();
        _json.Flush();
        _lines.Write("\n"u8);
    }

    private void WriteRdata(RowGroup group)
    {
        if (group.Rdata is { } texts)
        {
            _json.WriteStartArray("rdata"u8);
            foreach (ReadOnlyMemory<char> text in texts.Next()) _json.WriteStringValue(text.Span);
            _json.WriteEndArray();
        }

        if (group.Wire is not { } wires) return;
        _json.WriteStartArray("rdata_wire"u8);
        foreach (ReadOnlyMemory<byte> record in wires.Next()) _json.WriteStringValue(Convert.ToHexStringLower(record.Span));
        _json.WriteEndArray();
    }

    private void WriteFolding(RowGroup group)
    {
        ReadOnlySpan<ReadOnlyMemory<char>> words = group.Folded is { } folded ? folded.Next() : default;
        if (!words.IsEmpty)
        {
            _json.WriteStartArray("folded"u8);
            foreach (ReadOnlyMemory<char> word in words) _json.WriteStringValue(word.Span);
            _json.WriteEndArray();
        }

        if (TryTake(group.NamesSketch, out ReadOnlyMemory<byte> sketch)) _json.WriteBase64String("names_sketch"u8, sketch.Span);
    }

    private void WriteIntervals(RowGroup group)
    {
        if (group is not { IntervalFirst: { } firsts, IntervalLast: { } lasts, IntervalCount: { } counts }) return;
        ReadOnlySpan<DateTime> first = firsts.Next(), last = lasts.Next();
        ReadOnlySpan<long> count = counts.Next();
        if (first.Length != last.Length || first.Length != count.Length) throw new InvalidDataException("The columns of intervals do not fit together.");
        if (first.IsEmpty) return;
        _json.WriteStartArray("intervals"u8);
        for (int i = 0; i < first.Length; i++)
        {
            _json.WriteStartArray();
            _json.WriteNumberValue(Seconds(first[i]));
            _json.WriteNumberValue(Seconds(last[i]));
            _json.WriteNumberValue(count[i]);
            _json.WriteEndArray();
        }

        _json.WriteEndArray();
    }

    private void WriteText(ReadOnlySpan<byte> field, ReadColumn<ReadOnlyMemory<char>>? column)
    {
        if (TryTake(column, out ReadOnlyMemory<char> text)) _json.WriteString(field, text.Span);
    }

    private void WriteTime(ReadOnlySpan<byte> field, ReadColumn<DateTime>? column)
    {
        if (TryTake(column, out DateTime time)) _json.WriteNumber(field, Seconds(time));
    }

    private void WriteNumber(ReadOnlySpan<byte> field, ReadColumn<long>? column)
    {
        if (TryTake(column, out long number)) _json.WriteNumber(field, number);
    }

    /// <summary>Takes what the next row has in a column that is no list.</summary>
    private static bool TryTake<T>(ReadColumn<T>? column, out T value)
        where T : struct
    {
        ReadOnlySpan<T> taken = column is null ? default : column.Next();
        value = taken.Length == 1 ? taken[0] : default;
        return taken.Length == 1;
    }

    private static long Seconds(DateTime time) => (long)Math.Floor((time - DateTime.UnixEpoch).TotalSeconds);
}
