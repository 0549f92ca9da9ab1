using System.CommandLine;
using PassiveDns.Analysis;
using PassiveDns.Storage;
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
            HistoryQuery query = new(VerbOptions.NameOf(text)) { Window = arguments.Window(parsed), FollowAliases = !parsed.GetValue(noAliases) };
            AnalysisOptions options = arguments.Options(parsed, terminal) with { Negatives = VerbOptions.NegativesOf(parsed.GetValue(negatives), wanted: null) };
            string? file = parsed.GetValue(svg);
            if (file is { Length: 0 }) throw ToolException.WrongUse("--svg: the file name is empty");
            await using IObservationStore store = arguments.OpenStore(parsed, terminal);
            List<NameHistory> found = []; // of one name there is one, or none
            AnswerForm<NameHistory> form = new()
            {
                Json = history =>
                {
                    found.Add(history);
                    HistoryJson.Write(terminal, history);
                },
                Text = history =>
                {
                    found.Add(history);
                    HistoryTables.Write(terminal, history, parsed.GetValue(all));
                },
            };
            int exitCode = await form.ShowAsync(terminal, arguments.WantsJson(parsed), new NameHistories(store, options).Find(query), Visible.Quote(text), cancellationToken);
            if (file is not null && found.Count > 0) await DrawAsync(file, found[0]);
            return exitCode;
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
