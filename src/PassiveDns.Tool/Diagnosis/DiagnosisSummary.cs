using System.Globalization;
using PassiveDns.Capture;
using PassiveDns.Tool.Commands;
using PassiveDns.Tool.Output;

namespace PassiveDns.Tool.Diagnosis;

/// <summary>What became of everything, by reason, and what to do about the reasons that weigh.</summary>
internal static class DiagnosisSummary
{
    private static readonly string[] s_stages = ["packets", "messages", "queries", "responses", "rrsets"];

    /// <summary>Writes the table and the advice.</summary>
    /// <param name="terminal">Where it is shown.</param>
    /// <param name="book">What became of everything.</param>
    /// <param name="report">What the source says.</param>
    /// <param name="afterLines">Whether lines stand before it.</param>
    public static void Write(Terminal terminal, CaseBook book, CaptureReport report, bool afterLines)
    {
        if (afterLines) terminal.Output.WriteLine();
        StageCount[] counts = [.. Ordered(book)];
        ColumnTable table = new(["stage", "what became of them", "count", "", "meaning"], numeric: 2);
        foreach (StageCount line in counts)
        {
            string meaning = Reasons.TryFind(line.Stage, line.Fate, out Reason? reason) ? InGeneral(reason) : "";
            table.Add(line.Stage, line.Fate, AccountTable.Number(line.Count), line.IsDrop ? "dropped" : "", meaning);
        }

        table.WriteTo(terminal);
        string[] advice = [.. Advice(counts), .. report.Notes];
        if (advice.Length > 0) terminal.Output.WriteLine();
        foreach (string sentence in advice) terminal.Output.WriteLine(sentence);
        terminal.Output.Flush();
    }

    /// <summary>Writes the same as one JSON object.</summary>
    /// <param name="output">Where it goes.</param>
    /// <param name="book">What became of everything.</param>
    /// <param name="report">What the source says.</param>
    /// <param name="isComplete">Whether the file was read to its end.</param>
    public static void WriteJson(TextWriter output, CaseBook book, CaptureReport report, bool isComplete) => JsonOutput.Write(output, json =>
    {
        StageCount[] counts = [.. Ordered(book)];
        json.WriteBoolean("complete", isComplete);
        JsonOutput.WriteAccount(json, counts);
        json.WriteStartArray("advice");
        foreach (string sentence in Advice(counts)) json.WriteStringValue(sentence);
        json.WriteEndArray();
        json.WriteStartArray("notes");
        foreach (string note in report.Notes) json.WriteStringValue(note);
        json.WriteEndArray();
    });

    private static IEnumerable<StageCount> Ordered(CaseBook book) =>
        book.Counts.OrderBy(line => Array.IndexOf(s_stages, line.Stage)).ThenByDescending(line => line.Count).ThenBy(line => line.Fate, StringComparer.Ordinal);

    /// <summary>A sentence for each reason that something can be done about, the heaviest first.</summary>
    private static IEnumerable<string> Advice(StageCount[] counts)
    {
        foreach (StageCount line in counts.OrderByDescending(line => Share(line, counts)))
        {
            if (!DoctorRequest.NeedsExplanation(line.Fate, line.IsDrop) || !Reasons.TryFind(line.Stage, line.Fate, out Reason? reason) || reason.Mend is null) continue;
            double share = Share(line, counts);
            string weight = share >= 0.5 ? "Most" : "Some";
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{weight} {Unit(line.Stage)} ({line.Count:N0}, {100 * share:0.#} %) are {line.Fate}: {InGeneral(reason)}. To mend it: {reason.Mend}.");
        }
    }

    private static string InGeneral(Reason reason) =>
        reason.Meaning.Replace("the zone {zone}", "its zone", StringComparison.Ordinal).Replace("{zone}", "another", StringComparison.Ordinal);

    private static string Unit(string stage) => stage == "rrsets" ? "RRsets" : stage;

    private static double Share(StageCount line, StageCount[] counts) => (double)line.Count / counts.Where(other => other.Stage == line.Stage).Sum(other => other.Count);
}
