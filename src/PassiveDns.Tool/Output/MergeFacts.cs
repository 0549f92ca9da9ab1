using PassiveDns.Storage.Batches;
using PassiveDns.Storage.Cof;
using PassiveDns.Tool.Commands;

namespace PassiveDns.Tool.Output;

/// <summary>What was merged, for the summary: the sum over all files.</summary>
internal sealed class MergeFacts
{
    private readonly List<StageCount> _account = [];
    private long _rowsRead;
    private long _rowsCounted;

    /// <summary>What was asked for.</summary>
    public required MergeRequest Request { get; init; }

    /// <summary>How long it took.</summary>
    public TimeSpan Elapsed { get; set; }

    /// <summary>What the store said.</summary>
    public WrittenBatches Written { get; } = new();

    /// <summary>Whether a line was faulty, or a file holds less than the database knows.</summary>
    public bool HasFaults { get; private set; }

    /// <summary>What became of all lines and rows.</summary>
    public IReadOnlyList<StageCount> Account =>
        [.. _account.GroupBy(line => (line.Stage, line.Fate, line.IsDrop)).OrderBy(group => group.Key.Stage, StringComparer.Ordinal)
            .Select(group => new StageCount(group.Key.Stage, group.Key.Fate, group.Sum(line => line.Count), group.Key.IsDrop))];

    /// <summary>Whether all rows that were read have a fate, and all that were observed are in a batch.</summary>
    public bool IsBalanced => Request.FromStore is not null
        || (_rowsRead == _rowsCounted && Account.Where(line => line is { Stage: "rows", Fate: "observed" }).Sum(line => line.Count) == Written.Rows);

    /// <summary>Counts a file of batches.</summary>
    /// <param name="report">What was made of it, at its end.</param>
    public void Add(BatchFileReport report)
    {
        _account.AddRange(report.ToAccount());
        _account.Add(new("rows", "observed", report.Rows, false));
        _rowsRead += report.Rows;
        _rowsCounted += report.Rows;
        HasFaults |= report.Errors.Total > 0;
    }

    /// <summary>Counts a file.</summary>
    /// <param name="import">What was made of it, at its end.</param>
    public void Add(CofImport import)
    {
        _account.AddRange(import.ToAccount());
        _rowsRead += import.Report.Rows;
        _rowsCounted += import.Rows.Total;
        HasFaults |= import.Report.Errors.Total > 0 || import.Report.Lines.Total == 0
            || import.Report.FramingEnd is CofFramingEnd.Missing or CofFramingEnd.Limited or CofFramingEnd.Failed;
    }
}
