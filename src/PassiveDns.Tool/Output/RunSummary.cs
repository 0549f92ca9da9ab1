using System.Globalization;
using PassiveDns.Capture;

namespace PassiveDns.Tool.Output;

/// <summary>
/// The account of an import or of a live capture for people. It shows the conservation law: what came into each stage stands as the sum of all that became of it.
/// </summary>
internal static class RunSummary
{
    private static readonly Dictionary<string, string> s_units = new()
    {
        ["messages"] = "DNS messages",
        ["rrsets"] = "RRsets",
        ["written-rows"] = "rows",
    };

    /// <summary>Writes the summary, or the account as JSON.</summary>
    /// <param name="terminal">Where it goes.</param>
    /// <param name="report">The account.</param>
    /// <param name="run">What was read.</param>
    /// <param name="headline">What was done, as the start of a sentence.</param>
    /// <param name="json">Whether JSON is wanted.</param>
    public static void WriteOrJson(Terminal terminal, PipelineReport report, RunFacts run, string headline, bool json)
    {
        try
        {
            if (json) RunJson.Write(terminal.Output, report, run);
            else Write(terminal, report, run, headline);
        }
        catch (IOException e) when (Commands.PdnsCommand.IsBrokenPipe(e))
        {
            // Nobody reads the summary any more; damage is told and shown by the exit code all the same.
        }
    }

    private static void Write(Terminal terminal, PipelineReport report, RunFacts run, string headline)
    {
        TextWriter output = terminal.Output;
        output.WriteLine($"{headline} as sensor {run.Sensor} in {run.Elapsed.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s");
        output.WriteLine();
        AccountTable.Write(terminal, report.Account, Unit);
        output.WriteLine();
        foreach (IGrouping<string, StageCount> stage in report.Account.GroupBy(line => line.Stage)) output.WriteLine(Equation(stage));
        IReadOnlyList<string> imbalances = report.FindImbalances();
        AccountTable.WriteBalance(output, imbalances.Count == 0, imbalances);
        output.WriteLine();
        foreach (string fact in Facts(report)) output.WriteLine(fact);
        output.Flush();
    }

    /// <summary>One line for each file that is damaged.</summary>
    /// <param name="report">The account.</param>
    public static IEnumerable<CaptureDamage> Damage(PipelineReport report) =>
        report.Sources.Where(source => source.Capture.Damage is not null).Select(source => source.Capture.Damage!);

    private static string Equation(IGrouping<string, StageCount> stage) =>
        $"{AccountTable.Number(stage.Sum(line => line.Count))} {Unit(stage.Key)} = {string.Join(" + ", stage.Select(line => $"{AccountTable.Number(line.Count)} {line.Fate}"))}";

    private static IEnumerable<string> Facts(PipelineReport report)
    {
        foreach (string note in report.Sources.SelectMany(source => source.Capture.Notes)) yield return note;
        CultureInfo culture = CultureInfo.InvariantCulture;
        if (report.Aggregation.Observed > 0)
        {
            double percent = Math.Floor(10_000 * report.Aggregation.VerifiedShare) / 100; // never 100 while one is missing
            yield return string.Create(culture, $"Verified by the server's address: {percent:0.##} % of the observed RRsets.");
            if (report.Aggregation.Verified == 0)
            {
                yield return "None was verified, so questions need --provenance all. Does this traffic reach the root servers of --root-hints (default: the Internet's)?";
            }
        }

        if (report.Aggregation.NonstandardCompression > 0)
        {
            yield return $"In {Quantity.Of(report.Aggregation.NonstandardCompression, "record set", "record sets")} names were compressed where RFC 3597 does not allow it; --strict-compression drops them.";
        }

        yield return $"Written: {Rows(report.RowsApplied, report.BatchesApplied)}.";
        if (report.BatchesAlreadyApplied > 0) yield return $"Counted by an earlier run: {Rows(report.RowsAlreadyApplied, report.BatchesAlreadyApplied)}.";
        if (report.WriteRetries > 0) yield return $"The store had to be asked again {Quantity.Of(report.WriteRetries, "time", "times")}.";
    }

    private static string Rows(long rows, long batches) => $"{Quantity.Of(rows, "row", "rows")} in {Quantity.Of(batches, "batch", "batches")}";

    private static string Unit(string stage) => s_units.GetValueOrDefault(stage, stage);
}
