using System.CommandLine;
using PassiveDns.Analysis;
using PassiveDns.Storage;
using PassiveDns.Tool.Output;

namespace PassiveDns.Tool.Commands;

/// <summary><c>pdns spf-authorises</c>: whose SPF record lets an address send mail.</summary>
internal static class SpfAuthorisesCommand
{
    /// <summary>Makes the verb.</summary>
    /// <param name="terminal">The surroundings.</param>
    public static Command Create(Terminal terminal)
    {
        Argument<string> what = new("ADDRESS") { Description = "The address of a mail server." };
        Option<string?> negatives = VerbOptions.Negatives();
        AnalysisArguments arguments = new();
        Command verb = new("spf-authorises", "Shows whose SPF record lets an address send mail, as of a time, and through which terms and includes. Looks at every text record of the store.") { what, negatives };
        arguments.AddTo(verb);
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            string text = parsed.GetRequiredValue(what);
            if (!HostAddress.TryParse(text, out HostAddress address)) throw ToolException.WrongUse($"{Visible.Quote(text)} is no address: write 192.0.2.1 or 2001:db8::1");
            TimeWindow window = arguments.AsOf(parsed);
            AnalysisOptions options = arguments.Options(parsed, terminal) with { Negatives = VerbOptions.NegativesOf(parsed.GetValue(negatives), wanted: null) };
            await using IObservationStore store = arguments.OpenStore(parsed, terminal);
            PagedTable table = new(terminal, ["domain", "through", "last seen", "record"]);
            AnswerForm<SpfAuthorisation> form = new() { Json = one => WriteJson(terminal, one), Text = one => Add(table, one), Table = table };
            return await form.ShowAsync(terminal, arguments.WantsJson(parsed), new SpfAuthorisations(store, options).Find(address, window), $"domains whose SPF lets {address} send", cancellationToken);
        });
        return verb;
    }

    private static void Add(PagedTable table, SpfAuthorisation one)
    {
        string through = string.Join('\n', one.Path.Select(step => $"{Visible.OneLine(step.Term)} of {NameDisplay.Format(step.Domain)}"));
        table.Add(NameDisplay.Format(one.Name), through, AnalysisText.Time(one.Spf.LastSeen), Visible.OneLine(one.Spf.Texts[0]));
    }

    private static void WriteJson(Terminal terminal, SpfAuthorisation one) => JsonOutput.Write(terminal.Output, json =>
    {
        AnalysisJson.WriteName(json, "name", one.Name);
        AnalysisJson.WriteName(json, "registrable_domain", one.RegistrableDomain);
        json.WriteStartArray("path");
        foreach (SpfStep step in one.Path)
        {
            json.WriteStartObject();
            AnalysisJson.WriteName(json, "domain", step.Domain);
            json.WriteString("term", step.Term);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("record", one.Spf.Texts[0]);
        JsonOutput.WriteTime(json, "last_seen", one.Spf.LastSeen);
        AnalysisJson.WriteEvidence(json, one.Evidence);
    });
}
