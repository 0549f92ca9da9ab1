using System.Globalization;
using PassiveDns.Storage;
using PassiveDns.Tool.Input;

namespace PassiveDns.Tool.Output;

/// <summary>What a store holds, for people or programs.</summary>
internal static class StatusOutput
{
    /// <summary>Writes a table.</summary>
    /// <param name="terminal">Where it is shown.</param>
    /// <param name="status">What the store holds.</param>
    public static void WriteTable(Terminal terminal, StoreStatus status)
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        ColumnTable table = new(["", ""]);
        table.Add("kind", status.Kind);
        table.Add("rows", status.Rows.ToString("N0", culture) + (status.RowsAreEstimated ? " (estimate)" : ""));
        table.Add("size", Quantity.Bytes(status.Bytes));
        table.Add("first seen", status.FirstSeen is { } first ? TimeText.Format(first) : "never");
        table.Add("last seen", status.LastSeen is { } last ? TimeText.Format(last) : "never");
        table.Add("interval gap", string.Create(culture, $"{status.IntervalGap.TotalHours:0.##} h"));
        foreach ((SensorId sensor, long batches) in Sorted(status)) table.Add($"sensor {sensor}", Quantity.Of(batches, "batch", "batches"));
        table.WriteTo(terminal);
    }

    /// <summary>Writes one JSON object.</summary>
    /// <param name="output">Where it goes.</param>
    /// <param name="status">What the store holds.</param>
    public static void WriteJson(TextWriter output, StoreStatus status) => JsonOutput.Write(output, json =>
    {
        json.WriteString("kind", status.Kind);
        json.WriteNumber("rows", status.Rows);
        json.WriteBoolean("rows_are_estimated", status.RowsAreEstimated);
        json.WriteNumber("bytes", status.Bytes);
        JsonOutput.WriteTime(json, "time_first", status.FirstSeen);
        JsonOutput.WriteTime(json, "time_last", status.LastSeen);
        json.WriteNumber("interval_gap_seconds", (long)status.IntervalGap.TotalSeconds);
        json.WriteStartObject("batches_by_sensor");
        foreach ((SensorId sensor, long batches) in Sorted(status)) json.WriteNumber(sensor.Value, batches);
        json.WriteEndObject();
    });

    private static IEnumerable<KeyValuePair<SensorId, long>> Sorted(StoreStatus status) =>
        status.BatchesBySensor.OrderBy(pair => pair.Key.Value, StringComparer.Ordinal);
}
