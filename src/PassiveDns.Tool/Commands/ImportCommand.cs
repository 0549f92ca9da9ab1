using System.CommandLine;
using PassiveDns.Tool.Input;
using PassiveDns.Tool.Output;

namespace PassiveDns.Tool.Commands;

/// <summary><c>pdns import</c>: capture files into a store.</summary>
internal static class ImportCommand
{
    /// <summary>Makes the verb.</summary>
    /// <param name="terminal">The surroundings.</param>
    public static Command Create(Terminal terminal)
    {
        Argument<string[]> files = new("FILE")
        {
            Description = "Capture files: pcap or pcapng, also packed with gzip or Zstandard; - for standard input. Several are read as one recording.",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<string?> store = VerbOptions.Store();
        VantageArguments vantage = new("Without any, the direction is inferred.");
        Option<string?> rootHints = VerbOptions.RootHints();
        Option<string> sensor = VerbOptions.Sensor();
        Option<bool> resume = new("--resume") { Description = "Goes on with an import that was interrupted; nothing counts twice." };
        Option<bool> redact = new("--redact") { Description = "Cuts names that carry secrets (mail addresses, addresses turned round, tokens) to wildcards. See docs/privacy.md." };
        Option<string?> quarantine = new("--quarantine")
        {
            HelpName = "DIR",
            Description = "Puts batches whose times cannot be right into this directory instead of the store. See pdns quarantine.",
        };
        Option<bool> json = VerbOptions.Json("The whole account as one JSON object instead of a table.");
        const string Purpose =
            "Reads captures made at a resolver and stores what authoritative servers answered. No address of a client or of the resolver is kept.";
        Command verb = new("import", Purpose) { files, store };
        vantage.AddTo(verb);
        foreach (Option option in (Option[])[rootHints, sensor, resume, redact, quarantine, json]) verb.Options.Add(option);
        verb.SetAction((parsed, cancellationToken) =>
        {
            ImportRequest request = new()
            {
                Files = FilePatterns.Expand(parsed.GetRequiredValue(files)),
                Store = VerbOptions.StoreOf(parsed, store, terminal),
                Sensor = VerbOptions.SensorOf(parsed, sensor),
                Resume = parsed.GetValue(resume),
                Redact = parsed.GetValue(redact),
                Quarantine = parsed.GetValue(quarantine),
                Json = parsed.GetValue(json),
                RootHints = parsed.GetValue(rootHints),
            };
            vantage.Fill(parsed, request.Vantage);
            return ImportRun.RunAsync(request, terminal, cancellationToken);
        });
        return verb;
    }
}
