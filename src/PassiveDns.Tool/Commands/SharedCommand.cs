using System.CommandLine;
using System.Globalization;
using PassiveDns.Analysis;
using PassiveDns.Storage;
using PassiveDns.Tool.Input;
using PassiveDns.Tool.Output;

namespace PassiveDns.Tool.Commands;

/// <summary><c>pdns shared</c>: who shares an address or a range, or the addresses of a name.</summary>
internal static class SharedCommand
{
    /// <summary>Makes the verb.</summary>
    /// <param name="terminal">The surroundings.</param>
    public static Command Create(Terminal terminal)
    {
        Argument<string> what = new("ADDRESS|NAME") { Description = "An address, a network (192.0.2.0/24), a range (192.0.2.1-192.0.2.9), or a name to find those that it shared addresses with." };
        Option<bool> noAliases = new("--no-aliases") { Description = "Only names with address records of their own, none that lead there by CNAME." };
        Option<bool> hints = new("--hints") { Description = "Also names whose HTTPS or SVCB records hint at an address; reads all such rows of the store." };
        AnalysisArguments arguments = new();
        const string Purpose = "Shows who shared an address or a range and when, how widely each address is used, and by which aliases names lead to it.";
        Command verb = new("shared", Purpose) { what, noAliases, hints };
        arguments.AddTo(verb);
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            string text = parsed.GetRequiredValue(what);
            DomainName name = default;
            if (!AddressText.TryParseRange(text, out QueryAnchor? anchor, out string problem))
            {
                if (AddressText.LooksLikeOne(text)) throw ToolException.WrongUse($"{Visible.Quote(text)} is no address, network or range: {problem}");
                name = VerbOptions.NameOf(text);
            }

            TimeWindow window = arguments.Window(parsed);
            AnalysisOptions options = arguments.Options(parsed, terminal);
            await using IObservationStore store = arguments.OpenStore(parsed, terminal);
            if (anchor is QueryAnchor.AddressRange (HostAddress first, HostAddress last))
            {
                SharedAddressQuery query = new(first, last) { Window = window, IncludeAliases = !parsed.GetValue(noAliases), IncludeHints = parsed.GetValue(hints) };
                AnswerForm<AddressShare> shares = new() { Json = share => WriteJson(terminal, share), Text = share => WriteTable(terminal, share) };
                return await shares.ShowAsync(terminal, arguments.WantsJson(parsed), new SharedAddresses(store, options).Find(query), Visible.Quote(text), cancellationToken);
            }

            string asked = $"names that share addresses with {Visible.Quote(text)}";
            return await Related(terminal).ShowAsync(terminal, arguments.WantsJson(parsed), new RelatedNames(store, options).Find(name, window), asked, cancellationToken);
        });
        return verb;
    }

    private static void WriteTable(Terminal terminal, AddressShare share)
    {
        string network = share.Facts is { } facts
            ? "  " + string.Join("  ", new[] { facts.Prefix, facts.AutonomousSystem is { } asn ? $"AS{asn}" : null, facts.Organisation, facts.Country }.Where(part => part is not null))
            : "";
        string use = $"{Quantity.Of(share.Degree.Names, "name", "names")} of {Quantity.Of(share.Degree.RegistrableDomains, "domain", "domains")}";
        terminal.Output.WriteLine($"{share.Address}  {AnalysisJson.Word(share.Degree.Class)}: {use}{network}");
        ColumnTable table = new(["name", "first seen", "last seen", "count", "by way of"], numeric: 3);
        foreach (AddressName name in share.Names)
        {
            string way = name.IsHint ? "hint" : string.Join(" > ", name.Aliases.Select(NameDisplay.Format));
            table.Add(NameDisplay.Format(name.Name), TimeText.Format(name.Presence.First), TimeText.Format(name.Presence.Last), name.Count.ToString(CultureInfo.InvariantCulture), way);
        }

        table.WriteTo(terminal);
        if (share.IsCut) terminal.Note($"{share.Address} has more names than are shown");
        if (share.Degree.Class == DegreeClass.Mass)
            terminal.Note($"{share.Address} is shared by strangers in mass: a name on it says nothing about the others, and blocking it hits all of them");
    }

    private static void WriteJson(Terminal terminal, AddressShare share)
    {
        foreach (AddressName name in share.Names)
        {
            JsonOutput.Write(terminal.Output, json =>
            {
                json.WriteString("address", share.Address.ToString());
                AnalysisJson.WriteName(json, "name", name.Name);
                AnalysisJson.WriteName(json, "registrable_domain", name.RegistrableDomain);
                AnalysisJson.WritePresence(json, name.Presence);
                json.WriteNumber("count", name.Count);
                AnalysisJson.WriteNames(json, "aliases", name.Aliases);
                json.WriteBoolean("is_hint", name.IsHint);
                AnalysisJson.WriteDegree(json, share.Degree);
                AnalysisJson.WriteFacts(json, share.Facts);
                json.WriteBoolean("is_cut", share.IsCut);
                AnalysisJson.WriteEvidence(json, name.Evidence);
            });
        }
    }

    private static AnswerForm<Relatedness> Related(Terminal terminal)
    {
        PagedTable table = new(terminal, ["name", "relatedness", "overlap", "shared addresses"], numeric: 1);
        return new() { Json = one => WriteJson(terminal, one), Text = one => Add(table, one), Table = table };
    }

    private static void Add(PagedTable table, Relatedness one)
    {
        string shared = string.Join('\n', one.Shared.Select(s => $"{s.Address} {Quantity.Of(s.Days, "day", "days")}, {AnalysisJson.Word(s.Degree.Class)}"));
        table.Add(NameDisplay.Format(one.Name), one.AdamicAdar.ToString("0.00", CultureInfo.InvariantCulture), one.Jaccard.ToString("0.00", CultureInfo.InvariantCulture), shared);
    }

    private static void WriteJson(Terminal terminal, Relatedness one) => JsonOutput.Write(terminal.Output, json =>
    {
        AnalysisJson.WriteName(json, "name", one.Name);
        json.WriteNumber("adamic_adar", one.AdamicAdar);
        json.WriteNumber("jaccard", one.Jaccard);
        json.WriteStartArray("shared");
        foreach (SharedAddress shared in one.Shared)
        {
            json.WriteStartObject();
            json.WriteString("address", shared.Address.ToString());
            json.WriteNumber("days", shared.Days);
            AnalysisJson.WriteDegree(json, shared.Degree);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        AnalysisJson.WriteEvidence(json, one.Evidence);
    });
}
