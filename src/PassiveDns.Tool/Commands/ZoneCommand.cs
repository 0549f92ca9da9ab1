using System.CommandLine;
using PassiveDns.Tool.Input;
using PassiveDns.Tool.Output;

namespace PassiveDns.Tool.Commands;

/// <summary><c>pdns zone</c>: a zone file into a store.</summary>
internal static class ZoneCommand
{
    /// <summary>Makes the verb.</summary>
    /// <param name="terminal">The surroundings.</param>
    public static Command Create(Terminal terminal)
    {
        Argument<string> file = new("FILE") { Description = "A zone file (master file), also packed with gzip." };
        Option<string> origin = new("--origin") { HelpName = "ZONE", Description = "The apex of the zone: se, co.uk, or . for the root.", Required = true };
        Option<string?> store = VerbOptions.Store();
        Option<StoreEngine> engine = VerbOptions.Engine();
        Option<string?> at = new("--at")
        {
            HelpName = "TIME",
            Description = "When the zone was like this: ISO 8601 in UTC or Unix seconds. Default: when the file was last written.",
        };
        Option<string> sensor = new("--sensor")
        {
            HelpName = "NAME",
            Description = "Who vouches for the file, such as the registry that gave it out.",
            DefaultValueFactory = _ => "local",
        };
        Option<bool> json = VerbOptions.Json("The whole account as one JSON object instead of a table.");
        Command verb = new("zone", "Reads a zone file and stores what the zone said at one time, apart from what was seen in traffic. The same file counts once.")
        {
            file, origin, store, engine, at, sensor, json,
        };
        verb.SetAction((parsed, cancellationToken) =>
        {
            string path = parsed.GetRequiredValue(file);
            string zone = parsed.GetRequiredValue(origin);
            ZoneRequest request = new()
            {
                File = path.Length > 0 ? path : throw ToolException.WrongUse("the file name is empty"),
                Zone = NamePattern.TryParseName(zone, out DomainName apex, out string problem) ? apex : throw ToolException.WrongUse($"--origin: {Visible.Quote(zone)} is no domain name: {problem}"),
                Store = VerbOptions.StoreOf(parsed, store, terminal),
                Engine = parsed.GetValue(engine),
                Sensor = VerbOptions.SensorOf(parsed, sensor),
                Time = TimeOf(parsed.GetValue(at)),
                Json = parsed.GetValue(json),
            };
            return ZoneRun.RunAsync(request, terminal, cancellationToken);
        });
        return verb;
    }

    private static long? TimeOf(string? text)
    {
        if (text is null) return null;
        return TimeText.TryParse(text, endOfDay: false, out long time)
            ? time
            : throw ToolException.WrongUse($"--at: {Visible.Quote(text)} is no time; give 2026-01-31, 2026-01-31T12:00:00Z or Unix seconds");
    }
}
