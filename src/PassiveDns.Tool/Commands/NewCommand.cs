using System.CommandLine;
using System.Globalization;
using PassiveDns.Analysis;
using PassiveDns.Storage;
using PassiveDns.Tool.Input;
using PassiveDns.Tool.Output;

namespace PassiveDns.Tool.Commands;

/// <summary><c>pdns new</c>: domains, hosts or RRsets that were observed for the first time.</summary>
internal static class NewCommand
{
    /// <summary>Makes the verb.</summary>
    /// <param name="terminal">The surroundings.</param>
    public static Command Create(Terminal terminal)
    {
        Option<string> since = new("--since") { HelpName = "TIME", Description = "First seen at this time or later: an ISO date or time (UTC) or Unix seconds.", Required = true };
        Option<string?> until = new("--until") { HelpName = "TIME", Description = "First seen at this time or before; a date counts to its last second." };
        Option<string?> under = new("--under") { HelpName = "NAME", Description = "Only what is at or under this name." };
        Option<string> kind = new("--kind")
        {
            HelpName = "domain|host|record", Description = "What is asked for: registrable domains, names, or RRsets. Default: domain.", DefaultValueFactory = _ => "domain",
        };
        Option<string[]> types = new("--type") { HelpName = "TYPE", Description = "Only this type counts, as news and as what was known before; may be repeated. Default: all but those of DNSSEC." };
        AnalysisArguments arguments = new();
        Command verb = new("new", "Shows what was observed for the first time: domains, hosts or RRsets that the whole store did not know before.") { since, until, under, kind, types };
        arguments.AddWithoutWindowTo(verb);
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            NewcomerKind asked = parsed.GetValue(kind) switch
            {
                "domain" or null => NewcomerKind.Domain,
                "host" => NewcomerKind.Host,
                "record" => NewcomerKind.Record,
                { } other => throw ToolException.WrongUse($"--kind: {Visible.Quote(other)} is unknown; it is domain, host or record"),
            };
            string start = parsed.GetRequiredValue(since);
            TimeWindow window = new(VerbOptions.TimeOf(since.Name, start, endOfDay: false)!.Value, VerbOptions.TimeOf(until.Name, parsed.GetValue(until), endOfDay: true) ?? long.MaxValue);
            if (window.From > window.To) throw ToolException.WrongUse("--since is later than --until");
            NewcomerQuery query = new(window) { Kind = asked, Under = parsed.GetValue(under) is { } apex ? VerbOptions.NameOf(apex, under.Name) : null, Types = TypeText.OfOption(parsed.GetValue(types)) ?? TypeSelection.Any };
            AnalysisOptions options = arguments.Options(parsed, terminal);
            await using IObservationStore store = arguments.OpenStore(parsed, terminal);
            return await Form(terminal, asked).ShowAsync(
                terminal, arguments.WantsJson(parsed), new Newcomers(store, options).Find(query), $"{Word(asked)}s first seen since {Visible.Quote(start)}", cancellationToken);
        });
        return verb;
    }

    private static AnswerForm<Newcomer> Form(Terminal terminal, NewcomerKind kind)
    {
        PagedTable table = kind switch
        {
            NewcomerKind.Domain => new(terminal, ["domain", "first seen", "seen as", "type", "data"]),
            NewcomerKind.Host => new(terminal, ["host", "first seen", "domain", "type", "data"]),
            _ => new(terminal, ["name", "first seen", "last seen", "count", "type", "data"], numeric: 3),
        };
        return new()
        {
            Json = newcomer => WriteJson(terminal, newcomer),
            Text = newcomer => Add(table, newcomer),
            Table = table,
            Remark = facts =>
            {
                if (facts.Coverage.FirstSeen is { } first) terminal.Note($"the store was fed since {TimeText.Format(first)}: what was there before that and not seen counts as new");
            },
        };
    }

    private static void Add(PagedTable table, Newcomer newcomer)
    {
        Observation row = newcomer.Evidence[0];
        string name = NameDisplay.Format(newcomer.Name), first = TimeText.Format(newcomer.FirstSeen);
        string type = RecordTypeNames.Format(row.Type), data = string.Join('\n', row.Rdata.Select(rdata => rdata.ToString()));
        switch (newcomer.Kind)
        {
            case NewcomerKind.Domain:
                table.Add(name, first, NameDisplay.Format(row.RrName), type, data);
                break;
            case NewcomerKind.Host:
                table.Add(name, first, newcomer.RegistrableDomain is { } domain ? NameDisplay.Format(domain) : "", type, data);
                break;
            default:
                table.Add(name, first, TimeText.Format(row.History.LastSeen), row.History.Count.ToString(CultureInfo.InvariantCulture), type, data);
                break;
        }
    }

    private static void WriteJson(Terminal terminal, Newcomer newcomer) => JsonOutput.Write(terminal.Output, json =>
    {
        json.WriteString("kind", Word(newcomer.Kind));
        AnalysisJson.WriteName(json, "name", newcomer.Name);
        if (newcomer.RegistrableDomain is { } domain) AnalysisJson.WriteName(json, "registrable_domain", domain);
        json.WriteNumber("first_seen", newcomer.FirstSeen);
        AnalysisJson.WriteEvidence(json, newcomer.Evidence);
    });

    private static string Word(NewcomerKind kind) => kind switch { NewcomerKind.Domain => "domain", NewcomerKind.Host => "host", _ => "record" };
}
