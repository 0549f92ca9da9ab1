using PassiveDns.Storage;
using PassiveDns.Storage.Batches;
using PassiveDns.Storage.Merging;
using PassiveDns.Storage.Parquet;
using PassiveDns.Storage.Privacy;
using PassiveDns.Tool.Input;
using PassiveDns.Tool.Output;

namespace PassiveDns.Tool.Commands;

/// <summary>One export, from the store to the file.</summary>
internal static class ExportRun
{
    /// <summary>Exports.</summary>
    /// <param name="request">What to do.</param>
    /// <param name="terminal">The surroundings.</param>
    /// <param name="cancellationToken">Interrupts as SIGINT does.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(ExportRequest request, Terminal terminal, CancellationToken cancellationToken)
    {
        using Interruption interruption = new(cancellationToken);
        await using IObservationStore store = StoreDirectory.OpenForReading(request.Store);
        if (request is { Resume: true, Out: { } whole } && ExportFile.IsWhole(whole))
        {
            terminal.Note($"{whole} is whole already; nothing was done");
            return ExitCode.Answered;
        }

        PublicationView? view = request.Thresholds is { } thresholds ? new(store, thresholds) : null;
        IObservationReader reader = (IObservationReader?)view ?? store;
        using ExportFile? file = request.Out is { } path ? ExportFile.Open(path, request.Description, request.Resume) : null;
        try
        {
            long rows = request.Format switch
            {
                ExportFormat.Batch => await WriteBatchesAsync(store, request, file, terminal, interruption.Token),
                ExportFormat.Parquet => await WriteParquetAsync(reader, store, request, file!.Stream, terminal, interruption.Token),
                _ => await WriteLinesAsync(reader, store, request, file, terminal, interruption.Token),
            };
            if (view is not null) terminal.Note($"held back: {Quantity.Of(view.GetHeldBack(), "row", "rows")} below the publication threshold");
            if (request.Redaction is { } redaction) terminal.Note($"names cut: {CutBy(redaction.GetReport())}");
            if (rows > 0)
            {
                file?.Complete();
                return ExitCode.Answered;
            }

            file?.Abandon();
            terminal.Note($"nothing to export: {request.Store} holds no row of this provenance{(view is null ? "" : " above the publication threshold")}");
            return ExitCode.NothingKnown;
        }
        catch (OperationCanceledException) when (file is not null)
        {
            terminal.Note(request.Format == ExportFormat.Parquet
                ? "interrupted: a Parquet file cannot be gone on with, because its end describes all of it; run the same command again"
                : "interrupted: go on with the same command and --resume; what is written stays, and no row comes twice");
            return ExitCode.Interrupted;
        }
    }

    private static async Task<long> WriteLinesAsync(IObservationReader reader, IObservationStore store, ExportRequest request, ExportFile? file, Terminal terminal, CancellationToken token)
    {
        string[] state = file?.State?.Split(' ', 2) ?? ["0"];
        long rows = long.Parse(state[0], System.Globalization.CultureInfo.InvariantCulture);
        string? continuation = state.Length > 1 ? state[1] : null;
        StoreStatus status = await store.GetStatusAsync(token);
        using RowProgress progress = new(terminal, status.Rows);
        do
        {
            ObservationQuery query = new(new QueryAnchor.Everything())
            {
                Types = TypeSelection.All, Provenance = request.Provenance, Limit = file is null || request.IsPublication ? null : request.RowsPerPiece, Continuation = continuation,
            };
            using (IRowOutput output = OpenOutput(request, file?.Stream ?? terminal.OutputStream, isFirst: rows == 0))
            {
                await foreach (RecordPage page in reader.ReadAsync(query, token))
                {
                    output.Write(RowsOf(page, request));
                    rows += page.Rows.Count;
                    continuation = page.Continuation;
                    progress.Report(rows);
                }

                if (rows > 0) output.End();
            }

            if (continuation is not null) file?.Checkpoint($"{rows} {continuation}");
        }
        while (continuation is not null);
        return rows;
    }

    // A page has no id of its own, and redaction needs none.
    private static ObservationRows RowsOf(RecordPage page, ExportRequest request) =>
        request.Redaction is null ? page.Rows : request.Redaction.Apply(new(default, page.Rows)).Rows;

    private static string CutBy(RedactionReport report)
    {
        string cut = string.Join(", ", report.Account.Where(line => line.Fate != "kept").Select(line => $"{line.Count} {line.Stage} by {line.Fate}"));
        return cut.Length == 0 ? "none" : cut;
    }

    private static IRowOutput OpenOutput(ExportRequest request, Stream destination, bool isFirst) => request.Format == ExportFormat.Csv
        ? new CsvRows(destination, request.IsExact, isFirst)
        : new CofRows(destination, request.Fields);

    private static async Task<long> WriteParquetAsync(IObservationReader reader, IObservationStore store, ExportRequest request, Stream destination, Terminal terminal, CancellationToken token)
    {
        StoreStatus status = await store.GetStatusAsync(token);
        using RowProgress progress = new(terminal, status.Rows);
        await using ParquetRowWriter writer = await ParquetRowWriter.CreateAsync(destination, token);
        long rows = 0;
        await foreach (RecordPage page in reader.ReadAsync(new(new QueryAnchor.Everything()) { Types = TypeSelection.All, Provenance = request.Provenance }, token))
        {
            await writer.WriteAsync(RowsOf(page, request), token);
            rows += page.Rows.Count;
            progress.Report(rows);
        }

        if (rows > 0) await writer.CompleteAsync(token);
        return rows;
    }

    private static async Task<long> WriteBatchesAsync(IObservationStore store, ExportRequest request, ExportFile? file, Terminal terminal, CancellationToken token)
    {
        StoreMerge source = await StoreMerge.OpenAsync(store, request.Sensor, token);
        if (source.TotalRows == 0) return 0;
        Stream destination = file?.Stream ?? terminal.OutputStream;
        BatchFilePosition from = Position(file?.State, source.Epoch);
        BatchFileWriter writer = from.Batches > 0 ? new(destination, from) : new(destination);
        using RowProgress progress = new(terminal, source.TotalRows);
        long skipped = 0, checkpointed = from.Rows;
        await foreach (ObservationBatch batch in source.ReadAsync(token))
        {
            if (skipped++ < from.Batches) continue;
            writer.Write(batch, StoreMerge.Note);
            progress.Report(writer.Position.Rows);
            if (file is null || writer.Position.Rows - checkpointed < request.RowsPerPiece) continue;
            checkpointed = writer.Position.Rows;
            file.Checkpoint($"{source.Epoch} {writer.Position.Salt} {writer.Position.Batches} {writer.Position.Rows}");
            writer = new(file.Stream, writer.Position);
        }

        writer.Complete();
        destination = file?.Stream ?? destination;
        destination.Flush();
        return source.TotalRows;
    }

    private static BatchFilePosition Position(string? state, ulong epoch)
    {
        if (state?.Split(' ') is not [string stated, string salt, string batches, string rows]) return default;
        if (ulong.Parse(stated, System.Globalization.CultureInfo.InvariantCulture) != epoch)
            throw ToolException.Failed("the store has changed since this export was interrupted, so that the rest would not fit; export again without --resume");
        return new(
            ulong.Parse(salt, System.Globalization.CultureInfo.InvariantCulture),
            long.Parse(batches, System.Globalization.CultureInfo.InvariantCulture),
            long.Parse(rows, System.Globalization.CultureInfo.InvariantCulture));
    }
}
