using System.CommandLine;
using PassiveDns.Storage;
using PassiveDns.Storage.Spooling;
using PassiveDns.Tool.Input;
using PassiveDns.Tool.Output;

namespace PassiveDns.Tool.Commands;

/// <summary><c>pdns quarantine</c>: batches whose times were not believed; people decide about them.</summary>
internal static class QuarantineCommand
{
    /// <summary>Makes the verb.</summary>
    /// <param name="terminal">The surroundings.</param>
    public static Command Create(Terminal terminal) =>
        new("quarantine", "Batches whose times cannot be right, because a sensor's clock was wrong: shows them, or gives them to the store after all.")
        {
            CreateList(terminal), CreateRelease(terminal),
        };

    private static Argument<string> Directory() => new("DIR") { Description = "The directory of the quarantine." };

    private static Command CreateList(Terminal terminal)
    {
        Argument<string> directory = Directory();
        Option<bool> json = VerbOptions.Json("One JSON object a line instead of a table.");
        Command verb = new("list", "Shows each batch: its id, the reason, its rows and its times.") { directory, json };
        verb.SetAction((parsed, _) =>
        {
            int exitCode = List(terminal, Open(parsed.GetRequiredValue(directory)), parsed.GetValue(json));
            return Task.FromResult(exitCode);
        });
        return verb;
    }

    private static Command CreateRelease(Terminal terminal)
    {
        Argument<string> directory = Directory();
        Option<string?> store = VerbOptions.Store();
        Option<string[]> batch = new("--batch") { HelpName = "ID", Description = "A batch as the list names it; may be repeated." };
        Option<bool> all = new("--all") { Description = "All batches." };
        Option<bool> json = VerbOptions.Json("One JSON object a line instead of text.");
        Command verb = new("release", "Gives batches to the store with their own ids, so that none counts twice, and takes them out of the quarantine.") { directory, store, batch, all, json };
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            string[] ids = parsed.GetValue(batch) ?? [];
            if (ids.Length == 0 != parsed.GetValue(all)) throw ToolException.WrongUse("give either --batch ID, once or several times, or --all");
            BatchQuarantine quarantine = Open(parsed.GetRequiredValue(directory));
            await using IObservationStore opened = StoreDirectory.OpenForWriting(VerbOptions.StoreOf(parsed, store, terminal));
            return await ReleaseAsync(terminal, quarantine, opened, ids, parsed.GetValue(json), cancellationToken);
        });
        return verb;
    }

    private static BatchQuarantine Open(string directory) => System.IO.Directory.Exists(directory)
        ? new(directory)
        : throw ToolException.Failed($"{Visible.OneLine(directory)}: there is no such directory; give the one that --quarantine or QuarantineDirectory names");

    private static int List(Terminal terminal, BatchQuarantine quarantine, bool isJson)
    {
        ColumnTable table = new(["batch", "reason", "rows", "first seen", "last seen"], numeric: 2);
        int exitCode = ExitCode.NothingKnown;
        foreach (QuarantinedBatch held in quarantine.Read())
        {
            if (held.Batch is not { } batch)
            {
                terminal.Note($"{held.File}: this file is damaged; delete it");
                exitCode = ExitCode.Failed;
                continue;
            }

            if (exitCode == ExitCode.NothingKnown) exitCode = ExitCode.Answered;
            (long first, long last) = Times(batch);
            if (!isJson)
            {
                table.Add(batch.Id.ToString(), held.Reason, AccountTable.Number(batch.Rows.Count), TimeText.Format(first), TimeText.Format(last));
                continue;
            }

            JsonOutput.Write(terminal.Output, json =>
            {
                json.WriteString("batch", batch.Id.ToString());
                json.WriteString("reason", held.Reason);
                json.WriteNumber("rows", batch.Rows.Count);
                json.WriteNumber("time_first", first);
                json.WriteNumber("time_last", last);
                json.WriteNumber("bytes", held.Bytes);
            });
        }

        if (table.Count > 0) table.WriteTo(terminal);
        if (exitCode == ExitCode.NothingKnown) terminal.Note("the quarantine is empty");
        return exitCode;
    }

    private static (long First, long Last) Times(ObservationBatch batch)
    {
        long first = long.MaxValue, last = 0;
        foreach (ObservationRow row in batch.Rows)
        {
            if (!SightingCodec.TryReadBounds(row.History, out SightingInterval bounds)) continue;
            first = Math.Min(first, bounds.First);
            last = Math.Max(last, bounds.Last);
        }

        return (first, last);
    }

    private static async Task<int> ReleaseAsync(
        Terminal terminal, BatchQuarantine quarantine, IObservationStore store, string[] wanted, bool isJson, CancellationToken cancellationToken)
    {
        int exitCode = ExitCode.Answered;
        HashSet<string> missing = [.. wanted];
        foreach (BatchId id in quarantine.Read().Where(held => held.Batch is not null).Select(held => held.Batch!.Id).ToArray())
        {
            if (wanted.Length > 0 && !missing.Remove(id.ToString())) continue;
            WriteResult? result = await quarantine.ReleaseAsync(id, store, cancellationToken);
            string fate = result == WriteResult.Applied ? "stored" : "the store had it already";
            if (!isJson) terminal.Output.WriteLine($"{id}: {fate}");
            else
                JsonOutput.Write(terminal.Output, json =>
                {
                    json.WriteString("batch", id.ToString());
                    json.WriteString("result", fate);
                });
        }

        foreach (string id in missing)
        {
            exitCode = ExitCode.Failed;
            terminal.Note($"{Visible.Quote(id)} is not in the quarantine; see pdns quarantine list");
        }

        terminal.Output.Flush();
        return exitCode;
    }
}
