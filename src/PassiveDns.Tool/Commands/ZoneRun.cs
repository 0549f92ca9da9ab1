using System.IO.Pipelines;
using PassiveDns.Storage;
using PassiveDns.Tool.Input;
using PassiveDns.Tool.Output;

namespace PassiveDns.Tool.Commands;

/// <summary>One import of a zone file, from the file to the summary.</summary>
internal static class ZoneRun
{
    private const int MaxShownFaults = 10;

    /// <summary>Imports.</summary>
    /// <param name="request">What to do.</param>
    /// <param name="terminal">The surroundings.</param>
    /// <param name="cancellationToken">Interrupts as SIGINT does.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(ZoneRequest request, Terminal terminal, CancellationToken cancellationToken)
    {
        long started = terminal.Clock.GetTimestamp();
        using Interruption interruption = new(cancellationToken);
        CancellationToken token = interruption.Token;
        await using FileStream file = InputFile.Open(request.File);
        ZoneSnapshotOptions options = new()
        {
            Sensor = request.Sensor,
            Time = request.Time ?? new DateTimeOffset(File.GetLastWriteTimeUtc(request.File)).ToUnixTimeSeconds(),
            Epoch = 0,
        };
        options = options with { Epoch = await ZoneSnapshot.ComputeEpochAsync(file, request.Zone, options, token) };
        file.Position = 0;

        await using ZoneReader zone = new(PipeReader.Create(file, new(bufferSize: 128 * 1024, leaveOpen: true)), request.Zone, name: request.File);
        ZoneSnapshot snapshot = new(zone, options);
        ZoneFacts facts = new() { File = request.File, Zone = request.Zone, Options = options };
        await using (IObservationStore store = StoreDirectory.OpenForWriting(request.Store, request.Engine))
        using (LineProgress progress = new(terminal, file.Name))
        {
            while (await snapshot.ReadAsync(token) is { } batch)
            {
                facts.Written.Count(await store.WriteAsync(batch, token), batch.Rows.Count);
                progress.Report(file.Position, file.Length, snapshot.Rows, "rows");
            }
        }

        facts.Elapsed = terminal.Clock.GetElapsedTime(started);
        if (request.Json) ZoneSummary.WriteJson(terminal.Output, zone.Report, snapshot, facts);
        else ZoneSummary.Write(terminal, zone.Report, snapshot, facts);
        return Conclude(zone.Report, snapshot, facts, terminal);
    }

    private static int Conclude(ZoneReport report, ZoneSnapshot snapshot, ZoneFacts facts, Terminal terminal)
    {
        int exitCode = ExitCode.Answered;
        foreach (ZoneFault fault in report.Faults.Take(MaxShownFaults)) terminal.Note($"{fault.File ?? "zone"}:{fault.Line}:{fault.Column}: {ZoneSummary.Word(fault.Error).Replace('-', ' ')}");
        long faults = report.Entries[ZoneEntryFate.Faulty];
        if (faults > MaxShownFaults) terminal.Note($"{faults - MaxShownFaults} more faults; the account counts them all");
        if (faults > 0) exitCode = ExitCode.Failed;
        if (snapshot.MayHaveSplitRrsets)
        {
            exitCode = ExitCode.Failed;
            terminal.Note("the file is large and its owners are in no order, so some sets may have come in parts; sort it by owner and import it into a new store");
        }

        if (report.Entries[ZoneEntryFate.Record] > 0) return exitCode;
        terminal.Note($"{facts.File}: there is no record of {facts.Zone} in it; is --origin right?");
        return ExitCode.Failed;
    }
}
