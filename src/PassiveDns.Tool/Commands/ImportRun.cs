using PassiveDns.Aggregation;
using PassiveDns.Capture;
using PassiveDns.Storage;
using PassiveDns.Tool.Input;
using PassiveDns.Tool.Output;

namespace PassiveDns.Tool.Commands;

/// <summary>One import, from the files to the summary.</summary>
internal static class ImportRun
{
    private const string AlreadyImported =
        "these files were already imported, in whole or in part; run again with --resume to finish: nothing is counted twice";

    /// <summary>Imports.</summary>
    /// <param name="request">What to do.</param>
    /// <param name="terminal">The surroundings.</param>
    /// <param name="cancellationToken">Interrupts as SIGINT does.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(ImportRequest request, Terminal terminal, CancellationToken cancellationToken)
    {
        long started = terminal.Clock.GetTimestamp();
        using Interruption interruption = new(cancellationToken);

        // Everything that may be wrong with the input is found before the store is touched.
        using SpooledInputs spooled = new(terminal);
        AggregationOptions options = new() { Sensor = request.Sensor, RootHints = request.RootHints is { } hints ? OptionFile.Read("--root-hints", hints, RootHints.Load) : RootHints.Default };
        IReadOnlyList<string> files = await spooled.TakeAsync(request.Files, interruption.Token);
        await using OpenSources sources = Open(files, request, spooled);
        options = options with { Epoch = EpochOf(files, request, options, spooled, interruption.Token) };

        await using IObservationStore store = StoreDirectory.OpenForWriting(request.Store, request.Engine);
        BatchId? last = await store.GetLastBatchAsync(request.Sensor, interruption.Token);
        if (!request.Resume && last?.Epoch == options.Epoch) throw ToolException.Failed(AlreadyImported);
        IObservationStore target = request.Resume ? store : new FirstImportStore(store, AlreadyImported);
        PassiveDnsPipeline pipeline = new(sources.All, new ResponseAggregator(options), target, new() { DrainOnStop = false });
        PipelineReport report = await ImportProgress.WatchAsync(terminal, sources.Name, progress => pipeline.RunAsync(progress, interruption.Token));

        ImportFacts facts = new(request.Files, request.Sensor, options.Epoch, terminal.Clock.GetElapsedTime(started));
        try
        {
            if (request.Json) ImportJson.Write(terminal.Output, report, facts);
            else ImportSummary.Write(terminal, report, facts);
        }
        catch (IOException e) when (PdnsCommand.IsBrokenPipe(e))
        {
            // Nobody reads the summary any more; damage is told and shown by the exit code all the same.
        }

        return Conclude(report, terminal);
    }

    private static int Conclude(PipelineReport report, Terminal terminal)
    {
        int exitCode = report.FindImbalances().Count == 0 ? ExitCode.Answered : ExitCode.Failed;
        foreach (CaptureDamage damage in ImportSummary.Damage(report))
        {
            exitCode = ExitCode.Failed;
            terminal.Note($"{damage}. Import a whole copy into a new store: here the part that was kept would count twice");
        }

        if (report.IsComplete) return exitCode;
        terminal.Note("interrupted: the finished batches are in the store; go on with the same command and --resume, nothing is counted twice");
        return ExitCode.Interrupted;
    }

    private static OpenSources Open(IReadOnlyList<string> files, ImportRequest request, SpooledInputs spooled)
    {
        try
        {
            return new(CaptureFiles.Open(files, request.Vantage));
        }
        catch (CaptureFileException exception)
        {
            throw ToolException.Failed(spooled.Translate(exception.Message));
        }
    }

    private static ulong EpochOf(IReadOnlyList<string> files, ImportRequest request, AggregationOptions options, SpooledInputs spooled, CancellationToken cancellationToken)
    {
        try
        {
            return ImportEpoch.Compute(files, request.Vantage, options, cancellationToken);
        }
        catch (ArgumentException exception)
        {
            throw ToolException.WrongUse(spooled.Translate(exception.Message)); // the same file twice, under two names
        }
    }
}
