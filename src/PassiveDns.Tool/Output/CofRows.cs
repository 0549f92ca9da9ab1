using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using PassiveDns.Tool.Input;

namespace PassiveDns.Tool.Output;

/// <summary>
/// Passive DNS Common Output Format (draft-dulaunoy-dnsop-passive-dns-cof-13): one JSON object a line, rrname without its final dot,
/// a type without a name as a number, rdata always as an array that is the whole set.
/// </summary>
/// <param name="output">Where the lines go.</param>
/// <param name="wire">Whether to add <c>rdata_wire</c>, the canonical rdata in hexadecimal.</param>
/// <param name="provenance">Whether to add <c>provenance</c>.</param>
internal sealed class CofRows(TextWriter output, bool wire, bool provenance) : IRowOutput
{
    private readonly ArrayBufferWriter<byte> _buffer = new(1 << 16);
    private readonly Utf8JsonWriter _json = new(Stream.Null, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <inheritdoc/>
    public void Write(ObservationRows rows)
    {
        foreach (ObservationRow row in rows)
        {
            _buffer.ResetWrittenCount();
            _json.Reset(_buffer);
            Write(row);
            _json.Flush();
            output.WriteLine(Encoding.UTF8.GetString(_buffer.WrittenSpan));
        }
    }

    /// <inheritdoc/>
    public void End() => output.Flush();

    /// <inheritdoc/>
    public void Dispose() => _json.Dispose();

    private void Write(ObservationRow row)
    {
        SightingCodec.TryReadBounds(row.History, out SightingInterval seen);
        _json.WriteStartObject();
        WriteName("rrname"u8, row.RrName);
        if (row.Type.IsNamed()) _json.WriteString("rrtype"u8, RecordTypeNames.Format(row.Type));
        else _json.WriteNumber("rrtype"u8, (int)row.Type);
        _json.WriteStartArray("rdata"u8);
        foreach (ReadOnlySpan<byte> record in row.Rdata) _json.WriteStringValue(RdataText.Format(row.Type, record));
        _json.WriteEndArray();
        _json.WriteNumber("time_first"u8, seen.First);
        _json.WriteNumber("time_last"u8, seen.Last);
        _json.WriteNumber("count"u8, seen.Count);
        WriteName("bailiwick"u8, row.Bailiwick);
        if (wire)
        {
            _json.WriteStartArray("rdata_wire"u8);
            foreach (ReadOnlySpan<byte> record in row.Rdata) _json.WriteStringValue(Convert.ToHexStringLower(record));
            _json.WriteEndArray();
        }

        if (provenance) _json.WriteString("provenance"u8, ProvenanceText.Format(row.Provenance));
        _json.WriteEndObject();
    }

    private void WriteName(ReadOnlySpan<byte> field, ReadOnlySpan<byte> wireName)
    {
        DomainName.TryFromWire(wireName, out DomainName name);
        _json.WriteString(field, NameDisplay.WithoutFinalDot(name.ToString()));
    }
}
