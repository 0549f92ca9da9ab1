using System.CommandLine;
using PassiveDns.Storage;
using PassiveDns.Tool.Input;
using PassiveDns.Tool.Output;

namespace PassiveDns.Tool.Commands;

/// <summary><c>pdns compact</c>: puts a store's files in the best order.</summary>
internal static class CompactCommand
{
    /// <summary>Makes the verb.</summary>
    /// <param name="terminal">The surroundings.</param>
    public static Command Create(Terminal terminal)
    {
        Option<string?> store = VerbOptions.Store();
        Option<string?> rate = new("--max-rate") { HelpName = "SIZE", Description = "The most octets a second to read and write, such as 20MB. Default: as fast as the disk." };
        Option<bool> json = VerbOptions.Json("One JSON object instead of a line.");
        Command verb = new("compact", "Merges all files of a store: smallest, fastest, and without what was deleted.") { store, rate, json };
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            string path = VerbOptions.StoreOf(parsed, store, terminal);
            long? most = parsed.GetValue(rate) is { } text ? SizeText.Of("--max-rate", text) : null;
            using Interruption interruption = new(cancellationToken);
            await using IObservationStore opened = StoreDirectory.OpenExistingForWriting(path);
            long before = (await opened.GetStatusAsync(interruption.Token)).Bytes;
            await RunAsync(terminal, opened, path, most, interruption.Token);
            long after = (await opened.GetStatusAsync(interruption.Token)).Bytes;
            if (parsed.GetValue(json))
            {
                JsonOutput.Write(terminal.Output, output =>
                {
                    output.WriteString("store", path);
                    output.WriteNumber("bytes_before", before);
                    output.WriteNumber("bytes_after", after);
                });
            }
            else
            {
                terminal.Output.WriteLine($"Compacted {Visible.OneLine(path)}: {Quantity.Bytes(before)} before, {Quantity.Bytes(after)} now.");
                terminal.Output.Flush();
            }

            return ExitCode.Answered;
        });
        return verb;
    }

    /// <summary>Compacts a store that is open.</summary>
    /// <param name="terminal">Where progress is shown.</param>
    /// <param name="store">The store.</param>
    /// <param name="path">Its directory.</param>
    /// <param name="bytesPerSecond">The throttle, or <c>null</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task RunAsync(Terminal terminal, IObservationStore store, string path, long? bytesPerSecond, CancellationToken cancellationToken)
    {
        using WorkProgress progress = new(terminal, "compacted");
        try
        {
            await StoreDirectory.Offered<IStoreMaintenance>(store, path).CompactAsync(new() { BytesPerSecond = bytesPerSecond, Progress = progress }, cancellationToken);
        }
        catch (NotSupportedException refusal)
        {
            throw ToolException.Failed($"{path}: {refusal.Message.TrimEnd('.')}");
        }
    }
}
