using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace PassiveDns.Storage.Cof;

/// <summary>
/// Writes rows in the Common Output Format (draft-dulaunoy-dnsop-passive-dns-cof-13): one JSON object a line, lines ended by LF alone.
/// The media type is <c>application/x-ndjson</c>.
/// </summary>
public sealed class CofWriter : IDisposable
{
    private const int MaxNameText = 4 * DomainName.MaxWireLength;

    private static readonly JsonWriterOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly IBufferWriter<byte> _lines;
    private readonly Stream? _stream;
    private readonly ArrayBufferWriter<byte>? _buffer;
    private readonly Utf8JsonWriter _json;
    private readonly CofOptions _options;
    private byte[] _text = new byte[2 * MaxNameText];

    /// <summary>Writes into a buffer.</summary>
    /// <param name="destination">Takes whole lines.</param>
    /// <param name="options">The options, or <c>null</c> for the defaults.</param>
    public CofWriter(IBufferWriter<byte> destination, CofOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(destination);
        _lines = destination;
        _options = options ?? CofOptions.Default;
        _json = new(destination, s_json);
    }

    /// <summary>Writes onto a stream, buffered; <see cref="Flush"/> or <see cref="Dispose"/> hands on what is left. The stream stays open.</summary>
    /// <param name="destination">Takes whole lines.</param>
    /// <param name="options">The options, or <c>null</c> for the defaults.</param>
    public CofWriter(Stream destination, CofOptions? options = null)
        : this(new ArrayBufferWriter<byte>(1 << 16), options)
    {
        ArgumentNullException.ThrowIfNull(destination);
        _stream = destination;
        _buffer = (ArrayBufferWriter<byte>)_lines;
    }

    /// <summary>Writes the rows of a page.</summary>
    /// <param name="rows">The rows.</param>
    public void Write(ObservationRows rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        foreach (ObservationRow row in rows) Write(row);
    }

    /// <summary>Writes a row.</summary>
    /// <param name="row">The row.</param>
    /// <exception cref="FormatException">The row's history is damaged.</exception>
    public void Write(scoped in ObservationRow row)
    {
        if (!SightingCodec.TryReadBounds(row.History, out SightingInterval life)) throw new FormatException("A packed sighting history is damaged.");
        _json.Reset();
        _json.WriteStartObject();
        WriteName("rrname"u8, row.RrName);
        WriteType(row.Type);
        WriteRdata(row);
        WriteTimes(row, life);
        _json.WriteNumber("count"u8, life.Count);
        WriteName("bailiwick"u8, row.Bailiwick);
        WriteFolding(row.History);
        if (_options.EmitIntervals) WriteIntervals(row.History);
        if (_options.EmitTimesToLive || _options.EmitWitnesses) WriteSources(row.History);
        if (_options.EmitWire) WriteWire(row.Rdata);
        if (_options.EmitProvenance) _json.WriteString("provenance"u8, CofProvenance.Word(row.Provenance));
        if (_options.SensorId is { } sensor) _json.WriteString("sensor_id"u8, sensor);
        if (_options.Origin is { } origin) _json.WriteString("origin"u8, origin.AbsoluteUri);
        _json.WriteEndObject();
        _json.Flush();
        _lines.Write("\n"u8);
        if (_buffer?.WrittenCount >= 1 << 16) Flush();
    }

    /// <summary>Hands buffered lines to the stream. Means nothing for a writer into a buffer.</summary>
    public void Flush()
    {
        if (_stream is null || _buffer is null) return;
        _stream.Write(_buffer.WrittenSpan);
        _buffer.ResetWrittenCount();
    }

    /// <summary>Hands on what is left; the stream stays open.</summary>
    public void Dispose()
    {
        Flush();
        _json.Reset(); // nothing is pending between rows, and disposing alone would write to a stream that may be gone
        _json.Dispose();
    }

    private void WriteName(ReadOnlySpan<byte> property, ReadOnlySpan<byte> wire)
    {
        if (!DomainName.TryFromWire(wire, out DomainName name)) throw new FormatException("A name in a row is damaged.");
        name.TryFormat(_text, out int length, default, CultureInfo.InvariantCulture);
        if (!_options.TrailingDot && length > 1) length--; // the root stays "."
        _json.WriteString(property, _text.AsSpan(0, length));
    }

    private void WriteType(RecordType type)
    {
        if (type.IsNamed() || !_options.NumericUnknownTypes) _json.WriteString("rrtype"u8, RecordTypeNames.Format(type));
        else _json.WriteNumber("rrtype"u8, (int)type);
    }

    private void WriteRdata(in ObservationRow row)
    {
        _json.WritePropertyName("rdata"u8);
        bool isArray = _options.RdataAsArray || row.Rdata.Count != 1;
        if (isArray) _json.WriteStartArray();
        foreach (ReadOnlySpan<byte> record in row.Rdata)
        {
            int length;
            while (!RdataText.TryFormat(row.Type, record, _text, out length)) _text = new byte[2 * _text.Length];
            _json.WriteStringValue(_text.AsSpan(0, length));
        }

        if (isArray) _json.WriteEndArray();
    }

    /// <summary>Always written, so that nobody takes a summary for an answer.</summary>
    private void WriteFolding(ReadOnlySpan<byte> history)
    {
        SightingFolding folding = SightingCodec.ReadFolding(history);
        if (folding == SightingFolding.None) return;
        _json.WriteStartArray("folded"u8);
        foreach ((SightingFolding flag, byte[] word) in CofFolding.Words)
        {
            if ((folding & flag) != 0) _json.WriteStringValue(word);
        }

        _json.WriteEndArray();
        SightingHistory whole = SightingCodec.Decode(history);
        if (whole.PackedNames.IsEmpty) return;
        _json.WriteNumber("distinct_names"u8, whole.DistinctNames);
        _json.WriteBase64String("names_sketch"u8, whole.PackedNames.AsSpan());
    }

    private void WriteIntervals(ReadOnlySpan<byte> history)
    {
        _json.WriteStartArray("intervals"u8);
        SightingHistory all = SightingCodec.Decode(history);
        foreach (SightingInterval interval in all.Intervals)
        {
            _json.WriteStartArray();
            _json.WriteNumberValue(interval.First);
            _json.WriteNumberValue(interval.Last);
            _json.WriteNumberValue(interval.Count);
            _json.WriteEndArray();
        }

        _json.WriteEndArray();
        if (all.IsCoarsened) _json.WriteBoolean("coarsened"u8, true);
    }

    private void WriteSources(ReadOnlySpan<byte> history)
    {
        if (!SightingCursor.TryOpen(history, out SightingCursor cursor)) return; // its bounds were read before
        if (_options.EmitTimesToLive && cursor.HasTtl)
        {
            _json.WriteNumber("ttl_min"u8, cursor.MinTtl);
            _json.WriteNumber("ttl_max"u8, cursor.MaxTtl);
        }

        if (!_options.EmitWitnesses) return;
        _json.WriteStartArray("witnesses"u8);
        for (int i = 0; i < cursor.WitnessCount; i++) _json.WriteStringValue(cursor.Witness(i).ToString("x8", CultureInfo.InvariantCulture));
        _json.WriteEndArray();
    }

    /// <summary>What was read from a zone file was not seen in traffic, and has times of its own name (COF section on additional fields).</summary>
    private void WriteTimes(in ObservationRow row, SightingInterval life)
    {
        if (row.Provenance == Provenance.ZoneFile)
        {
            _json.WriteNumber("zone_time_first"u8, life.First);
            _json.WriteNumber("zone_time_last"u8, life.Last);
            return;
        }

        _json.WriteNumber("time_first"u8, life.First);
        _json.WriteNumber("time_last"u8, life.Last);
        if (!_options.EmitMilliseconds) return;
        _json.WriteNumber("time_first_ms"u8, life.First * 1000);
        _json.WriteNumber("time_last_ms"u8, life.Last * 1000);
    }

    private void WriteWire(RdataSet rdata)
    {
        _json.WriteStartArray("rdata_wire"u8);
        foreach (ReadOnlySpan<byte> record in rdata) _json.WriteStringValue(Convert.ToHexStringLower(record));
        _json.WriteEndArray();
    }
}
