using System.CommandLine;
using PassiveDns.Capture;
using PassiveDns.Tool.Input;
using PassiveDns.Tool.Output;

namespace PassiveDns.Tool.Commands;

/// <summary><c>pdns probe</c>: questions of one's own at authoritative servers.</summary>
internal static class ProbeCommand
{
    /// <summary>Makes the verb.</summary>
    /// <param name="terminal">The surroundings.</param>
    public static Command Create(Terminal terminal)
    {
        Argument<string[]> names = new("NAME") { Description = "Names to ask for: A and AAAA unless --type says otherwise.", Arity = ArgumentArity.ZeroOrMore };
        Option<string?> watchList = new("--watchlist") { HelpName = "FILE", Description = "A file that lists names: NAME [TYPE,...] a line, # starts a comment." };
        Option<string[]> types = new("--type") { HelpName = "TYPE", Description = "A record type to ask for, such as MX; may be repeated or be a list with commas." };
        Option<string?> store = VerbOptions.Store();
        Option<string?> every = new("--every") { HelpName = "TIME", Description = "Asks again after this time: 90s, 30m, 1h, 1d. Default: asks once." };
        Option<string?> duration = new("--for") { HelpName = "TIME", Description = "Ends after this time. Default: when it is stopped; without --every after one round." };
        Option<double> rate = new("--rate") { HelpName = "N", Description = "The most questions a second to one server.", DefaultValueFactory = _ => 2 };
        Option<int> port = new("--port") { HelpName = "N", Description = "The port of the servers; another than 53 is for tests.", DefaultValueFactory = _ => 53 };
        Option<string?> rootHints = VerbOptions.RootHints();
        Option<string> sensor = VerbOptions.Sensor();
        Option<bool> json = VerbOptions.Json("The whole account as one JSON object instead of a table.");
        const string Purpose = "Asks for names at their authoritative servers, from the root down, and stores the answers as probes, apart from what was seen in traffic.";
        Command verb = new("probe", Purpose) { names, watchList, types, store, every, duration, rate, port, rootHints, sensor, json };
        verb.SetAction((parsed, cancellationToken) =>
        {
            ProbeRequest request = new()
            {
                Store = VerbOptions.StoreOf(parsed, store, terminal),
                Sensor = VerbOptions.SensorOf(parsed, sensor),
                Json = parsed.GetValue(json),
                RootHints = parsed.GetValue(rootHints),
            };
            ProbeOptions probes = request.Probes;
            string suffix = parsed.GetValue(types) is { Length: > 0 } chosen ? " " + string.Join(',', chosen) : "";
            foreach (string name in parsed.GetValue(names) ?? []) probes.Names.Add(NameOf(name, suffix));
            if (parsed.GetValue(watchList) is { } file)
            {
                foreach (WatchedName watched in OptionFile.Read("--watchlist", file, WatchList.Load)) probes.Names.Add($"{watched.Name} {RecordTypeNames.Format(watched.Type)}");
            }

            if (probes.Names.Count == 0) throw ToolException.WrongUse("no name to ask for; give NAME or --watchlist FILE");
            if (parsed.GetValue(every) is { } interval) probes.Interval = TimeOf("--every", interval);
            else probes.Duration = TimeSpan.Zero;
            if (parsed.GetValue(duration) is { } end)
            {
                if (probes.Duration is not null) throw ToolException.WrongUse("--for: there is nothing to end without --every TIME");
                probes.Duration = TimeOf("--for", end);
            }

            probes.ServerQuestionsPerSecond = parsed.GetValue(rate);
            probes.TotalQuestionsPerSecond = Math.Max(probes.TotalQuestionsPerSecond, probes.ServerQuestionsPerSecond);
            probes.Port = parsed.GetValue(port);
            return ProbeRun.RunAsync(request, terminal, cancellationToken);
        });
        return verb;
    }

    private static string NameOf(string name, string types)
    {
        string entry = name + types;
        try
        {
            WatchList.Parse(entry);
            return entry;
        }
        catch (FormatException e)
        {
            throw ToolException.WrongUse(e.Message);
        }
    }

    private static TimeSpan TimeOf(string option, string text) =>
        TimeText.TryParseDuration(text, out TimeSpan time) ? time : throw ToolException.WrongUse($"{option}: {Visible.Quote(text)} is no time; give 90s, 30m, 1h or 1d");
}
