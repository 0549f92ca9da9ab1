using System.CommandLine;
using PassiveDns.Storage;
using PassiveDns.Tool.Input;
using PassiveDns.Tool.Output;

namespace PassiveDns.Tool.Commands;

/// <summary><c>pdns retain</c>: forgets rows that were not seen for long.</summary>
internal static class RetainCommand
{
    /// <summary>Makes the verb.</summary>
    /// <param name="terminal">The surroundings.</param>
    public static Command Create(Terminal terminal)
    {
        Option<string?> store = VerbOptions.Store();
        Option<string[]> rule = new("--rule")
        {
            HelpName = "RULE",
            Description = "An age (90d, 12h, or ever) and the rows that it is about: \"30d provenance unverified\", \"90d type TXT,RRSIG\", \"ever name *.example.com\". The first rule about a row decides.",
        };
        Option<string?> older = new("--older-than") { HelpName = "AGE", Description = "The age of all rows that no rule is about, since they were last seen, such as 730d. Without it they stay." };
        Option<string?> at = new("--at") { HelpName = "TIME", Description = "From when ages are counted. Default: now." };
        Option<bool> dryRun = new("--dry-run") { Description = "Only counts what would go." };
        Option<bool> json = VerbOptions.Json("One JSON object instead of a line.");
        Command verb = new("retain", "Takes rows out of a store that were not seen for longer than a policy says. A row that is seen again is a new row.")
        {
            store, rule, older, at, dryRun, json,
        };
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            string path = VerbOptions.StoreOf(parsed, store, terminal);
            RetentionPolicy policy = RetentionText.Parse(parsed.GetValue(rule) ?? [], parsed.GetValue(older));
            DateTimeOffset now = VerbOptions.TimeOf("--at", parsed.GetValue(at), terminal);
            bool isDryRun = parsed.GetValue(dryRun);
            using Interruption interruption = new(cancellationToken);
            await using IObservationStore opened = isDryRun ? StoreDirectory.OpenForReading(path) : StoreDirectory.OpenExistingForWriting(path);
            RemovalReport report;
            using (WorkProgress progress = new(terminal, "looked at", "rows"))
            {
                report = await StoreDirectory.Offered<IStoreRetention>(opened, path).RetainAsync(policy, now, new() { DryRun = isDryRun, Progress = progress }, interruption.Token);
            }

            RemovalOutput.Write(terminal, parsed.GetValue(json), report, isDryRun);
            return ExitCode.Answered;
        });
        return verb;
    }
}
