using System.CommandLine;
using PassiveDns.Storage;
using PassiveDns.Tool.Input;
using PassiveDns.Tool.Output;

namespace PassiveDns.Tool.Commands;

/// <summary><c>pdns restore</c>: a new store of a backup.</summary>
internal static class RestoreCommand
{
    /// <summary>Makes the verb.</summary>
    /// <param name="terminal">The surroundings.</param>
    public static Command Create(Terminal terminal)
    {
        Argument<string> backup = new("BACKUP") { Description = "The backup; it is verified first and stays as it is." };
        Option<string?> store = VerbOptions.Store();
        Option<string[]> deletions = new("--deletions-of")
        {
            HelpName = "DIR",
            Description = "A store whose deletions must stay in force, above all the one that is replaced: the backup does not know what was deleted after it. May be repeated.",
        };
        Option<bool> json = VerbOptions.Json("One JSON object instead of a line.");
        Command verb = new("restore", "Makes a new store of a backup, in a new or empty directory. What was deleted since comes back unless --deletions-of names the store that knows.")
        {
            backup, store, deletions, json,
        };
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            string from = parsed.GetRequiredValue(backup), to = VerbOptions.StoreOf(parsed, store, terminal);
            using Interruption interruption = new(cancellationToken);
            List<Deletion> known = [];
            foreach (string other in parsed.GetValue(deletions) ?? []) known.AddRange(await StoreDirectory.ReadDeletionsAsync(other, interruption.Token));
            BackupReport report;
            using (WorkProgress progress = new(terminal, "restored")) report = await StoreDirectory.RestoreAsync(from, to, known, progress, interruption.Token);
            BackupCommand.Write(terminal, parsed.GetValue(json), "Restored", from, to, report);
            return ExitCode.Answered;
        });
        return verb;
    }
}
