using PassiveDns.Aggregation;
using PassiveDns.Capture;
using PassiveDns.Storage;
using PassiveDns.Storage.Privacy;
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
        AggregationOptions options = new()
        {
            Sensor = request.Sensor,
            KeepChaff = request.Chaff is not null,
            KeepNegativeEvidence = request.Negatives is not null,
            Delegations = VerbOptions.DelegationsOf(request.Delegations),
            RootHints = VerbOptions.RootHintsOf(request.RootHints),
            FloodGuard = request.FloodGuard,
            MaxSetsPerDay = request.MaxSetsPerDay,
            StrictCompression = request.StrictCompression,
        };
        IReadOnlyList<string> files = await spooled.TakeAsync(request.Files, interruption.Token);
        await using OpenSources sources = Open(files, request, spooled);
        options = options with { Epoch = EpochOf(files, request, options, spooled, interruption.Token) };

        await using IObservationStore store = StoreDirectory.OpenForWriting(request.Store, request.Engine);
        await using IObservationStore? chaff = request.Chaff is { } directory ? StoreDirectory.OpenForWriting(directory, request.Engine) : null;
        BatchId? last = await store.GetLastBatchAsync(request.Sensor, interruption.Token);
        if (!request.Resume && last?.Epoch == options.Epoch) throw ToolException.Failed(AlreadyImported);
        IObservationStore target = request.Resume ? store : new FirstImportStore(store, AlreadyImported);
        await using PartFile? negatives = request.Negatives is { } lines ? PartFile.Create("--negatives", lines) : null;
        ResponseAggregator aggregator = new(options);
        PipelineOptions delivery = new()
        {
            DrainOnStop = false,
            ChaffStore = chaff,
            NegativeEvidence = negatives is null ? null : new NegativeEvidenceLines(negatives.Stream).WriteAsync,
            Redaction = RedactionOf(request) is { } redaction ? new(redaction) : null,
            Quarantine = request.Quarantine is { } quarantine ? new(quarantine) : null,
            TimeProvider = terminal.Clock,
        };
        PassiveDnsPipeline pipeline = new(sources.All, aggregator, target, delivery);
        PipelineReport report = spooled.Translate(await ImportProgress.WatchAsync(terminal, sources.Name, progress => pipeline.RunAsync(progress, interruption.Token)));

        if (request.SaveDelegations is { } file && report.IsComplete) SaveDelegations(aggregator.GetDelegations(), file);
        if (negatives is not null && report.IsComplete) await negatives.FinishAsync();
        RunFacts facts = new("files", request.Files, request.Sensor, options.Epoch, terminal.Clock.GetElapsedTime(started), report.IsComplete);
        string verb = report.IsComplete ? "imported" : "stopped while importing";
        RunSummary.WriteOrJson(terminal, report, facts, $"{verb} {Quantity.Of(request.Files.Count, "file", "files")}", request.Json);
        return Conclude(report, terminal);
    }

    /// <summary>Writes beside the file and moves into its place, so that it is never half of one.</summary>
    private static void SaveDelegations(DelegationSnapshot learnt, string path)
    {
        try
        {
            string part = path + ".part";
            using (FileStream stream = new(part, FileMode.Create, FileAccess.Write)) learnt.Save(stream);
            File.Move(part, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw ToolException.Failed($"--save-delegations {path}: {e.Message} All rows are in the store; only this file is missing.");
        }
    }

    private static int Conclude(PipelineReport report, Terminal terminal)
    {
        int exitCode = report.FindImbalances().Count == 0 ? ExitCode.Answered : ExitCode.Failed;
        foreach (CaptureDamage damage in RunSummary.Damage(report))
        {
            exitCode = ExitCode.Failed;
            terminal.Note($"{damage}. Import a whole copy into a new store: here the part that was kept would count twice");
        }

        foreach (StageCount line in report.Quarantine.Where(line => line.Stage == "batches"))
        {
            terminal.Note($"{Quantity.Of(line.Count, "batch", "batches")}: {line.Fate}; look at them with pdns quarantine list");
        }

        if (report.IsComplete) return exitCode;
        terminal.Note("interrupted: the finished batches are in the store; go on with the same command and --resume, nothing is counted twice");
        return ExitCode.Interrupted;
    }

    private static RedactionOptions? RedactionOf(ImportRequest request) => request.Redact ? new() : null;

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
            return ImportEpoch.Compute(files, request.Vantage, options, RedactionOf(request), cancellationToken);
        }
        catch (ArgumentException exception)
        {
            throw ToolException.WrongUse(spooled.Translate(exception.Message)); // the same file twice, under two names
        }
    }
}
