using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using PassiveDns.Analysis;
using PassiveDns.Storage;
using PassiveDns.Tool.Input;
using PassiveDns.Tool.Output;

namespace PassiveDns.Tool.Commands;

/// <summary><c>pdns hijacks</c>: what looks as if it had been hijacked, ranked, with what speaks for and against it.</summary>
internal static class HijacksCommand
{
    private const int DefaultMost = 20;

    /// <summary>Makes the verb.</summary>
    /// <param name="terminal">The surroundings.</param>
    public static Command Create(Terminal terminal)
    {
        Option<string?> under = new("--under") { HelpName = "NAME", Description = "Only names at or under this one." };
        Option<string?> kinds = new("--kind") { HelpName = "LIST", Description = "A list with commas of delegation, record, takeover and lame. Default: all." };
        Option<int> most = new("--most") { HelpName = "N", Description = $"Show so many suspects, the highest scores. Default: {DefaultMost}.", DefaultValueFactory = _ => DefaultMost };
        Option<string?> rogue = new("--rogue") { HelpName = "FILE", Description = "Names, addresses and networks that are known for hijacks, one a line: published indicators." };
        Option<string?> sinkholes = new("--sinkholes") { HelpName = "FILE", Description = "Names, addresses and networks to which domains are led that were taken down, one a line." };
        Option<string?> benign = new("--benign-as") { HelpName = "LIST", Description = "Numbers of AS, with commas, that deliver or scrub for others: a move there is benign. Needs --networks." };
        Option<string?> negatives = VerbOptions.Negatives();
        AnalysisArguments arguments = new();
        const string Purpose = "Ranks what looks as if it had been hijacked in a time: names and zones that led elsewhere for a while, aliases whose targets were taken over, delegations to servers that never answered.";
        Command verb = new("hijacks", Purpose) { under, kinds, most, rogue, sinkholes, benign, negatives };
        arguments.AddTo(verb);
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            int wanted = parsed.GetValue(most);
            if (wanted < 1) throw ToolException.WrongUse("--most: give 1 or more");
            HijackQuery query = new() { Window = arguments.Window(parsed), Under = parsed.GetValue(under) is { } apex ? VerbOptions.NameOf(apex, under.Name) : null, Kinds = KindsOf(parsed.GetValue(kinds)), Most = wanted };
            HijackOptions hijack = new()
            {
                KnownRogue = ListOf(rogue.Name, parsed.GetValue(rogue)), Sinkholes = ListOf(sinkholes.Name, parsed.GetValue(sinkholes)), BenignNetworks = NetworksOf(parsed.GetValue(benign)),
            };
            AnalysisOptions options = arguments.Options(parsed, terminal) with { Negatives = VerbOptions.NegativesOf(parsed.GetValue(negatives), WantedBy(query)) };
            if (!hijack.BenignNetworks.IsEmpty && options.Enrichment is null) throw ToolException.WrongUse("--benign-as needs --networks FILE, which tells the AS of an address");
            await using IObservationStore store = arguments.OpenStore(parsed, terminal);
            return await Form(terminal).ShowAsync(terminal, arguments.WantsJson(parsed), new Hijacks(store, options, hijack).Find(query), "suspects in this time", cancellationToken);
        });
        return verb;
    }

    private static Func<DomainName, bool>? WantedBy(HijackQuery query) => query.Under is { } apex ? name => name.IsAtOrUnder(apex) || apex.IsAtOrUnder(name) : null;

    private static ImmutableHashSet<HijackKind> KindsOf(string? text) => text is null ? [] :
    [
        .. text.Split(',').Select(word => word switch
        {
            "delegation" => HijackKind.DelegationHijack,
            "record" => HijackKind.RecordHijack,
            "takeover" => HijackKind.SubdomainTakeover,
            "lame" => HijackKind.LameDelegation,
            _ => throw ToolException.WrongUse($"--kind: {Visible.Quote(word)} is unknown; it is one or more of delegation, record, takeover and lame, with commas"),
        }),
    ];

    private static InfrastructureList ListOf(string option, string? file) => file is null ? InfrastructureList.Empty : OptionFile.Read(option, file, InfrastructureList.Load);

    private static ImmutableHashSet<uint> NetworksOf(string? text) => text is null ? [] :
    [
        .. text.Split(',').Select(word => uint.TryParse(word.StartsWith("AS", StringComparison.OrdinalIgnoreCase) ? word[2..] : word, NumberStyles.None, CultureInfo.InvariantCulture, out uint number)
            ? number
            : throw ToolException.WrongUse($"--benign-as: {Visible.Quote(word)} is no AS number; write 64500 or AS64500, several with commas")),
    ];

    private static AnswerForm<HijackSuspect> Form(Terminal terminal)
    {
        PagedTable table = new(terminal, ["score", "kind", "name", "first seen", "last seen", "led to", "why"], numeric: 0);
        return new()
        {
            Json = suspect => WriteJson(terminal, suspect),
            Text = suspect => Add(table, suspect),
            Table = table,
            Remark = _ => terminal.Note("a rank, no verdicts: such changes are nearly always meant; look at certificates of the time, and ask the owner"),
        };
    }

    private static void Add(PagedTable table, HijackSuspect suspect) => table.Add(
        Number(suspect.Score), Word(suspect.Kind), string.Join('\n', suspect.Names.Prepend(suspect.Name).Distinct().Select(NameDisplay.Format)),
        TimeText.Format(suspect.Interval.FirstSeen), TimeText.Format(suspect.Interval.LastSeen) + (suspect.IsOpen ? " or later" : ""),
        string.Join('\n', suspect.Rogue.Select(Describe)), string.Join('\n', Reasons(suspect)));

    private static string Describe(RogueInfrastructure rogue)
    {
        string what = rogue.Address is { } address ? address.ToString() : NameDisplay.Format(rogue.Name!.Value);
        string network = rogue.Facts is { AutonomousSystem: { } asn } facts ? $", AS{asn} {facts.Organisation}".TrimEnd() : "";
        return $"{what}, {AnalysisJson.Word(rogue.Degree.Class)}{network}";
    }

    private static IEnumerable<string> Reasons(HijackSuspect suspect)
    {
        foreach (HijackIndicator indicator in suspect.Indicators)
        {
            if (indicator.Value != 0) yield return $"{Word(indicator.Kind)} {Number(indicator.Value)}: {(indicator.Contribution < 0 ? "" : "+")}{Number(indicator.Contribution)}";
        }

        // What adds nothing was looked at, too; two on a line, so that the table keeps to a screen.
        foreach (string[] words in suspect.Indicators.Where(static indicator => indicator.Value == 0).Select(static indicator => Word(indicator.Kind)).Chunk(2)) yield return $"0: {string.Join(", ", words)}";
        foreach (CoVictim victim in suspect.CoVictims) yield return $"also led there: {NameDisplay.Format(victim.Name)}, {TimeText.Format(victim.FirstSeen)}";
    }

    private static string Number(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    private static string Word(HijackKind kind) => kind switch
    {
        HijackKind.DelegationHijack => "delegation",
        HijackKind.RecordHijack => "record",
        HijackKind.SubdomainTakeover => "takeover",
        _ => "lame",
    };

    /// <summary>The name of an indicator as in JSON: <c>short_life</c>.</summary>
    private static string Word(HijackIndicatorKind kind) => JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString());

    private static void WriteJson(Terminal terminal, HijackSuspect suspect) => JsonOutput.Write(terminal.Output, json =>
    {
        json.WriteNumber("score", suspect.Score);
        json.WriteString("kind", Word(suspect.Kind));
        AnalysisJson.WriteName(json, "name", suspect.Name);
        AnalysisJson.WriteName(json, "registrable_domain", suspect.RegistrableDomain);
        AnalysisJson.WriteNames(json, "names", suspect.Names);
        json.WriteStartObject("interval");
        JsonOutput.WriteTime(json, "started_after", suspect.Interval.StartedAfter);
        json.WriteNumber("first_seen", suspect.Interval.FirstSeen);
        json.WriteNumber("last_seen", suspect.Interval.LastSeen);
        JsonOutput.WriteTime(json, "ended_before", suspect.Interval.EndedBefore);
        json.WriteEndObject();
        json.WriteBoolean("is_open", suspect.IsOpen);
        if (suspect.Baseline is { } baseline) WriteBaseline(json, baseline);
        json.WriteStartArray("rogue");
        foreach (RogueInfrastructure rogue in suspect.Rogue) WriteRogue(json, rogue);
        json.WriteEndArray();
        json.WriteStartArray("indicators");
        foreach (HijackIndicator indicator in suspect.Indicators)
        {
            json.WriteStartObject();
            json.WriteString("indicator", Word(indicator.Kind));
            json.WriteNumber("value", indicator.Value);
            json.WriteNumber("weight", indicator.Weight);
            json.WriteBoolean("is_benign", indicator.IsBenign);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("co_victims");
        foreach (CoVictim victim in suspect.CoVictims)
        {
            json.WriteStartObject();
            AnalysisJson.WriteName(json, "name", victim.Name);
            json.WriteNumber("first_seen", victim.FirstSeen);
            json.WriteNumber("last_seen", victim.LastSeen);
            AnalysisJson.WriteEvidence(json, [victim.Evidence]);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        AnalysisJson.WriteEvidence(json, suspect.Evidence);
    });

    private static void WriteBaseline(Utf8JsonWriter json, HijackBaseline baseline)
    {
        json.WriteStartObject("baseline");
        json.WriteStartArray("rdata");
        foreach (Rdata rdata in baseline.Data) json.WriteStringValue(rdata.ToString());
        json.WriteEndArray();
        json.WriteNumber("share", baseline.Share);
        json.WriteNumber("first_seen", baseline.FirstSeen);
        json.WriteNumber("count", baseline.Count);
        json.WriteEndObject();
    }

    private static void WriteRogue(Utf8JsonWriter json, RogueInfrastructure rogue)
    {
        json.WriteStartObject();
        json.WriteString("rrtype", RecordTypeNames.Format(rogue.Type));
        if (rogue.Address is { } address) json.WriteString("address", address.ToString());
        if (rogue.Name is { } name) AnalysisJson.WriteName(json, "name", name);
        JsonOutput.WriteTime(json, "first_seen", rogue.FirstSeen);
        AnalysisJson.WriteDegree(json, rogue.Degree);
        AnalysisJson.WriteFacts(json, rogue.Facts);
        json.WriteEndObject();
    }
}
