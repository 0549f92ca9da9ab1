using System.Globalization;
using PassiveDns.Tool.Input;

namespace PassiveDns.Tool.Output;

/// <summary>The account of a zone file. What came into each stage stands as the sum of all that became of it.</summary>
internal static class ZoneSummary
{
    /// <summary>Writes the account for people.</summary>
    /// <param name="terminal">Where it is shown.</param>
    /// <param name="report">What the reader counted.</param>
    /// <param name="snapshot">What was made of the records.</param>
    /// <param name="facts">What was imported.</param>
    public static void Write(Terminal terminal, ZoneReport report, ZoneSnapshot snapshot, ZoneFacts facts)
    {
        TextWriter output = terminal.Output;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"imported zone {facts.Zone} as it was at {TimeText.Format(facts.Options.Time)} UTC as sensor {facts.Options.Sensor} in {facts.Elapsed.TotalSeconds:0.0} s"));
        output.WriteLine();
        AccountTable.Write(terminal, Account(report, snapshot), stage => stage);
        output.WriteLine();
        AccountTable.WriteBalance(output, IsBalanced(report, snapshot));
        output.WriteLine(facts.Written.ToString());
        output.Flush();
    }

    /// <summary>Writes the account as one JSON object.</summary>
    /// <param name="output">Where it goes.</param>
    /// <param name="report">What the reader counted.</param>
    /// <param name="snapshot">What was made of the records.</param>
    /// <param name="facts">What was imported.</param>
    public static void WriteJson(TextWriter output, ZoneReport report, ZoneSnapshot snapshot, ZoneFacts facts) => JsonOutput.Write(output, json =>
    {
        json.WriteString("file", facts.File);
        json.WriteString("zone", facts.Zone.ToString());
        json.WriteNumber("time", facts.Options.Time);
        json.WriteString("sensor", facts.Options.Sensor.Value);
        json.WriteString("epoch", facts.Options.Epoch.ToString("x16", CultureInfo.InvariantCulture));
        json.WriteNumber("seconds", Math.Round(facts.Elapsed.TotalSeconds, 3));
        json.WriteNumber("rows", snapshot.Rows);
        facts.Written.Write(json);
        json.WriteBoolean("may_have_split_rrsets", snapshot.MayHaveSplitRrsets);
        json.WriteBoolean("balanced", IsBalanced(report, snapshot));
        JsonOutput.WriteAccount(json, Account(report, snapshot));
        json.WriteStartArray("faults");
        foreach (ZoneFault fault in report.Faults)
        {
            json.WriteStartObject();
            json.WriteString("error", Word(fault.Error));
            json.WriteNumber("line", fault.Line);
            json.WriteNumber("column", fault.Column);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    /// <summary>A fault in a word: <c>unknown-type</c>.</summary>
    /// <param name="error">The fault.</param>
    public static string Word(ZoneError error) => System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(error.ToString());

    private static StageCount[] Account(ZoneReport report, ZoneSnapshot snapshot) =>
        [.. report.ToAccount(), .. snapshot.Records.ToAccount("records", fate => fate is ZoneRecordFate.NotInternet or ZoneRecordFate.RrsetTooLarge)];

    private static bool IsBalanced(ZoneReport report, ZoneSnapshot snapshot) => report.Entries[ZoneEntryFate.Record] == snapshot.Records.Total;
}
