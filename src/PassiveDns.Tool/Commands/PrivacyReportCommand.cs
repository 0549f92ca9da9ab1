using System.CommandLine;
using PassiveDns.Storage;
using PassiveDns.Storage.Privacy;
using PassiveDns.Tool.Input;
using PassiveDns.Tool.Output;

namespace PassiveDns.Tool.Commands;

/// <summary><c>pdns privacy-report</c>: what a store keeps about whom, measured and not promised.</summary>
internal static class PrivacyReportCommand
{
    /// <summary>Makes the verb.</summary>
    /// <param name="terminal">The surroundings.</param>
    public static Command Create(Terminal terminal)
    {
        Option<string?> store = VerbOptions.Store();
        PublicationArguments publication = new(defaultSensors: 2);
        Option<string[]> accounts = new("--account") { HelpName = "FILE", Description = "What pdns import --json wrote; may be repeated. Tells what was refused and cut before it was stored." };
        Option<bool> json = VerbOptions.Json("One JSON object instead of a page.");
        Command verb = new("privacy-report", "Reads the whole store and reports what it keeps: which data, how many names below the publication threshold, which names carry secrets.")
        {
            store, accounts, json,
        };
        publication.AddTo(verb);
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            PublicationOptions options = publication.Of(parsed)!; // there is a default
            List<StageCount> before = [.. (parsed.GetValue(accounts) ?? []).SelectMany(path => OptionFile.Read("--account", path, AccountFile.Read))];
            await using IObservationStore opened = StoreDirectory.OpenForReading(VerbOptions.StoreOf(parsed, store, terminal));
            PrivacyFacts facts = new()
            {
                Status = await opened.GetStatusAsync(cancellationToken),
                Thresholds = options,
                Publication = await new PublicationView(opened, options).MeasureAsync(cancellationToken),
                Secrets = await CountSecretsAsync(opened, cancellationToken),
                Before = [.. before.GroupBy(line => (line.Stage, line.Fate, line.IsDrop)).Select(same => new StageCount(same.Key.Stage, same.Key.Fate, same.Sum(line => line.Count), same.Key.IsDrop))],
            };
            if (parsed.GetValue(json)) facts.WriteJson(terminal.Output);
            else facts.Write(terminal);
            return ExitCode.Answered;
        });
        return verb;
    }

    /// <summary>Which rules the rows that are stored would fall under: none, if names were redacted before.</summary>
    private static async Task<IReadOnlyList<StageCount>> CountSecretsAsync(IObservationStore store, CancellationToken cancellationToken)
    {
        NameRedaction rules = new(new());
        Tally<RedactionRule> found = new();
        ObservationQuery all = new(new QueryAnchor.Everything()) { Types = TypeSelection.All, Provenance = ProvenanceSelection.All };
        await foreach (RecordPage page in store.ReadAsync(all, cancellationToken))
        {
            foreach (ObservationRow row in page.Rows) found.Count(rules.FindRule(row));
        }

        return [.. found.ToAccount("stored-owner-names", rule => false).Select(line => line.Fate == "none" ? line with { Fate = "without-secret" } : line)];
    }
}
