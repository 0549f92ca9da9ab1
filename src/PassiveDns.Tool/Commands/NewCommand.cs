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
    /// <summary>So many lines are aligned with each other and then written, so that a long answer needs no more memory than a short one.</summary>
    private const int TableRows = 1000;

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
            NewcomerQuery query = new(window) { Kind = asked, Under = UnderOf(parsed.GetValue(under)), Types = TypesOf(parsed.GetValue(types)) };
            AnalysisOptions options = arguments.Options(parsed, terminal);
            await using IObservationStore store = arguments.OpenStore(parsed, terminal);
            return await ShowAsync(terminal, new Newcomers(store, options).Find(query), asked, start, arguments.WantsJson(parsed), cancellationToken);
        });
        return verb;
    }

    private static DomainName? UnderOf(string? text)
    {
        if (text is null) return null;
        return DomainName.TryParse(text, out DomainName name) ? name : throw ToolException.WrongUse($"--under: {Visible.Quote(text)} is no name");
    }

    private static TypeSelection TypesOf(string[]? texts)
    {
        if (texts is not { Length: > 0 }) return TypeSelection.Any;
        return TypeText.Parse(texts, out string bad) ?? throw ToolException.WrongUse($"--type: {Visible.Quote(bad)} is no record type, or does not go with the others");
    }

    private static async Task<int> ShowAsync(Terminal terminal, AnswerStream<Newcomer> answer, NewcomerKind kind, string since, bool asJson, CancellationToken cancellationToken)
    {
        long count = 0;
        ColumnTable table = Table(kind);
        await foreach (Newcomer newcomer in answer.WithCancellation(cancellationToken))
        {
            count++;
            if (asJson)
            {
                WriteJson(terminal, newcomer);
                continue;
            }

            Add(table, newcomer);
            if (table.Count < TableRows) continue;
            table.WriteTo(terminal);
            table = Table(kind);
        }

        if (asJson) AnalysisJson.WriteFacts(terminal, answer.Facts);
        else if (table.Count > 0) table.WriteTo(terminal);
        if (count > 0 && !asJson && answer.Facts.Coverage.FirstSeen is { } first) terminal.Note($"the store was fed since {TimeText.Format(first)}: what was there before that and not seen counts as new");
        return AnalysisArguments.End(terminal, count, $"{Word(kind)}s first seen since {Visible.Quote(since)}", answer.Facts);
    }

    private static ColumnTable Table(NewcomerKind kind) => kind switch
    {
        NewcomerKind.Domain => new(["domain", "first seen", "seen as", "type", "data"]),
        NewcomerKind.Host => new(["host", "first seen", "domain", "type", "data"]),
        _ => new(["name", "first seen", "last seen", "count", "type", "data"], numeric: 3),
    };

    private static void Add(ColumnTable table, Newcomer newcomer)
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
