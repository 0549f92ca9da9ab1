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
    /// <param name="statistics">How it is laid out, if it tells.</param>
    public static void WriteTable(Terminal terminal, StoreStatus status, StoreStatistics? statistics)
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
        if (statistics is { Deletions: > 0 }) table.Add("deletions", Deletions(statistics));
        table.WriteTo(terminal);
        if (statistics is not null) WriteLayout(terminal, statistics);
    }

    /// <summary>Writes one JSON object.</summary>
    /// <param name="output">Where it goes.</param>
    /// <param name="status">What the store holds.</param>
    /// <param name="statistics">How it is laid out, if it tells.</param>
    public static void WriteJson(TextWriter output, StoreStatus status, StoreStatistics? statistics) => JsonOutput.Write(output, json =>
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
        if (statistics is not null) WriteLayout(json, statistics);
    });

    private static string Deletions(StoreStatistics statistics)
    {
        string text = Quantity.Of(statistics.Deletions, "in force", "in force");
        return statistics.FilesWithDeletedRows == 0 ? text : $"{text}; {Quantity.Of(statistics.FilesWithDeletedRows, "file still has", "files still have")} the octets, see pdns compact";
    }

    private static void WriteLayout(Terminal terminal, StoreStatistics statistics)
    {
        terminal.Output.WriteLine();
        ColumnTable table = new(["part", "files", "entries", "size"], numeric: 2);
        foreach (KeyspaceStatistics space in statistics.Keyspaces)
        {
            table.Add(space.Name, "", AccountTable.Number(space.Entries) + (space.EntriesAreEstimated ? " (estimate)" : ""), space.Bytes is { } bytes ? Quantity.Bytes(bytes) : "");
        }

        foreach (TierStatistics tier in statistics.Tiers) table.Add($"tier {tier.Tier}", AccountTable.Number(tier.Files), AccountTable.Number(tier.Entries), Quantity.Bytes(tier.Bytes));
        table.Add("memory", "", "", Quantity.Bytes(statistics.MemoryBytes));
        table.Add("logs", "", "", Quantity.Bytes(statistics.LogBytes));
        table.WriteTo(terminal);
    }

    private static void WriteLayout(System.Text.Json.Utf8JsonWriter json, StoreStatistics statistics)
    {
        json.WriteStartObject("keyspaces");
        foreach (KeyspaceStatistics space in statistics.Keyspaces)
        {
            json.WriteStartObject(space.Name);
            json.WriteNumber("entries", space.Entries);
            json.WriteBoolean("entries_are_estimated", space.EntriesAreEstimated);
            if (space.Bytes is { } bytes) json.WriteNumber("bytes", bytes);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteStartArray("tiers");
        foreach (TierStatistics tier in statistics.Tiers)
        {
            json.WriteStartObject();
            json.WriteNumber("tier", tier.Tier);
            json.WriteNumber("files", tier.Files);
            json.WriteNumber("entries", tier.Entries);
            json.WriteNumber("bytes", tier.Bytes);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("memory_bytes", statistics.MemoryBytes);
        json.WriteNumber("log_bytes", statistics.LogBytes);
        json.WriteNumber("deletions", statistics.Deletions);
        json.WriteNumber("files_with_deleted_rows", statistics.FilesWithDeletedRows);
    }

    private static IEnumerable<KeyValuePair<SensorId, long>> Sorted(StoreStatus status) =>
        status.BatchesBySensor.OrderBy(pair => pair.Key.Value, StringComparer.Ordinal);
}
