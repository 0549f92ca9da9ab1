using System.CommandLine;
using PassiveDns.Storage;
using PassiveDns.Storage.Cof;
using PassiveDns.Storage.Privacy;
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
        Option<bool> redact = new("--redact") { Description = "Cuts names that carry secrets (mail addresses, addresses turned round, tokens) to wildcards. See docs/privacy.md." };
        PublicationArguments publication = new();
        Command verb = new("export", "Writes everything as Passive DNS Common Output Format to standard output: one JSON object a line, all types, in key order.")
        {
            store, provenance, wire, exact, redact,
        };
        publication.AddTo(verb);
        verb.SetAction((parsed, cancellationToken) =>
        {
            ProvenanceSelection selection = VerbOptions.ProvenanceOf(parsed, provenance);
            bool isExact = parsed.GetValue(exact);
            CofOptions options = new()
            {
                EmitWire = isExact || parsed.GetValue(wire), EmitProvenance = isExact || selection != ProvenanceSelection.Trusted, EmitIntervals = isExact,
            };
            PublicationOptions? thresholds = publication.Of(parsed);
            NameRedaction? redaction = parsed.GetValue(redact) ? new(new()) : null;
            return ExportAsync(terminal, VerbOptions.StoreOf(parsed, store, terminal), selection, options, thresholds, redaction, cancellationToken);
        });
        return verb;
    }

    private static async Task<int> ExportAsync(
        Terminal terminal,
        string directory,
        ProvenanceSelection provenance,
        CofOptions options,
        PublicationOptions? thresholds,
        NameRedaction? redaction,
        CancellationToken cancellationToken)
    {
        ObservationQuery query = new(new QueryAnchor.Everything()) { Types = TypeSelection.All, Provenance = provenance };
        await using IObservationStore store = StoreDirectory.OpenForReading(directory);
        StoreStatus status = await store.GetStatusAsync(cancellationToken);
        PublicationView? view = thresholds is null ? null : new(store, thresholds);
        using CofRows rows = new(terminal, options);
        using RowProgress progress = new(terminal, status.Rows);
        long count = 0;
        await foreach (RecordPage page in ((IObservationReader?)view ?? store).ReadAsync(query, cancellationToken))
        {
            // A page has no id of its own, and redaction needs none.
            rows.Write(redaction is null ? page.Rows : redaction.Apply(new(default, page.Rows)).Rows);
            count += page.Rows.Count;
            progress.Report(count);
        }

        rows.End();
        if (count == 0 || view is not null || redaction is not null) progress.Dispose();
        if (view is not null) terminal.Note($"held back: {Quantity.Of(view.GetHeldBack(), "row", "rows")} below the publication threshold");
        if (redaction is not null) terminal.Note($"names cut: {CutBy(redaction.GetReport())}");
        if (count > 0) return ExitCode.Answered;
        terminal.Note($"nothing to export: {directory} holds no row of this provenance{(view is null ? "" : " above the publication threshold")}");
        return ExitCode.NothingKnown;
    }

    private static string CutBy(RedactionReport report)
    {
        string cut = string.Join(", ", report.Account.Where(line => line.Fate != "kept").Select(line => $"{line.Count} {line.Stage} by {line.Fate}"));
        return cut.Length == 0 ? "none" : cut;
    }
}
