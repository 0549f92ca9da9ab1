using System.CommandLine;
using PassiveDns.Storage;
using PassiveDns.Tool.Input;
using PassiveDns.Tool.Output;

namespace PassiveDns.Tool.Commands;

/// <summary><c>pdns stats</c>: what the store holds.</summary>
internal static class StatsCommand
{
    /// <summary>Makes the verb.</summary>
    /// <param name="terminal">The surroundings.</param>
    public static Command Create(Terminal terminal)
    {
        Option<string?> store = VerbOptions.Store();
        Option<bool> json = VerbOptions.Json("One JSON object instead of a table.");
        Command verb = new("stats", "Shows what the store holds: rows, size, times, the batches of each sensor, and how its files are laid out.") { store, json };
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            await using IObservationStore opened = StoreDirectory.OpenForReading(VerbOptions.StoreOf(parsed, store, terminal));
            StoreStatus status = await opened.GetStatusAsync(cancellationToken);
            StoreStatistics? statistics = opened is IStoreMaintenance maintenance ? await maintenance.GetStatisticsAsync(cancellationToken) : null;
            if (parsed.GetValue(json)) StatusOutput.WriteJson(terminal.Output, status, statistics);
            else StatusOutput.WriteTable(terminal, status, statistics);
            return ExitCode.Answered;
        });
        return verb;
    }
}
