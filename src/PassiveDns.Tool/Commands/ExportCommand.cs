using System.CommandLine;
using PassiveDns.Storage;
using PassiveDns.Storage.Cof;
using PassiveDns.Tool.Input;
using PassiveDns.Tool.Output;

namespace PassiveDns.Tool.Commands;

/// <summary><c>pdns export</c>: the whole store in a form that other programs read.</summary>
internal static class ExportCommand
{
    /// <summary>Makes the verb.</summary>
    /// <param name="terminal">The surroundings.</param>
    public static Command Create(Terminal terminal)
    {
        Option<string?> store = VerbOptions.Store();
        Option<ExportFormat> format = new("--format")
        {
            HelpName = "cof|csv|parquet|batch",
            Description = "cof: Passive DNS Common Output Format, one JSON object a line. csv: the same fields. parquet: the same as typed columns. batch: everything that is known, for pdns merge. Default: cof.",
        };
        Option<string?> file = new("--out")
        {
            HelpName = "FILE",
            Description = "Writes a file instead of standard output, packed if its name ends in .gz or .zst. It has its name when it is whole.",
        };
        Option<bool> resume = new("--resume") { Description = "Goes on with an export into a file that was interrupted." };
        Option<string?> provenance = VerbOptions.Provenance(
            $"How the bailiwick must be known, a list with commas of {ProvenanceText.Words}. Default: trusted. With another choice each row says its provenance.");
        Option<bool> wire = new("--wire") { Description = "Adds rdata_wire: the canonical rdata of each record in hexadecimal." };
        Option<bool> exact = new("--exact")
        {
            Description = "Adds all that pdns merge needs to make the same rows again: rdata_wire, provenance, intervals, TTLs and witnesses.",
        };
        Option<string> sensor = new("--sensor")
        {
            HelpName = "NAME",
            Description = "With batch: the name under which this store delivers; another one for each store.",
            DefaultValueFactory = _ => "merged",
        };
        Option<bool> redact = new("--redact") { Description = "Cuts names that carry secrets (mail addresses, addresses turned round, tokens) to wildcards. See docs/privacy.md." };
        PublicationArguments publication = new();
        Command verb = new("export", "Writes everything in key order, all types: as lines of JSON, as CSV, or as batches that lose nothing.")
        {
            store, format, file, resume, provenance, wire, exact, sensor, redact,
        };
        publication.AddTo(verb);
        verb.SetAction((parsed, cancellationToken) =>
        {
            ProvenanceSelection selection = VerbOptions.ProvenanceOf(parsed, provenance);
            bool isExact = parsed.GetValue(exact);
            ExportRequest request = new()
            {
                Store = VerbOptions.StoreOf(parsed, store, terminal),
                Format = parsed.GetValue(format),
                Out = parsed.GetValue(file),
                Resume = parsed.GetValue(resume),
                Provenance = selection,
                IsExact = isExact,
                Fields = isExact ? CofOptions.Exact : new() { EmitWire = parsed.GetValue(wire), EmitProvenance = selection != ProvenanceSelection.Trusted },
                Sensor = VerbOptions.SensorOf(parsed, sensor),
                Thresholds = publication.Of(parsed),
                Redaction = parsed.GetValue(redact) ? new(new()) : null,
            };
            if (request is { Resume: true, Out: null }) throw ToolException.WrongUse("--resume: only an export into a file can go on; name it with --out FILE");
            if (request is { Format: ExportFormat.Parquet, Out: null }) throw ToolException.WrongUse("--format parquet: name the file with --out FILE; Parquet cannot be written to a pipe");
            if (request.Format == ExportFormat.Parquet && ExportFile.IsPacked(request.Out!)) throw ToolException.WrongUse("--out: Parquet is packed inside; leave out .gz or .zst");
            if (request.Out?.Length == 0) throw ToolException.WrongUse("--out: the file name is empty");
            if (request.Format == ExportFormat.Batch && parsed.GetValue(provenance) is not null)
                throw ToolException.WrongUse("--provenance: batches hold all rows, each with its provenance; choose when you ask");
            if (request is { Format: ExportFormat.Batch, IsPublication: true })
                throw ToolException.WrongUse("--format batch: batches hold all that is known and are for a store of yours; for others cut and hold back in another form");
            return ExportRun.RunAsync(request, terminal, cancellationToken);
        });
        return verb;
    }
}
