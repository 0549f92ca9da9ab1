using System.IO.Pipelines;
using PassiveDns.Capture;
using PassiveDns.Storage;
using PassiveDns.Storage.Batches;
using PassiveDns.Storage.Cof;
using PassiveDns.Storage.Merging;
using PassiveDns.Storage.Parquet;
using PassiveDns.Tool.Input;
using PassiveDns.Tool.Output;

namespace PassiveDns.Tool.Commands;

/// <summary>One merge, from the files or the other store to the summary.</summary>
internal static class MergeRun
{
    private const int MaxShownFaults = 10;

    /// <summary>Merges.</summary>
    /// <param name="request">What to do.</param>
    /// <param name="terminal">The surroundings.</param>
    /// <param name="cancellationToken">Interrupts as SIGINT does.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(MergeRequest request, Terminal terminal, CancellationToken cancellationToken)
    {
        long started = terminal.Clock.GetTimestamp();
        using Interruption interruption = new(cancellationToken);
        MergeFacts facts = new() { Request = request };
        try
        {
            if (request.FromStore is { } other) await MergeStoreAsync(other, request, facts, terminal, interruption.Token);
            else await MergeFilesAsync(request, facts, terminal, interruption.Token);
        }
        catch (OperationCanceledException)
        {
            terminal.Note("interrupted: the finished batches are in the store; go on with the same command and --resume, nothing is counted twice");
            return ExitCode.Interrupted;
        }

        facts.Elapsed = terminal.Clock.GetElapsedTime(started);
        if (request.Json) MergeSummary.WriteJson(terminal.Output, facts);
        else MergeSummary.Write(terminal, facts);
        return facts.HasFaults ? ExitCode.Failed : ExitCode.Answered;
    }

    private static async Task MergeStoreAsync(string directory, MergeRequest request, MergeFacts facts, Terminal terminal, CancellationToken token)
    {
        if (Path.GetFullPath(directory) == Path.GetFullPath(request.Store)) throw ToolException.WrongUse("--from-store: this is the store itself; every count would double");
        await using IObservationStore source = request.Salvage
            ? StoreDirectory.OpenForSalvage(directory, line => terminal.Note($"passed over: {line}"))
            : StoreDirectory.OpenForReading(directory);
        await using IObservationStore store = StoreDirectory.OpenForWriting(request.Store);
        StoreMerge merge;
        try
        {
            merge = await StoreMerge.OpenAsync(source, store, request.Sensor, token);
        }
        catch (InvalidOperationException e)
        {
            throw ToolException.Failed(e.Message.TrimEnd('.'));
        }

        IObservationStore target = TargetOf(store, request, directory);
        using RowProgress progress = new(terminal, merge.TotalRows);
        await foreach (ObservationBatch batch in merge.ReadAsync(token))
        {
            facts.Written.Count(await target.WriteAsync(batch, token), batch.Rows.Count);
            progress.Report(facts.Written.Rows);
        }
    }

    private static async Task MergeFilesAsync(MergeRequest request, MergeFacts facts, Terminal terminal, CancellationToken token)
    {
        using SpooledInputs spooled = new(terminal);
        IReadOnlyList<string> files = await spooled.TakeAsync(request.Files, token);
        await using IObservationStore store = StoreDirectory.OpenForWriting(request.Store);
        foreach (string path in files)
        {
            await using FileStream file = InputFile.Open(path);
            if (await MergeBatchesAsync(store, file, path, request, facts, terminal, token)) continue;
            CofImportOptions options = new() { Sensor = request.Sensor, Epoch = 0, Lines = request.Lines };
            options = options with { Epoch = await CofImport.ComputeEpochAsync(file, options, token) };
            file.Position = 0;
            IObservationStore target = TargetOf(store, request, path);
            await using Stream content = await IsParquetAsync(file, token) ? new ParquetLineStream(file) : PackedContent.Unpack(file, path);
            await using CofImport import = new(PipeReader.Create(content, new(bufferSize: 128 * 1024, leaveOpen: true)), options);
            using (LineProgress progress = new(terminal, file.Name))
            {
                while (await import.ReadAsync(token) is { } batch)
                {
                    facts.Written.Count(await target.WriteAsync(batch, token), batch.Rows.Count);
                    progress.Report(file.Position, file.Length, facts.Written.Rows, "rows");
                }
            }

            facts.Add(import);
            Tell(spooled.Translate(path), import, terminal);
        }
    }

    /// <summary>Merges a file of batches, under their own ids.</summary>
    /// <returns><c>false</c> if the file is of another kind; it stands at its start then.</returns>
    private static async Task<bool> MergeBatchesAsync(
        IObservationStore store, FileStream file, string path, MergeRequest request, MergeFacts facts, Terminal terminal, CancellationToken token)
    {
        await using (Stream start = PackedContent.Unpack(file, path))
        {
            if (!await IsBatchFileAsync(start, token))
            {
                file.Position = 0;
                return false;
            }
        }

        file.Position = 0;
        await using Stream content = PackedContent.Unpack(file, path);
        BatchFileReader reader = new(content);
        IObservationStore target = TargetOf(store, request, path);
        SensorId? known = null;
        using (LineProgress progress = new(terminal, file.Name))
        {
            while (await reader.ReadAsync(token) is { } batch)
            {
                if (reader.Note == StoreMerge.Note && known != batch.Id.Sensor) await CheckAsync(store, batch.Id, token);
                known = batch.Id.Sensor;
                facts.Written.Count(await target.WriteAsync(batch, token), batch.Rows.Count);
                progress.Report(file.Position, file.Length, facts.Written.Rows, "rows");
            }
        }

        facts.Add(reader.Report);
        foreach (BatchFileFault fault in reader.Report.Faults.Take(MaxShownFaults)) terminal.Note($"{path}: {fault}");
        if (reader.Report.Errors[BatchFileError.CutOff] > 0) terminal.Note($"{path}: this is not a whole file; what could be read is in the store, and the whole file may be merged with --resume");
        return true;
    }

    private static async Task<bool> IsBatchFileAsync(Stream content, CancellationToken token)
    {
        byte[] start = new byte[8];
        try
        {
            int length = await content.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, token);
            return BatchFileReader.IsBatchFile(start.AsSpan(0, length));
        }
        catch (InvalidDataException)
        {
            return false; // whoever reads it as lines will tell that its packing is damaged
        }
    }

    private static async Task<bool> IsParquetAsync(FileStream file, CancellationToken token)
    {
        byte[] start = new byte[4];
        int length = await file.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, token);
        file.Position = 0;
        return ParquetLineStream.IsParquet(start.AsSpan(0, length));
    }

    private static async Task CheckAsync(IObservationStore store, BatchId id, CancellationToken token)
    {
        try
        {
            await StoreMerge.CheckAsync(store, id.Sensor, id.Epoch, token);
        }
        catch (InvalidOperationException e)
        {
            throw ToolException.Failed(e.Message.TrimEnd('.'));
        }
    }

    private static IObservationStore TargetOf(IObservationStore store, MergeRequest request, string input) => request.Resume
        ? store
        : new FirstImportStore(store, $"{Visible.OneLine(input)}: this was already merged, in whole or in part; run again with --resume to finish: nothing is counted twice");

    private static void Tell(string name, CofImport import, Terminal terminal)
    {
        foreach (CofFault fault in import.Report.Faults.Take(MaxShownFaults)) terminal.Note($"{name}: {fault}");
        long faults = import.Report.Errors.Total;
        if (faults > MaxShownFaults) terminal.Note($"{name}: {faults - MaxShownFaults} more faults; the account counts them all");
        if (import.Report.RowsWithoutBailiwick > 0)
        {
            terminal.Note($"{name}: {Quantity.Of(import.Report.RowsWithoutBailiwick, "row names", "rows name")} no bailiwick; what was seen in traffic is kept as unverified, "
                + "which lookups show with --provenance all");
        }

        string? end = import.Report.FramingEnd switch
        {
            CofFramingEnd.Missing => "the answer was cut off; ask the database again",
            CofFramingEnd.Limited => "the database has more rows than were asked for; ask it with a higher limit",
            CofFramingEnd.Failed => "the database broke off with an error; ask it again",
            _ => null,
        };
        if (end is not null) terminal.Note($"{name}: these are not all rows: {end}");
        if (import.Report.Lines.Total == 0) terminal.Note($"{name}: the file is empty");
    }
}
