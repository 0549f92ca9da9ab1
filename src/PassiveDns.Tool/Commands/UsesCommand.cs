using System.CommandLine;
using System.Globalization;
using PassiveDns.Analysis;
using PassiveDns.Storage;
using PassiveDns.Tool.Input;
using PassiveDns.Tool.Output;

namespace PassiveDns.Tool.Commands;

/// <summary><c>pdns uses</c>: who uses a name server or mail server, by its name or its address, and which zones are served alike.</summary>
internal static class UsesCommand
{
    /// <summary>Makes the verb.</summary>
    /// <param name="terminal">The surroundings.</param>
    public static Command Create(Terminal terminal)
    {
        Argument<string> what = new("SERVER") { Description = "A server's name, *.NAME for all servers under a name, an address, network or range of servers; with --like a zone." };
        Option<string> role = new("--as") { HelpName = "ns|mx", Description = "What the server does: serve zones, or take mail. Default: ns.", DefaultValueFactory = _ => "ns" };
        Option<bool> like = new("--like") { Description = "SERVER is a zone: show the zones that are served by the same servers, or by some of them." };
        AnalysisArguments arguments = new();
        Command verb = new("uses", "Shows who uses a name server or mail server and when, what the parent says and what the zone says apart.") { what, role, like };
        arguments.AddTo(verb);
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            string text = parsed.GetRequiredValue(what);
            ServerRole asked = parsed.GetValue(role) switch
            {
                "ns" => ServerRole.NameServer,
                "mx" => ServerRole.MailServer,
                { } other => throw ToolException.WrongUse($"--as: {Visible.Quote(other)} is unknown; it is ns or mx"),
                null => ServerRole.NameServer,
            };
            DomainName? zone = parsed.GetValue(like) ? VerbOptions.NameOf(text) : null;
            NamePattern pattern = default;
            if (!AddressText.TryParseRange(text, out QueryAnchor? anchor, out _)) pattern = PatternOf(text);
            TimeWindow window = arguments.Window(parsed);
            AnalysisOptions options = arguments.Options(parsed, terminal);
            await using IObservationStore store = arguments.OpenStore(parsed, terminal);
            bool asJson = arguments.WantsJson(parsed);
            if (zone is { } alike) return await Alike(terminal).ShowAsync(terminal, asJson, new SimilarZones(store, options).Find(alike, window), $"zones served like {Visible.Quote(text)}", cancellationToken);
            ServerUses uses = new(store, options);
            AnswerStream<ServerUse> answer = anchor is QueryAnchor.AddressRange (HostAddress first, HostAddress last)
                ? uses.FindByAddress(new(first, last) { Window = window }, asked)
                : uses.Find(new(pattern.Name, asked) { IncludeSubtree = pattern.Wildcard == NamePattern.Side.Left, Window = window });
            return await Uses(terminal).ShowAsync(terminal, asJson, answer, $"users of {Visible.Quote(text)}", cancellationToken);
        });
        return verb;
    }

    private static NamePattern PatternOf(string text)
    {
        if (AddressText.LooksLikeOne(text) && !AddressText.TryParseRange(text, out _, out string fault)) throw ToolException.WrongUse($"{Visible.Quote(text)} is no address, network or range: {fault}");
        if (!NamePattern.TryParse(text, out NamePattern pattern, out string problem)) throw ToolException.WrongUse($"{Visible.Quote(text)} is no name to look for: {problem}");
        return pattern.Wildcard == NamePattern.Side.Right ? throw ToolException.WrongUse($"{Visible.Quote(text)}: only *.NAME is possible here, not NAME.*") : pattern;
    }

    private static AnswerForm<ServerUse> Uses(Terminal terminal)
    {
        PagedTable table = new(terminal, ["name", "says", "server", "first seen", "last seen", "count"], numeric: 5);
        return new() { Json = use => WriteJson(terminal, use), Text = use => Add(table, use), Table = table };
    }

    private static void Add(PagedTable table, ServerUse use)
    {
        string server = NameDisplay.Format(use.Server);
        if (use.Preference is { } preference) server = $"{preference} {server}";
        if (use.ServerAddress is { } address) server += $" at {address}";
        table.Add(
            NameDisplay.Format(use.Name), use.Side == UseSide.Parent ? "parent" : "zone", server,
            TimeText.Format(use.Presence.First), TimeText.Format(use.Presence.Last), use.Count.ToString(CultureInfo.InvariantCulture));
    }

    private static void WriteJson(Terminal terminal, ServerUse use) => JsonOutput.Write(terminal.Output, json =>
    {
        AnalysisJson.WriteName(json, "name", use.Name);
        AnalysisJson.WriteName(json, "registrable_domain", use.RegistrableDomain);
        json.WriteString("role", use.Role == ServerRole.NameServer ? "ns" : "mx");
        json.WriteString("side", use.Side == UseSide.Parent ? "parent" : "apex");
        AnalysisJson.WriteName(json, "server", use.Server);
        if (use.ServerAddress is { } address) json.WriteString("server_address", address.ToString());
        if (use.Preference is { } preference) json.WriteNumber("preference", preference);
        AnalysisJson.WritePresence(json, use.Presence);
        json.WriteNumber("count", use.Count);
        AnalysisJson.WriteEvidence(json, use.Evidence);
    });

    private static AnswerForm<SimilarZone> Alike(Terminal terminal)
    {
        PagedTable table = new(terminal, ["zone", "similarity", "set", "shared servers"], numeric: 1);
        return new() { Json = zone => WriteJson(terminal, zone), Text = zone => Add(table, zone), Table = table };
    }

    private static void Add(PagedTable table, SimilarZone zone)
    {
        string servers = string.Join('\n', zone.Shared.Select(s => $"{NameDisplay.Format(s.Server)}, {AnalysisJson.Word(s.Degree.Class)}"));
        table.Add(NameDisplay.Format(zone.Name), zone.Similarity.ToString("0.00", CultureInfo.InvariantCulture), zone.HasSameSet ? "same" : "", servers);
    }

    private static void WriteJson(Terminal terminal, SimilarZone zone) => JsonOutput.Write(terminal.Output, json =>
    {
        AnalysisJson.WriteName(json, "zone", zone.Name);
        json.WriteNumber("similarity", zone.Similarity);
        json.WriteBoolean("same_set", zone.HasSameSet);
        AnalysisJson.WriteNames(json, "shared", zone.Shared.Select(static s => s.Server));
        AnalysisJson.WriteEvidence(json, zone.Evidence);
    });
}
