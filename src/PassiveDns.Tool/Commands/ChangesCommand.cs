using System.CommandLine;
using PassiveDns.Analysis;
using PassiveDns.Storage;
using PassiveDns.Tool.Input;
using PassiveDns.Tool.Output;

namespace PassiveDns.Tool.Commands;

/// <summary><c>pdns changes</c>: what changed in a window.</summary>
internal static class ChangesCommand
{
    /// <summary>Makes the verb.</summary>
    /// <param name="terminal">The surroundings.</param>
    public static Command Create(Terminal terminal)
    {
        Option<string?> name = new("--name") { HelpName = "NAME", Description = "Of this name." };
        Option<string?> under = new("--under") { HelpName = "NAME", Description = "Of a name and everything under it." };
        Option<string?> ip = new("--ip") { HelpName = "CIDR", Description = "What came to, or went from, an address, a network or a range." };
        Option<string?> server = new("--server") { HelpName = "NAME", Description = "What came to, or went from, a name server or mail server." };
        Option<string?> watchlist = new("--watchlist") { HelpName = "FILE", Description = "Of the names in this file, one a line; *.NAME is a name and everything under it." };
        Option<string[]> types = new("--type") { HelpName = "T", Description = "Only of this type; may be repeated. Default: all but those of DNSSEC, and DS." };
        Option<bool> all = new("--all") { Description = "Show each change that is ordinary variety (rotation, an operator's moves, serial numbers) by itself, instead of their number." };
        Option<double> sure = new("--min-removal")
        {
            HelpName = "P", Description = "How sure it must be, 0 to 1, that what is no longer seen is gone. Default: 0.95.", DefaultValueFactory = _ => 0.95,
        };
        Option<string?> negatives = VerbOptions.Negatives();
        AnalysisArguments arguments = new();
        const string Purpose = "Shows what changed in a window: between the last sighting of the old and the first of the new. Without a scope all names of which the store's index says that something changed.";
        Command verb = new("changes", Purpose) { name, under, ip, server, watchlist, types, all, sure, negatives };
        arguments.AddWithoutSuffixesTo(verb);
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            ChangeScope scope = ScopeOf(
                (name.Name, parsed.GetValue(name)), (under.Name, parsed.GetValue(under)), (ip.Name, parsed.GetValue(ip)), (server.Name, parsed.GetValue(server)), (watchlist.Name, parsed.GetValue(watchlist)));
            double removal = parsed.GetValue(sure);
            if (removal is not (>= 0 and <= 1)) throw ToolException.WrongUse("--min-removal: give 0 to 1, such as 0.95");
            ChangeQuery query = new(scope, arguments.Window(parsed)) { Types = TypeText.OfOption(parsed.GetValue(types)), FoldNoise = !parsed.GetValue(all), MinRemovalConfidence = removal };
            AnalysisOptions options = arguments.Options(parsed, terminal) with { Negatives = VerbOptions.NegativesOf(parsed.GetValue(negatives), WantedBy(scope)) };
            await using IObservationStore store = arguments.OpenStore(parsed, terminal);
            return await Form(terminal).ShowAsync(terminal, arguments.WantsJson(parsed), new ObservedChanges(store, options).Find(query), "changes there in that time", cancellationToken);
        });
        return verb;
    }

    private static ChangeScope ScopeOf(params (string Option, string? Text)[] given)
    {
        (string Option, string? Text)[] chosen = [.. given.Where(static one => one.Text is not null)];
        if (chosen.Length > 1) throw ToolException.WrongUse($"{chosen[0].Option} and {chosen[1].Option} exclude each other");
        if (chosen is not [(string option, string text)]) return new ChangeScope.Everything();
        switch (option)
        {
            case "--watchlist":
                return new ChangeScope.Watched([.. OptionFile.Read(option, text, WatchFile.Load)]);
            case "--ip":
                if (!AddressText.TryParseRange(text, out QueryAnchor? anchor, out string problem)) throw ToolException.WrongUse($"--ip: {Visible.Quote(text)} is none: {problem}");
                (HostAddress first, HostAddress last) = (QueryAnchor.AddressRange)anchor!;
                return new ChangeScope.Addresses(first, last);
            default:
                DomainName name = VerbOptions.NameOf(text, option);
                return option switch { "--under" => new ChangeScope.Subtree(name), "--server" => new ChangeScope.Server(name), _ => ChangeScope.Name(name) };
        }
    }

    // A denial of an ancestor denies all below it.
    private static Func<DomainName, bool>? WantedBy(ChangeScope scope) => scope switch
    {
        ChangeScope.Subtree subtree => name => name.IsAtOrUnder(subtree.Apex) || subtree.Apex.IsAtOrUnder(name),
        ChangeScope.Watched watched => name => watched.Names.Any(one => one.Name.IsAtOrUnder(name) || (one.IncludeSubtree && name.IsAtOrUnder(one.Name))),
        _ => null,
    };

    private static AnswerForm<ObservedChange> Form(Terminal terminal)
    {
        long folded = 0;
        PagedTable table = new(terminal, ChangeTable.Heads);
        return new()
        {
            Json = change => ChangeJson.Write(terminal, change),
            Text = change =>
            {
                folded += change.Folded - 1;
                ChangeTable.AddTo(table, change);
            },
            Table = table,
            Remark = _ =>
            {
                if (folded > 0) terminal.Note($"{Quantity.Of(folded, "change", "changes")} of ordinary variety folded; --all shows each");
            },
        };
    }
}
