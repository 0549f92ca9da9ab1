using PassiveDns.Aggregation;
using PassiveDns.Capture;
using PassiveDns.Storage;
using PassiveDns.Tool.Input;
using PassiveDns.Tool.Output;

namespace PassiveDns.Tool.Commands;

/// <summary>Probing, from the names to the summary.</summary>
internal static class ProbeRun
{
    /// <summary>Asks until the time is over or somebody stops it.</summary>
    /// <param name="request">What to do.</param>
    /// <param name="terminal">The surroundings.</param>
    /// <param name="cancellationToken">Ends it as SIGINT does.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(ProbeRequest request, Terminal terminal, CancellationToken cancellationToken)
    {
        using Interruption interruption = new(cancellationToken);
        AggregationOptions options = new()
        {
            Sensor = request.Sensor,
            Epoch = (ulong)(terminal.Clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks,
            RootHints = VerbOptions.RootHintsOf(request.RootHints),
        };
        foreach (HostAddress server in options.RootHints.RootServers) request.Probes.RootServers.Add(server);
        await using ProbeSource source = Open(request.Probes, terminal);
        await using IObservationStore store = StoreDirectory.OpenForWriting(request.Store);
        PassiveDnsPipeline pipeline = new(source, new ResponseAggregator(options), store);
        PipelineReport report = await pipeline.RunAsync(stop: interruption.Token);

        if (request.Json) WriteJson(terminal.Output, report);
        else Write(terminal, report);
        if (report.FindImbalances().Count > 0) return ExitCode.Failed;
        if (!report.IsComplete)
        {
            terminal.Note("stopped: what was answered until then is in the store");
            return ExitCode.Interrupted;
        }

        return report.Observed > 0 ? ExitCode.Answered : ExitCode.NothingKnown;
    }

    private static ProbeSource Open(ProbeOptions options, Terminal terminal)
    {
        try
        {
            return new(options, terminal.Clock);
        }
        catch (ArgumentException e)
        {
            throw ToolException.WrongUse(e.Message);
        }
    }

    private static void Write(Terminal terminal, PipelineReport report)
    {
        AccountTable.Write(terminal, report.Account, stage => stage);
        terminal.Output.WriteLine();
        terminal.Output.WriteLine($"Written: {Quantity.Of(report.RowsApplied, "row", "rows")}. They answer --provenance probe, apart from what was seen in traffic.");
        foreach (string imbalance in report.FindImbalances()) terminal.Output.WriteLine($"THE ACCOUNT IS NOT BALANCED; please report it: {imbalance}");
        terminal.Output.Flush();
    }

    private static void WriteJson(TextWriter output, PipelineReport report) => JsonOutput.Write(output, json =>
    {
        json.WriteBoolean("complete", report.IsComplete);
        json.WriteNumber("observed", report.Observed);
        json.WriteNumber("rows_applied", report.RowsApplied);
        JsonOutput.WriteAccount(json, report.Account);
    });
}
