using System.CommandLine;
using PassiveDns.Storage;
using PassiveDns.Tool.Input;
using PassiveDns.Tool.Output;

namespace PassiveDns.Tool.Commands;

/// <summary><c>pdns delete</c>: takes away what was stored, for good.</summary>
internal static class DeleteCommand
{
    /// <summary>Makes the verb.</summary>
    /// <param name="terminal">The surroundings.</param>
    public static Command Create(Terminal terminal)
    {
        Option<string?> store = VerbOptions.Store();
        Option<string?> subtree = new("--subtree") { HelpName = "NAME", Description = "Rows of this name and of everything under it." };
        Option<bool> targets = new("--with-targets") { Description = "With --subtree: also rows of other names that point into it (NS, CNAME, MX and the like)." };
        Option<string?> sensor = new("--sensor") { HelpName = "NAME", Description = "What this sensor alone has seen." };
        Option<string?> from = new("--from") { HelpName = "TIME", Description = "Only sightings at this time or later." };
        Option<string?> to = new("--to") { HelpName = "TIME", Description = "Only sightings at this time or before; a date counts to its last second. Default: now, so that later sightings count again." };
        Option<bool> ever = new("--for-ever") { Description = "Keeps out later sightings, too." };
        Option<string> note = new("--note") { HelpName = "TEXT", Description = "Written down with the deletion, in clear, such as the number of a case.", DefaultValueFactory = _ => "" };
        Option<bool> list = new("--list") { Description = "Shows the deletions in force, and deletes nothing." };
        Option<bool> dryRun = new("--dry-run") { Description = "Only counts what would go." };
        Option<bool> yes = new("--yes") { Description = "Really deletes; without it what would go is counted." };
        Option<bool> compact = new("--compact") { Description = "Rewrites the files at once, so that the octets are gone, too." };
        Option<bool> json = VerbOptions.Json("One JSON object (with --list one a line) instead of text.");
        const string Purpose = "Deletes rows by name, sensor or time; conditions given together must all hold. A deletion stays in force: batches that come later and restored backups cannot bring the rows back.";
        Command verb = new("delete", Purpose)
        {
            store, subtree, targets, sensor, from, to, ever, note, list, dryRun, yes, compact, json,
        };
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            string path = VerbOptions.StoreOf(parsed, store, terminal);
            using Interruption interruption = new(cancellationToken);
            if (parsed.GetValue(list)) return await ListAsync(terminal, path, parsed.GetValue(json), interruption.Token);
            if (parsed.GetValue(ever) && parsed.GetValue(to) is not null) throw ToolException.WrongUse("--for-ever and --to: give one of them");
            DeletionScope scope = new()
            {
                Subtree = parsed.GetValue(subtree) is { } name ? NameOf(name) : null,
                IncludeTargets = parsed.GetValue(targets),
                Sensor = parsed.GetValue(sensor) is { } id ? SensorOf(id) : null,
                From = VerbOptions.TimeOf("--from", parsed.GetValue(from), endOfDay: false),
                To = parsed.GetValue(ever) ? long.MaxValue : VerbOptions.TimeOf("--to", parsed.GetValue(to), endOfDay: true),
            };
            if (scope.FindProblem() is { } problem || scope is { Subtree: null, Sensor: null, From: null, To: long.MaxValue })
            {
                throw ToolException.WrongUse($"{scope.FindProblem() ?? "this would be everything for ever"}: give --subtree, --sensor, --from or --to");
            }

            string text = parsed.GetValue(note) ?? "";
            if (text.Length > Deletion.MaxNoteLength) throw ToolException.WrongUse($"--note: at most {Deletion.MaxNoteLength} characters");
            bool isConfirmed = parsed.GetValue(yes) && !parsed.GetValue(dryRun);
            await using IObservationStore opened = isConfirmed ? StoreDirectory.OpenExistingForWriting(path) : StoreDirectory.OpenForReading(path);
            RemovalReport report;
            using (WorkProgress progress = new(terminal, "looked at", "rows"))
            {
                report = await StoreDirectory.Offered<IStoreDeletion>(opened, path).DeleteAsync(
                    scope, terminal.Clock.GetUtcNow(), new() { DryRun = !isConfirmed, Note = text, Progress = progress }, interruption.Token);
            }

            if (isConfirmed && parsed.GetValue(compact)) await CompactCommand.RunAsync(terminal, opened, path, null, interruption.Token);
            RemovalOutput.Write(terminal, parsed.GetValue(json), report, !isConfirmed);
            return isConfirmed ? await TellRestAsync(terminal, opened, interruption.Token) : TellUnconfirmed(terminal, parsed.GetValue(dryRun));
        });
        return verb;
    }

    private static async Task<int> TellRestAsync(Terminal terminal, IObservationStore store, CancellationToken cancellationToken)
    {
        if (store is IStoreMaintenance maintenance && (await maintenance.GetStatisticsAsync(cancellationToken)).FilesWithDeletedRows is > 0 and int files)
        {
            terminal.Note($"no answer has these rows any more; their octets are in {Quantity.Of(files, "file", "files")} until pdns compact has rewritten them");
        }

        return ExitCode.Answered;
    }

    /// <summary>Who did not say that nothing should be deleted may believe that it was: the exit code says no.</summary>
    private static int TellUnconfirmed(Terminal terminal, bool isDryRun)
    {
        if (isDryRun) return ExitCode.Answered;
        terminal.Note("nothing was deleted: give --yes to delete, or --dry-run to count only");
        return ExitCode.WrongUse;
    }

    private static async Task<int> ListAsync(Terminal terminal, string path, bool isJson, CancellationToken cancellationToken)
    {
        IReadOnlyList<Deletion> deletions = await StoreDirectory.ReadDeletionsAsync(path, cancellationToken);
        ColumnTable table = new(["id", "asked for", "what", "sensor", "from", "to", "note"]);
        foreach (Deletion deletion in deletions)
        {
            string what = !deletion.IsOfSubtree ? "all names" : deletion.IncludeTargets ? "a subtree and what points to it" : "a subtree";
            if (isJson) WriteJson(terminal, deletion);
            else table.Add(
                deletion.Id.ToString(), TimeText.Format(deletion.RequestedAt), what, deletion.Sensor?.Value ?? "", deletion.From == 0 ? "" : TimeText.Format(deletion.From),
                deletion.To == long.MaxValue ? "for ever" : TimeText.Format(deletion.To), Visible.OneLine(deletion.Note));
        }

        if (table.Count > 0) table.WriteTo(terminal);
        if (deletions.Count > 0) return ExitCode.Answered;
        terminal.Note("nothing was ever deleted from this store");
        return ExitCode.NothingKnown;
    }

    private static void WriteJson(Terminal terminal, Deletion deletion) => JsonOutput.Write(terminal.Output, json =>
    {
        json.WriteString("id", deletion.Id);
        json.WriteNumber("requested_at", deletion.RequestedAt);
        json.WriteBoolean("subtree", deletion.IsOfSubtree);
        json.WriteBoolean("with_targets", deletion.IncludeTargets);
        if (deletion.Sensor is { } sensor) json.WriteString("sensor", sensor.Value);
        json.WriteNumber("from", deletion.From);
        if (deletion.To != long.MaxValue) json.WriteNumber("to", deletion.To);
        json.WriteString("note", deletion.Note);
    });

    private static DomainName NameOf(string text) =>
        NamePattern.TryParseSubtree(text, out DomainName apex, out string problem) ? apex : throw ToolException.WrongUse($"--subtree: {Visible.Quote(text)} is no domain name: {problem}");

    private static SensorId SensorOf(string text) =>
        SensorId.IsValid(text) ? new(text) : throw ToolException.WrongUse($"--sensor: {Visible.Quote(text)} is no sensor name");
}
