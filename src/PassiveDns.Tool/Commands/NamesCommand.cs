using System.CommandLine;
using PassiveDns.Storage;
using PassiveDns.Tool.Input;
using PassiveDns.Tool.Output;

namespace PassiveDns.Tool.Commands;

/// <summary><c>pdns names</c>: which names share an address, a name server, a mail server or an alias.</summary>
internal static class NamesCommand
{
    /// <summary>Makes the verb.</summary>
    /// <param name="terminal">The surroundings.</param>
    public static Command Create(Terminal terminal)
    {
        Option<string?> ip = new("--ip")
        {
            HelpName = "ADDRESS",
            Description = "Names with this address, or with one in a network (192.0.2.0/24) or range (192.0.2.1-192.0.2.9).",
        };
        Option<string?> ns = new("--ns") { HelpName = "NAME", Description = "Zones that use this name server; *.NAME for all name servers under a name." };
        Option<string?> mx = new("--mx") { HelpName = "NAME", Description = "Names that receive mail at this host; *.NAME for all hosts under a name." };
        Option<string?> cname = new("--cname") { HelpName = "NAME", Description = "Names that are an alias of this name; *.NAME for all targets under a name." };
        QueryOptions options = new(offersAllTypes: false); // each question has its type
        const string Purpose =
            "Shows which names point to an address, a name server, a mail server or an alias target. Give exactly one of --ip, --ns, --mx, --cname.";
        Command verb = new("names", Purpose)
        {
            ip, ns, mx, cname,
        };
        options.AddTo(verb);
        verb.SetAction((parsed, cancellationToken) =>
        {
            (Option<string?> Option, RecordType Type)[] questions = [(ip, RecordType.A), (ns, RecordType.NS), (mx, RecordType.MX), (cname, RecordType.CNAME)];
            (Option<string?> Option, RecordType Type)[] given = [.. questions.Where(question => parsed.GetValue(question.Option) is not null)];
            if (given.Length != 1) throw ToolException.WrongUse("give exactly one of --ip, --ns, --mx and --cname");
            string text = parsed.GetValue(given[0].Option)!;
            bool isAddress = given[0].Option == ip;
            QueryAnchor anchor = isAddress ? AddressAnchor(text) : TargetAnchor(given[0].Option.Name, text);
            TypeSelection? types = isAddress ? null : TypeSelection.Of(given[0].Type);
            return options.AnswerAsync(parsed, terminal, anchor, types, $"{given[0].Option.Name} {Visible.Quote(text)}", cancellationToken);
        });
        return verb;
    }

    private static QueryAnchor AddressAnchor(string text) =>
        AddressText.TryParseRange(text, out QueryAnchor? anchor, out string problem)
            ? anchor!
            : throw ToolException.WrongUse($"--ip: {Visible.Quote(text)} is no address, network or range: {problem}");

    private static QueryAnchor.Target TargetAnchor(string option, string text)
    {
        if (!NamePattern.TryParse(text, out NamePattern pattern, out string problem))
        {
            throw ToolException.WrongUse($"{option}: {Visible.Quote(text)} is no name to look for: {problem}");
        }

        return pattern.Wildcard == NamePattern.Side.Right
            ? throw ToolException.WrongUse($"{option}: {Visible.Quote(text)}: only *.NAME is possible here, not NAME.*")
            : new(pattern.Name, pattern.Wildcard == NamePattern.Side.Left);
    }
}
