using System.Text.Json;
using PassiveDns.Capture;

namespace PassiveDns.Tool.Output;

/// <summary>The account of an import as one JSON object.</summary>
internal static class ImportJson
{
    /// <summary>Writes the object.</summary>
    /// <param name="output">Where it goes.</param>
    /// <param name="report">The account.</param>
    /// <param name="import">What was imported.</param>
    public static void Write(TextWriter output, PipelineReport report, ImportFacts import) => JsonOutput.Write(output, json =>
    {
        json.WriteStartArray("files");
        foreach (string file in import.Files) json.WriteStringValue(file);
        json.WriteEndArray();
        json.WriteString("sensor", import.Sensor.Value);
        json.WriteString("epoch", import.Epoch.ToString("x16", System.Globalization.CultureInfo.InvariantCulture));
        json.WriteBoolean("complete", report.IsComplete);
        json.WriteNumber("seconds", Math.Round(import.Elapsed.TotalSeconds, 3));
        json.WriteNumber("bytes", report.Sources.Sum(source => source.Capture.BytesRead));
        json.WriteNumber("packets", report.Sources.Sum(source => source.Capture.Packets));
        json.WriteNumber("messages", report.Sources.Sum(source => source.Capture.Messages));
        json.WriteNumber("responses", report.Aggregation.Responses);
        json.WriteNumber("rrsets", report.Aggregation.Rrsets);
        json.WriteNumber("verified_share", Math.Round(report.Aggregation.VerifiedShare, 4));
        WriteWritten(json, report);
        JsonOutput.WriteAccount(json, report.Account);
        WriteTexts(json, "imbalances", report.FindImbalances());
        WriteTexts(json, "notes", report.Sources.SelectMany(source => source.Capture.Notes));
        json.WriteStartArray("damage");
        foreach (CaptureDamage damage in ImportSummary.Damage(report))
        {
            json.WriteStartObject();
            json.WriteString("file", damage.Input);
            json.WriteNumber("offset", damage.Offset);
            json.WriteString("problem", damage.Problem);
            json.WriteString("mend", damage.Mend);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private static void WriteWritten(Utf8JsonWriter json, PipelineReport report)
    {
        json.WriteNumber("batches_applied", report.BatchesApplied);
        json.WriteNumber("batches_already_applied", report.BatchesAlreadyApplied);
        json.WriteNumber("rows_applied", report.RowsApplied);
        json.WriteNumber("rows_already_applied", report.RowsAlreadyApplied);
        json.WriteNumber("write_retries", report.WriteRetries);
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (string text in texts) json.WriteStringValue(text);
        json.WriteEndArray();
    }
}
