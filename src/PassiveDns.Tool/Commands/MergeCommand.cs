using System.CommandLine;
using PassiveDns.Tool.Input;
using PassiveDns.Tool.Output;

namespace PassiveDns.Tool.Commands;

/// <summary><c>pdns merge</c>: what other passive DNS databases know, into a store.</summary>
internal static class MergeCommand
{
    /// <summary>Makes the verb.</summary>
    /// <param name="terminal">The surroundings.</param>
    public static Command Create(Terminal terminal)
    {
        Argument<string[]> files = new("FILE")
        {
            Description = "What pdns export writes (lines of the Common Output Format, CSV, batches), answers of DNSDB, CIRCL and D4, or the log of passivedns; also packed with gzip or Zstandard; - for standard input.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        Option<string?> store = VerbOptions.Store();
        Option<string?> from = new("--from-store") { HelpName = "DIR", Description = "Another store of pdns instead of files; it must not be written to meanwhile." };
        Option<string> sensor = new("--sensor")
        {
            HelpName = "NAME",
            Description = "Who vouches for the rows, such as the database they come from; another name for each store that is merged.",
            DefaultValueFactory = _ => "merged",
        };
        Option<string> provenance = new("--provenance")
        {
            HelpName = "WORD",
            Description = "How the bailiwick is known of rows that do not say so themselves: verified, stated, estimated, unverified or probe. Rows without a bailiwick stay unverified.",
            DefaultValueFactory = _ => "estimated",
        };
        Option<bool> salvage = new("--salvage") { Description = "With --from-store: takes what is left of a damaged store; what is passed over is named." };
        Option<bool> witnesses = new("--keep-witnesses")
        {
            Description = "Believes the witnesses that rows state instead of --sensor: for exports (--exact) of stores of your own.",
        };
        Option<bool> strict = new("--strict") { Description = "Takes only lines that are just as the draft of the format says." };
        Option<bool> resume = new("--resume") { Description = "Goes on with a merge that was interrupted; nothing counts twice." };
        Option<bool> json = VerbOptions.Json("The whole account as one JSON object instead of a table.");
        const string Purpose = "Merges what other passive DNS databases know into a store: exports in any of its forms, or another store. The same file counts once.";
        Command verb = new("merge", Purpose)
        {
            files, from, salvage, store, sensor, provenance, witnesses, strict, resume, json,
        };
        verb.SetAction((parsed, cancellationToken) =>
        {
            string[] typed = parsed.GetValue(files) ?? [];
            string? other = parsed.GetValue(from);
            if ((typed.Length == 0) == (other is null)) throw ToolException.WrongUse("name files, or another store with --from-store DIR");
            if (other is null && parsed.GetValue(salvage)) throw ToolException.WrongUse("--salvage is about a store: name it with --from-store DIR");
            MergeRequest request = new()
            {
                Files = FilePatterns.Expand(typed),
                FromStore = other,
                Salvage = parsed.GetValue(salvage),
                Store = VerbOptions.StoreOf(parsed, store, terminal),
                Sensor = VerbOptions.SensorOf(parsed, sensor),
                Lines = new() { Strict = parsed.GetValue(strict), UnstatedProvenance = ProvenanceOf(parsed.GetRequiredValue(provenance)), KeepWitnesses = parsed.GetValue(witnesses) },
                Resume = parsed.GetValue(resume),
                Json = parsed.GetValue(json),
            };
            return MergeRun.RunAsync(request, terminal, cancellationToken);
        });
        return verb;
    }

    private static Provenance ProvenanceOf(string word)
    {
        foreach (Provenance provenance in Enum.GetValues<Provenance>())
        {
            if (provenance != Provenance.ZoneFile && ProvenanceText.Format(provenance) == word) return provenance;
        }

        throw ToolException.WrongUse($"--provenance: {Visible.Quote(word)} is not one of verified, stated, estimated, unverified and probe");
    }
}
