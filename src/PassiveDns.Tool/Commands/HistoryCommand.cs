using System.CommandLine;
using PassiveDns.Analysis;
using PassiveDns.Storage;
using PassiveDns.Tool.Input;
using PassiveDns.Tool.Output;

namespace PassiveDns.Tool.Commands;

/// <summary><c>pdns history</c>: where a name was hosted, and how unstable that was.</summary>
internal static class HistoryCommand
{
    /// <summary>Makes the verb.</summary>
    /// <param name="terminal">The surroundings.</param>
    public static Command Create(Terminal terminal)
    {
        Argument<string> what = new("NAME") { Description = "The name." };
        Option<string?> svg = new("--svg") { HelpName = "FILE", Description = "Also draw the timeline into this file, as SVG; one that exists is replaced." };
        Option<bool> noAliases = new("--no-aliases") { Description = "Do not follow CNAMEs to the addresses behind them." };
        Option<bool> all = new("--all") { Description = "Show every run, also those of pools with hundreds of sets." };
        Option<string?> negatives = VerbOptions.Negatives();
        AnalysisArguments arguments = new();
        const string Purpose = "Shows where a name was hosted over time (addresses, networks, aliases, name servers, mail servers, TTLs) as a timeline, and how unstable that was.";
        Command verb = new("history", Purpose) { what, svg, noAliases, all, negatives };
        arguments.AddTo(verb);
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            string text = parsed.GetRequiredValue(what);
            if (!NamePattern.TryParse(text, out NamePattern pattern, out string problem)) throw ToolException.WrongUse($"{Visible.Quote(text)} is no name to look for: {problem}");
            if (pattern.Wildcard != NamePattern.Side.None) throw ToolException.WrongUse($"{Visible.Quote(text)}: a history is of one name; leave the wildcard out");
            HistoryQuery query = new(pattern.Name) { Window = arguments.Window(parsed), FollowAliases = !parsed.GetValue(noAliases) };
            AnalysisOptions options = arguments.Options(parsed, terminal) with { Negatives = VerbOptions.NegativesOf(parsed.GetValue(negatives), wanted: null) };
            string? file = parsed.GetValue(svg);
            if (file is { Length: 0 }) throw ToolException.WrongUse("--svg: the file name is empty");
            await using IObservationStore store = arguments.OpenStore(parsed, terminal);
            AnswerStream<NameHistory> answer = new NameHistories(store, options).Find(query);
            long count = 0;
            await foreach (NameHistory history in answer.WithCancellation(cancellationToken))
            {
                count++;
                if (arguments.WantsJson(parsed)) HistoryJson.Write(terminal, history);
                else HistoryTables.Write(terminal, history, parsed.GetValue(all));
                if (file is not null) await DrawAsync(file, history);
            }

            if (arguments.WantsJson(parsed)) AnalysisJson.WriteFacts(terminal, answer.Facts);
            return AnalysisArguments.End(terminal, count, Visible.Quote(text), answer.Facts);
        });
        return verb;
    }

    private static async Task DrawAsync(string file, NameHistory history)
    {
        const int MaxLines = 40;
        await using PartFile part = PartFile.Create("--svg", file);
        await using (StreamWriter writer = new(part.Stream, new System.Text.UTF8Encoding(false), leaveOpen: true)) HistorySvg.Write(HistoryChart.Of(history, MaxLines), writer);
        await part.FinishAsync();
    }
}
