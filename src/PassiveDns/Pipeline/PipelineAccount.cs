using PassiveDns.Aggregation;
using PassiveDns.Capture;
using PassiveDns.Storage.Spooling;

namespace PassiveDns;

/// <summary>Puts the accounts of the rooms together and checks that they agree.</summary>
internal static class PipelineAccount
{
    internal const string Batches = "batches";
    internal const string WrittenRows = "written-rows";

    internal static List<StageCount> Of(PipelineReport report)
    {
        List<StageCount> account = [];
        foreach (SourceReport source in report.Sources)
        {
            foreach (StageCount line in source.Capture.Account) AddUp(account, line);
        }

        account.AddRange(report.Aggregation.Account);
        AddDelivery(account, report);
        return account;
    }

    internal static List<string> FindImbalances(PipelineReport report)
    {
        if (!report.HasEnded)
        {
            throw new InvalidOperationException("The run has not ended: messages are on their way between the rooms. Await PassiveDnsPipeline.RunAsync first.");
        }

        List<string> imbalances = [];
        foreach (SourceReport source in report.Sources)
        {
            CaptureReport capture = source.Capture;
            Expect(imbalances, $"{source.Name}: packets read", capture.Packets, "the fates of packets", Sum(capture.Account, "packets"));
            Expect(imbalances, $"{source.Name}: messages found", capture.Messages, "the fates of messages", Sum(capture.Account, "messages"));
            Expect(imbalances, $"{source.Name}: responses handed on", capture.Observed, "the line messages/observed", Line(capture.Account, "messages", "observed"));
        }

        Expect(imbalances, "responses handed on by the sources", report.Observed, "responses that entered aggregation", report.Aggregation.Responses);
        AggregationReport aggregation = report.Aggregation;
        Expect(imbalances, "responses that entered aggregation", aggregation.Responses, "the fates of responses", Sum(aggregation.Account, "responses"));
        Expect(imbalances, "RRsets of accepted responses", aggregation.Rrsets, "the fates of RRsets", Sum(aggregation.Account, "rrsets"));
        List<StageCount> delivery = [];
        AddDelivery(delivery, report);
        SpoolReport spool = report.Spool ?? new();
        Expect(imbalances, "batches made or recovered", aggregation.Batches + spool.RecoveredBatches, "the fates of batches", Sum(delivery, Batches));
        Expect(imbalances, "rows made or recovered", aggregation.Rows + spool.RecoveredRows, "the fates of rows", Sum(delivery, WrittenRows));
        return imbalances;
    }

    /// <summary>What became of the batches, and of their rows.</summary>
    private static void AddDelivery(List<StageCount> account, PipelineReport report)
    {
        SpoolReport spool = report.Spool ?? new();
        AddIfAny(account, new(Batches, "applied", report.BatchesApplied, false));
        AddIfAny(account, new(Batches, "already-applied", report.BatchesAlreadyApplied, false));
        AddIfAny(account, new(Batches, "left-in-spool", spool.PendingBatches, false));
        AddIfAny(account, new(Batches, "spool-full", spool.DroppedBatches, true));
        AddIfAny(account, new(Batches, "lost-in-spool", spool.LostBatches, true));
        AddIfAny(account, new(WrittenRows, "applied", report.RowsApplied, false));
        AddIfAny(account, new(WrittenRows, "already-applied", report.RowsAlreadyApplied, false));
        AddIfAny(account, new(WrittenRows, "left-in-spool", spool.PendingRows, false));
        AddIfAny(account, new(WrittenRows, "spool-full", spool.DroppedRows, true));
        AddIfAny(account, new(WrittenRows, "lost-in-spool", spool.LostRows, true));
    }

    private static void Expect(List<string> imbalances, string what, long number, string other, long otherNumber)
    {
        if (number != otherNumber) imbalances.Add($"{what} ({number}) differ from {other} ({otherNumber})");
    }

    private static long Sum(IReadOnlyList<StageCount> account, string stage) => account.Where(line => line.Stage == stage).Sum(line => line.Count);

    private static long Line(IReadOnlyList<StageCount> account, string stage, string fate) =>
        account.Where(line => line.Stage == stage && line.Fate == fate).Sum(line => line.Count);

    // A stage's lines stay together, so that the account of several sources reads like that of one.
    private static void AddUp(List<StageCount> account, StageCount line)
    {
        int same = account.FindIndex(l => l.Stage == line.Stage && l.Fate == line.Fate);
        if (same >= 0)
        {
            account[same] = line with { Count = account[same].Count + line.Count };
            return;
        }

        int last = account.FindLastIndex(l => l.Stage == line.Stage);
        account.Insert(last < 0 ? account.Count : last + 1, line);
    }

    private static void AddIfAny(List<StageCount> account, StageCount line)
    {
        if (line.Count > 0) account.Add(line);
    }
}
