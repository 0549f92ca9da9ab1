using System.Text.Json;
using PassiveDns.Capture;

namespace PassiveDns.Tool.Output;

/// <summary>The account of an import or of a live capture as one JSON object.</summary>
internal static class RunJson
{
    /// <summary>Writes the object.</summary>
    /// <param name="output">Where it goes.</param>
    /// <param name="report">The account.</param>
    /// <param name="run">What was read.</param>
    public static void Write(TextWriter output, PipelineReport report, RunFacts run) => JsonOutput.Write(output, json =>
    {
        json.WriteStartArray(run.Kind);
        foreach (string input in run.Inputs) json.WriteStringValue(input);
        json.WriteEndArray();
        json.WriteString("sensor", run.Sensor.Value);
        json.WriteString("epoch", run.Epoch.ToString("x16", System.Globalization.CultureInfo.InvariantCulture));
        json.WriteBoolean("complete", run.IsComplete);
        json.WriteNumber("seconds", Math.Round(run.Elapsed.TotalSeconds, 3));
        json.WriteNumber("bytes", report.Sources.Sum(source => source.Capture.BytesRead));
        json.WriteNumber("packets", report.Sources.Sum(source => source.Capture.Packets));
        json.WriteNumber("messages", report.Sources.Sum(source => source.Capture.Messages));
        json.WriteNumber("responses", report.Aggregation.Responses);
        json.WriteNumber("rrsets", report.Aggregation.Rrsets);
        json.WriteNumber("verified_share", Math.Round(report.Aggregation.VerifiedShare, 4));
        json.WriteNumber("nonstandard_compression", report.Aggregation.NonstandardCompression);
        WriteWritten(json, report);
        JsonOutput.WriteAccount(json, report.Account);
        WriteTexts(json, "imbalances", report.FindImbalances());
        WriteTexts(json, "notes", report.Sources.SelectMany(source => source.Capture.Notes));
        json.WriteStartArray("damage");
        foreach (CaptureDamage damage in RunSummary.Damage(report))
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
