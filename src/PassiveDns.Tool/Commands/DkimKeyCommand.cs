using System.CommandLine;
using PassiveDns.Analysis;
using PassiveDns.Storage;
using PassiveDns.Tool.Input;
using PassiveDns.Tool.Output;

namespace PassiveDns.Tool.Commands;

/// <summary><c>pdns dkim-key</c>: which domains published the same DKIM key.</summary>
internal static class DkimKeyCommand
{
    /// <summary>Makes the verb.</summary>
    /// <param name="terminal">The surroundings.</param>
    public static Command Create(Terminal terminal)
    {
        Argument<string> what = new("SHA256") { Description = "The digest of the key's octets in hexadecimal, as pdns mail shows it." };
        AnalysisArguments arguments = new();
        Command verb = new("dkim-key", "Shows which domains published a DKIM key, in their own zones or by an alias: who holds the private key signs for all of them.") { what };
        arguments.AddTo(verb);
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            string digest = parsed.GetRequiredValue(what);
            if (digest.Length != 64 || !digest.All(char.IsAsciiHexDigit)) throw ToolException.WrongUse($"{Visible.Quote(digest)} is no SHA-256 digest: it has 64 digits in hexadecimal; pdns mail NAME shows those of a domain");
            TimeWindow window = arguments.Window(parsed);
            AnalysisOptions options = arguments.Options(parsed, terminal);
            await using IObservationStore store = arguments.OpenStore(parsed, terminal);
            PagedTable table = new(terminal, ["domain", "selector", "first seen", "last seen", "key", "by way of"]);
            AnswerForm<DkimKeyUse> uses = new() { Json = use => WriteJson(terminal, use), Text = use => Add(table, use), Table = table };
            return await uses.ShowAsync(terminal, arguments.WantsJson(parsed), new DkimKeyUses(store, options).Find(digest, window), $"DKIM key {digest}", cancellationToken);
        });
        return verb;
    }

    private static void Add(PagedTable table, DkimKeyUse use) => table.Add(
        NameDisplay.Format(use.Domain), use.Selector, TimeText.Format(use.Presence.First), TimeText.Format(use.Presence.Last), MailOutput.KeyText(use.Key),
        string.Join(" > ", use.Aliases.Select(NameDisplay.Format)));

    private static void WriteJson(Terminal terminal, DkimKeyUse use) => JsonOutput.Write(terminal.Output, json =>
    {
        AnalysisJson.WriteName(json, "domain", use.Domain);
        AnalysisJson.WriteName(json, "registrable_domain", use.RegistrableDomain);
        json.WriteString("selector", use.Selector);
        MailOutput.WriteKey(json, use.Key);
        AnalysisJson.WritePresence(json, use.Presence);
        AnalysisJson.WriteNames(json, "aliases", use.Aliases);
        AnalysisJson.WriteEvidence(json, use.Evidence);
    });
}
