using PassiveDns.Storage;

namespace PassiveDns.Tool.Output;

/// <summary>What a deletion or a retention took away, for people or programs.</summary>
internal static class RemovalOutput
{
    /// <summary>Writes one line, or one JSON object.</summary>
    /// <param name="terminal">Where it is shown.</param>
    /// <param name="isJson">Whether for programs.</param>
    /// <param name="report">What went.</param>
    /// <param name="isDryRun">Whether it only would.</param>
    public static void Write(Terminal terminal, bool isJson, RemovalReport report, bool isDryRun)
    {
        if (isJson)
        {
            JsonOutput.Write(terminal.Output, json =>
            {
                json.WriteBoolean("dry_run", isDryRun);
                json.WriteNumber("rows", report.Rows);
                json.WriteNumber("removed", report.Removed);
                json.WriteNumber("changed", report.Changed);
                if (report.Deletion is { } deletion) json.WriteString("id", deletion.Id);
            });
            return;
        }

        string of = $"of {Quantity.Of(report.Rows, "row", "rows")} looked at";
        string changed = report.Changed == 0 ? "" : isDryRun
            ? $", {Quantity.Of(report.Changed, "row", "rows")} would lose a part"
            : $", {Quantity.Of(report.Changed, "row", "rows")} lost a part";
        terminal.Output.WriteLine(isDryRun ? $"Would remove {Quantity.Of(report.Removed, "row", "rows")} {of}{changed}." : $"Removed {Quantity.Of(report.Removed, "row", "rows")} {of}{changed}.");
        terminal.Output.Flush();
    }
}
