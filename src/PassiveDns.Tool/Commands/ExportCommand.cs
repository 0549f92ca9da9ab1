using System.CommandLine;
using PassiveDns.Storage;
using PassiveDns.Storage.Cof;
using PassiveDns.Tool.Input;
using PassiveDns.Tool.Output;

namespace PassiveDns.Tool.Commands;

/// <summary><c>pdns export</c>: the whole store as lines of JSON.</summary>
internal static class ExportCommand
{
    /// <summary>Makes the verb.</summary>
    /// <param name="terminal">The surroundings.</param>
    public static Command Create(Terminal terminal)
    {
        Option<string?> store = VerbOptions.Store();
        Option<string?> provenance = VerbOptions.Provenance(
            $"How the bailiwick must be known, a list with commas of {ProvenanceText.Words}. Default: trusted. With another choice each row says its provenance.");
        Option<bool> wire = new("--wire") { Description = "Adds rdata_wire: the canonical rdata of each record in hexadecimal." };
        Option<bool> exact = new("--exact") { Description = "Adds rdata_wire, provenance and intervals: all that pdns merge needs to make the same rows again." };
        Command verb = new("export", "Writes everything as Passive DNS Common Output Format to standard output: one JSON object a line, all types, in key order.")
        {
            store, provenance, wire, exact,
        };
        verb.SetAction((parsed, cancellationToken) =>
        {
            ProvenanceSelection selection = VerbOptions.ProvenanceOf(parsed, provenance);
            bool isExact = parsed.GetValue(exact);
            CofOptions options = new()
            {
                EmitWire = isExact || parsed.GetValue(wire), EmitProvenance = isExact || selection != ProvenanceSelection.Trusted, EmitIntervals = isExact,
            };
            return ExportAsync(terminal, VerbOptions.StoreOf(parsed, store, terminal), selection, options, cancellationToken);
        });
        return verb;
    }

    private static async Task<int> ExportAsync(
        Terminal terminal, string directory, ProvenanceSelection provenance, CofOptions options, CancellationToken cancellationToken)
    {
        ObservationQuery query = new(new QueryAnchor.Everything()) { Types = TypeSelection.All, Provenance = provenance };
        await using IObservationStore store = StoreDirectory.OpenForReading(directory);
        StoreStatus status = await store.GetStatusAsync(cancellationToken);
        using CofRows rows = new(terminal, options);
        using RowProgress progress = new(terminal, status.Rows);
        long count = 0;
        await foreach (RecordPage page in store.ReadAsync(query, cancellationToken))
        {
            rows.Write(page.Rows);
            count += page.Rows.Count;
            progress.Report(count);
        }

        rows.End();
        if (count > 0) return ExitCode.Answered;
        progress.Dispose();
        terminal.Note($"nothing to export: {directory} holds no row of this provenance");
        return ExitCode.NothingKnown;
    }
}
