using System.CommandLine;
using PassiveDns.Storage;
using PassiveDns.Tool.Input;
using PassiveDns.Tool.Output;

namespace PassiveDns.Tool.Commands;

/// <summary><c>pdns backup</c>: a copy of a store while it is in use.</summary>
internal static class BackupCommand
{
    /// <summary>Makes the verb.</summary>
    /// <param name="terminal">The surroundings.</param>
    public static Command Create(Terminal terminal)
    {
        Argument<string> directory = new("DIR") { Description = "A new or empty directory for the backup." };
        Option<string?> store = VerbOptions.Store();
        Option<bool> link = new("--link")
        {
            Description = "Links files that never change instead of copying them, where the file system can: at once and without room, but on the same disk.",
        };
        Option<bool> noVerify = new("--no-verify") { Description = "Does not read the backup again to check every checksum." };
        Option<bool> json = VerbOptions.Json("One JSON object instead of a line.");
        const string Purpose = "Copies a store while it is in use; an import may go on meanwhile. A backup is a store: it can be asked, verified and deleted from.";
        Command verb = new("backup", Purpose) { directory, store, link, noVerify, json };
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            string from = VerbOptions.StoreOf(parsed, store, terminal), to = parsed.GetRequiredValue(directory);
            using Interruption interruption = new(cancellationToken);
            BackupReport report;
            await using (IObservationStore opened = StoreDirectory.OpenForBackup(from))
            {
                using WorkProgress progress = new(terminal, "copied");
                report = await StoreDirectory.Offered<IStoreBackup>(opened, from).BackupAsync(to, new() { AllowLinks = parsed.GetValue(link), Progress = progress }, interruption.Token);
            }

            if (!parsed.GetValue(noVerify)) await VerifyAsync(terminal, to, interruption.Token);
            Write(terminal, parsed.GetValue(json), "Backed up", from, to, report);
            return ExitCode.Answered;
        });
        return verb;
    }

    /// <summary>Tells what a backup or a restore did.</summary>
    /// <param name="terminal">Where it is shown.</param>
    /// <param name="isJson">Whether for programs.</param>
    /// <param name="what">What was done.</param>
    /// <param name="from">From where.</param>
    /// <param name="to">To where.</param>
    /// <param name="report">What it did.</param>
    public static void Write(Terminal terminal, bool isJson, string what, string from, string to, BackupReport report)
    {
        if (isJson)
        {
            JsonOutput.Write(terminal.Output, json =>
            {
                json.WriteString("from", from);
                json.WriteString("to", to);
                json.WriteNumber("files", report.Files);
                json.WriteNumber("linked_files", report.LinkedFiles);
                json.WriteNumber("bytes", report.Bytes);
                json.WriteNumber("added_deletions", report.AddedDeletions);
            });
            return;
        }

        string links = report.LinkedFiles == 0 ? "" : $", {Quantity.Of(report.LinkedFiles, "of them a link", "of them links")}";
        string deletions = report.AddedDeletions == 0 ? "" : $" {Quantity.Of(report.AddedDeletions, "deletion that the backup did not know is", "deletions that the backup did not know are")} in force.";
        terminal.Output.WriteLine($"{what} {Visible.OneLine(from)} to {Visible.OneLine(to)}: {Quantity.Of(report.Files, "file", "files")}, {Quantity.Bytes(report.Bytes)}{links}.{deletions}");
        terminal.Output.Flush();
    }

    private static async Task VerifyAsync(Terminal terminal, string path, CancellationToken cancellationToken)
    {
        using WorkProgress progress = new(terminal, "verified");
        VerificationReport report = await StoreDirectory.VerifyAsync(path, progress, cancellationToken);
        if (report.Files.FirstOrDefault(file => file.Damages.Count > 0) is { } damaged)
        {
            throw ToolException.Failed($"{path}: the backup is damaged: {damaged.Name}: {damaged.Damages[0]}; check both disks, delete the backup and make it anew");
        }
    }
}
