using PassiveDns.Aggregation;
using PassiveDns.Capture;
using PassiveDns.Tool.Diagnosis;
using PassiveDns.Tool.Output;

namespace PassiveDns.Tool.Commands;

/// <summary>One diagnosis: the walk of an import without a store, with every fate told one by one.</summary>
internal static class DoctorRun
{
    /// <summary>Explains.</summary>
    /// <param name="request">What to explain.</param>
    /// <param name="terminal">The surroundings.</param>
    /// <param name="cancellationToken">Interrupts as SIGINT does.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(DoctorRequest request, Terminal terminal, CancellationToken cancellationToken)
    {
        using Interruption interruption = new(cancellationToken);
        AggregationOptions options = new() { RootHints = VerbOptions.RootHintsOf(request.RootHints) };
        CaseBook book = new();
        FindingLines lines = new(terminal.Output, request);
        book.Settled += lines.Take;
        await using ICaptureSource source = CaptureFiles.Open([request.File], request.Vantage, book.Hear)[0];
        bool isComplete = await ReadAsync(source, options, book, new(terminal, source.Name), interruption.Token);
        lines.Flush();

        CaptureReport report = source.GetReport();
        if (request.Json) DiagnosisSummary.WriteJson(terminal.Output, book, report, isComplete);
        else DiagnosisSummary.Write(terminal, book, report, lines.Count > 0);
        if (lines.Withheld > 0) terminal.Note($"{Quantity.Of(lines.Withheld, "more line", "more lines")}; --limit {lines.Count + lines.Withheld} shows all, --name, --type, --packet and --reason choose");
        if (report.Damage is { } damage) terminal.Note($"{damage}");
        if (!isComplete)
        {
            terminal.Note("interrupted: the table counts what was read until then");
            return ExitCode.Interrupted;
        }

        if (report.Damage is not null) return ExitCode.Failed;
        if (lines.Count > 0 || !request.IsChoosing) return ExitCode.Answered;
        terminal.Note(request.All ? "nothing in this capture is like that" : "nothing like that was dropped or kept apart; --all also shows what was observed");
        return ExitCode.NothingKnown;
    }

    private static async Task<bool> ReadAsync(ICaptureSource source, AggregationOptions options, CaseBook book, LineProgress progress, CancellationToken stop)
    {
        ResponseAggregator aggregator = new(options, book.Hear);
        MessageBatch batch = new();
        bool more = true;
        using (progress)
        {
            while (more)
            {
                batch.Clear();
                try
                {
                    more = await source.ReadAsync(batch, stop);
                }
                catch (OperationCanceledException)
                {
                    return false;
                }

                foreach (CapturedResponse response in batch)
                {
                    long before = aggregator.GetReport().Rrsets;
                    book.StartResponse();
                    aggregator.Add(response);
                    book.EndResponse((int)(aggregator.GetReport().Rrsets - before));
                    while (aggregator.TryTake(out _)) continue; // no store: what matters is what became of each
                }

                CaptureReport report = source.GetReport();
                progress.Report(report.BytesRead, report.BytesTotal, report.Packets, "packets");
            }
        }

        aggregator.Complete();
        return true;
    }
}
