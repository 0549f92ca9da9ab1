using System.CommandLine;
using System.Net;
using PassiveDns.Capture;
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
        Option<StoreEngine> engine = VerbOptions.Engine();
        Option<string[]> resolver = new("--resolver")
        {
            HelpName = "CIDR",
            Description = "An address or network from which the resolver asks authoritative servers; may be repeated. Without any, the direction is inferred.",
        };
        Option<string?> resolvers = new("--resolvers") { HelpName = "FILE", Description = "A file that lists them: one a line, # starts a comment." };
        Option<string?> rootHints = new("--root-hints") { HelpName = "FILE", Description = "Where verification starts, in zone-file form. Default: the real root." };
        Option<string> sensor = new("--sensor")
        {
            HelpName = "NAME",
            Description = "The place where the traffic was seen; never a person or an address.",
            DefaultValueFactory = _ => "local",
        };
        Option<bool> resume = new("--resume") { Description = "Goes on with an import that was interrupted; nothing counts twice." };
        Option<bool> json = VerbOptions.Json("The whole account as one JSON object instead of a table.");
        const string Purpose =
            "Reads captures made at a resolver and stores what authoritative servers answered. No address of a client or of the resolver is kept.";
        Command verb = new("import", Purpose)
        {
            files, store, engine, resolver, resolvers, rootHints, sensor, resume, json,
        };
        verb.SetAction((parsed, cancellationToken) =>
        {
            ImportRequest request = new()
            {
                Files = FilePatterns.Expand(parsed.GetRequiredValue(files)),
                Store = VerbOptions.StoreOf(parsed, store, terminal),
                Engine = parsed.GetValue(engine),
                Sensor = VerbOptions.SensorOf(parsed, sensor),
                Resume = parsed.GetValue(resume),
                Json = parsed.GetValue(json),
                RootHints = parsed.GetValue(rootHints),
            };
            foreach (string text in parsed.GetValue(resolver) ?? []) request.Vantage.Resolvers.Add(ResolverOf(text));
            foreach (IPNetwork network in parsed.GetValue(resolvers) is { } file ? OptionFile.Read("--resolvers", file, ResolverList.Load) : [])
            {
                request.Vantage.Resolvers.Add(network);
            }

            return ImportRun.RunAsync(request, terminal, cancellationToken);
        });
        return verb;
    }

    private static IPNetwork ResolverOf(string text)
    {
        try
        {
            return ResolverList.Parse(text);
        }
        catch (FormatException exception)
        {
            throw ToolException.WrongUse("--resolver: " + exception.Message);
        }
    }
}
