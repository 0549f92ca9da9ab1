using System.CommandLine;
using PassiveDns.Storage;
using PassiveDns.Tool.Input;
using PassiveDns.Tool.Output;

namespace PassiveDns.Tool.Commands;

/// <summary><c>pdns verify</c>: whether every file of a store is whole.</summary>
internal static class VerifyCommand
{
    /// <summary>Makes the verb.</summary>
    /// <param name="terminal">The surroundings.</param>
    public static Command Create(Terminal terminal)
    {
        Argument<string?> directory = new("DIR") { Description = "The store or backup; or name it with --store.", Arity = ArgumentArity.ZeroOrOne };
        Option<string?> store = VerbOptions.Store();
        Option<bool> json = VerbOptions.Json("One JSON object instead of a table.");
        const string Purpose = "Reads every file of a store, checks every checksum, and names what is damaged. Works while an import runs, and on stores too damaged to be opened.";
        Command verb = new("verify", Purpose) { directory, store, json };
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            string path = parsed.GetValue(directory) ?? VerbOptions.StoreOf(parsed, store, terminal);
            VerificationReport report;
            using (WorkProgress progress = new(terminal, "verified")) report = await StoreDirectory.VerifyAsync(path, progress, cancellationToken);
            if (parsed.GetValue(json)) WriteJson(terminal, path, report);
            else WriteTable(terminal, path, report);
            return report.IsSound ? ExitCode.Answered : ExitCode.Failed;
        });
        return verb;
    }

    private static void WriteTable(Terminal terminal, string path, VerificationReport report)
    {
        ColumnTable table = new(["file", "size", "checksums", "state"], numeric: 2);
        foreach (VerifiedFile file in report.Files)
        {
            string state = file.Damages.Count == 0 ? "sound" : string.Join('\n', file.Damages.Select(Visible.OneLine));
            table.Add(file.Name, Quantity.Bytes(file.Bytes), AccountTable.Number(file.Checksums), state);
        }

        table.WriteTo(terminal);
        int damages = report.Files.Sum(file => file.Damages.Count);
        terminal.Output.WriteLine(damages == 0
            ? $"Sound: {Quantity.Of(report.Files.Count, "file", "files")}, {Quantity.Bytes(report.Bytes)}."
            : $"Damaged: {Quantity.Of(damages, "damage", "damages")} in {Quantity.Of(report.Files.Count(file => file.Damages.Count > 0), "file", "files")}. What does not touch them can be read. "
                + $"Restore {path} from a backup, or build it anew from the captures.");
        terminal.Output.Flush();
    }

    private static void WriteJson(Terminal terminal, string path, VerificationReport report) => JsonOutput.Write(terminal.Output, json =>
    {
        json.WriteString("store", path);
        json.WriteBoolean("sound", report.IsSound);
        json.WriteNumber("bytes", report.Bytes);
        json.WriteStartArray("files");
        foreach (VerifiedFile file in report.Files)
        {
            json.WriteStartObject();
            json.WriteString("name", file.Name);
            json.WriteNumber("bytes", file.Bytes);
            json.WriteNumber("checksums", file.Checksums);
            json.WriteStartArray("damages");
            foreach (string damage in file.Damages) json.WriteStringValue(damage);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });
}
