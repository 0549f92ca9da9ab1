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
            Description = "Capture files: pcap, pcapng, C-DNS, dnstap or PowerDNS messages, also packed with gzip or Zstandard; - for standard input. Several are read as one recording.",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<string?> store = VerbOptions.Store();
        Option<StoreEngine> engine = VerbOptions.Engine();
        VantageArguments vantage = new("Without any, the direction is inferred.");
        Option<string?> rootHints = VerbOptions.RootHints();
        Option<string> sensor = VerbOptions.Sensor();
        Option<string?> chaff = new("--chaff")
        {
            HelpName = "DIR",
            Description = "A store of its own for what scrubbing takes out and what nothing supports: for research, never mixed with the rest.",
        };
        Option<string?> delegations = VerbOptions.Delegations();
        Option<string?> saveDelegations = new("--save-delegations")
        {
            HelpName = "FILE",
            Description = "Writes what this import has learnt, for the next one. A file other than that of --delegations.",
        };
        Option<bool> resume = new("--resume") { Description = "Goes on with an import that was interrupted; nothing counts twice." };
        Option<bool> redact = new("--redact") { Description = "Cuts names that carry secrets (mail addresses, addresses turned round, tokens) to wildcards. See docs/privacy.md." };
        Option<string?> quarantine = new("--quarantine")
        {
            HelpName = "DIR",
            Description = "Puts batches whose times cannot be right into this directory instead of the store. See pdns quarantine.",
        };
        FoldingArguments folding = new();
        Option<string?> negatives = new("--negatives")
        {
            HelpName = "FILE",
            Description = "Writes what servers said is not there (NXDOMAIN, no data) as lines of JSON: name, type, zone, times, count. Its names are not cut.",
        };
        Option<bool> strictCompression = new("--strict-compression")
        {
            Description = "Drops record sets with a name compressed in a type where RFC 3597 does not allow it; otherwise they are expanded and counted.",
        };
        Option<bool> json = VerbOptions.Json("The whole account as one JSON object instead of a table.");
        const string Purpose =
            "Reads captures made at a resolver and stores what authoritative servers answered. No address of a client or of the resolver is kept.";
        Command verb = new("import", Purpose) { files, store };
        vantage.AddTo(verb);
        folding.AddTo(verb);
        foreach (Option option in (Option[])[engine, rootHints, sensor, delegations, saveDelegations, chaff, resume, redact, quarantine, negatives, strictCompression, json]) verb.Options.Add(option);
        verb.SetAction((parsed, cancellationToken) =>
        {
            ImportRequest request = new()
            {
                Files = FilePatterns.Expand(parsed.GetRequiredValue(files)),
                Store = VerbOptions.StoreOf(parsed, store, terminal),
                Engine = parsed.GetValue(engine),
                Sensor = VerbOptions.SensorOf(parsed, sensor),
                Delegations = parsed.GetValue(delegations),
                SaveDelegations = parsed.GetValue(saveDelegations),
                Chaff = parsed.GetValue(chaff),
                Resume = parsed.GetValue(resume),
                Redact = parsed.GetValue(redact),
                Quarantine = parsed.GetValue(quarantine),
                Json = parsed.GetValue(json),
                RootHints = parsed.GetValue(rootHints),
                Negatives = parsed.GetValue(negatives),
                FloodGuard = folding.FloodsOf(parsed),
                MaxSetsPerDay = folding.MaxSetsOf(parsed),
                StrictCompression = parsed.GetValue(strictCompression),
            };
            vantage.Fill(parsed, request.Vantage);
            if (request.Negatives?.Length == 0) throw ToolException.WrongUse("--negatives: the file name is empty");
            if (request is { Negatives: not null, Redact: true }) throw ToolException.WrongUse("--negatives and --redact exclude each other: names that are denied would be written whole");
            if (request.SaveDelegations?.Length == 0) throw ToolException.WrongUse("--save-delegations: the file name is empty");
            if (request is { Delegations.Length: > 0, SaveDelegations: not null } && Path.GetFullPath(request.Delegations) == Path.GetFullPath(request.SaveDelegations))
            {
                throw ToolException.WrongUse("--save-delegations: this is the file of --delegations; give another one, else this import could count twice");
            }

            return ImportRun.RunAsync(request, terminal, cancellationToken);
        });
        return verb;
    }
}
