using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace PassiveDns.Aggregation;

/// <summary>
/// Writes negative evidence as lines of JSON, one object for each name, type and zone of a window: the form in which it is kept until somebody asks, apart from
/// observations.
/// </summary>
/// <remarks>
/// <code>
/// {"name":"gone.example.com.","kind":"name-error","zone":"example.com.","time_first":1700000000,"time_last":1700000300,"count":3,"ttl_min":60,"ttl_max":60,
///  "sensor_id":"s1","epoch":7,"sequence":1}
/// </code>
/// <c>kind</c> is <c>name-error</c> (NXDOMAIN) or <c>no-data</c>, which goes with <c>type</c>. <c>folded_names</c> is there if the name is a wildcard that
/// stands for about so many names. Lines with the same sensor, epoch and sequence are one batch: whoever loads them counts it once.
/// </remarks>
public sealed class NegativeEvidenceLines
{
    private static readonly JsonWriterOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly Stream _stream;
    private readonly ArrayBufferWriter<byte> _buffer = new(1 << 16);

    /// <summary>Writes onto a stream, which stays the caller's.</summary>
    /// <param name="stream">Takes whole lines.</param>
    public NegativeEvidenceLines(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        _stream = stream;
    }

    /// <summary>Writes a batch and flushes the stream: what <c>PipelineOptions.NegativeEvidence</c> takes.</summary>
    /// <param name="batch">The batch.</param>
    /// <exception cref="IOException">The stream failed.</exception>
    public async ValueTask WriteAsync(NegativeEvidenceBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        foreach (NegativeEvidence item in batch.Items)
        {
            Write(batch.Id, item);
            if (_buffer.WrittenCount >= 1 << 16) await HandOnAsync().ConfigureAwait(false);
        }

        await HandOnAsync().ConfigureAwait(false);
        await _stream.FlushAsync().ConfigureAwait(false);
    }

    private void Write(BatchId id, NegativeEvidence item)
    {
        using (Utf8JsonWriter json = new(_buffer, s_json))
        {
            json.WriteStartObject();
            json.WriteString("name"u8, item.Name.ToString());
            if (item.Kind == NegativeKind.NoData) json.WriteString("type"u8, RecordTypeNames.Format(item.Type));
            json.WriteString("kind"u8, item.Kind == NegativeKind.NoData ? "no-data"u8 : "name-error"u8);
            json.WriteString("zone"u8, item.Zone.ToString());
            json.WriteNumber("time_first"u8, item.Sighting.FirstSeen);
            json.WriteNumber("time_last"u8, item.Sighting.LastSeen);
            json.WriteNumber("count"u8, item.Sighting.Count);
            json.WriteNumber("ttl_min"u8, item.Sighting.MinTimeToLive);
            json.WriteNumber("ttl_max"u8, item.Sighting.MaxTimeToLive);
            if (item.FoldedNames > 0) json.WriteNumber("folded_names"u8, item.FoldedNames);
            json.WriteString("sensor_id"u8, id.Sensor.ToString());
            json.WriteNumber("epoch"u8, id.Epoch);
            json.WriteNumber("sequence"u8, id.Sequence);
            json.WriteEndObject();
        }

        _buffer.Write("\n"u8);
    }

    private async ValueTask HandOnAsync()
    {
        await _stream.WriteAsync(_buffer.WrittenMemory).ConfigureAwait(false);
        _buffer.ResetWrittenCount();
    }
}
