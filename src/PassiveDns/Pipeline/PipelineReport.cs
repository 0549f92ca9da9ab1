using PassiveDns.Aggregation;
using PassiveDns.Storage.Privacy;
using PassiveDns.Storage.Spooling;

namespace PassiveDns;

/// <summary>What a pipeline has done: the accounts of all rooms in one.</summary>
public sealed record PipelineReport
{
    /// <summary>The accounts of the sources, in the order in which the pipeline was given them.</summary>
    public required IReadOnlyList<SourceReport> Sources { get; init; }

    /// <summary>The account of the aggregator.</summary>
    public required AggregationReport Aggregation { get; init; }

    /// <summary>Batches that the store applied.</summary>
    public long BatchesApplied { get; init; }

    /// <summary>Batches that the store had applied before, in an earlier run over the same input; they counted then.</summary>
    public long BatchesAlreadyApplied { get; init; }

    /// <summary>Rows of the batches applied.</summary>
    public long RowsApplied { get; init; }

    /// <summary>Rows of the batches that had been applied before.</summary>
    public long RowsAlreadyApplied { get; init; }

    /// <summary>How often a batch had to be offered again because the store failed transiently.</summary>
    public long WriteRetries { get; init; }

    /// <summary>Whether the store failed at the last attempt to write a batch, and no later one has succeeded yet.</summary>
    public bool IsStoreFailing { get; init; }

    /// <summary>The account of the spool, or <c>null</c> without one.</summary>
    public SpoolReport? Spool { get; init; }

    /// <summary>The account of the redaction of names, or <c>null</c> without one.</summary>
    public RedactionReport? Redaction { get; init; }

    /// <summary>What went into quarantine, or found it full: lines of the stages <c>batches</c> and <c>written-rows</c>.</summary>
    public IReadOnlyList<StageCount> Quarantine { get; init; } = [];

    /// <summary>Whether the run has ended. Before that, messages are on their way between the rooms and the accounts do not agree yet.</summary>
    public bool HasEnded { get; init; }

    /// <summary>Whether all sources were read to their ends and all that they gave, and the spool held, was written; <c>false</c> if the run was stopped before.</summary>
    public bool IsComplete { get; init; }

    /// <summary>DNS responses that the sources handed on.</summary>
    public long Observed => Sources.Sum(s => s.Capture.Observed);

    /// <summary>
    /// Every stage's lines in the order of the walk: the sources' (those of several sources added up), the aggregator's, then the stages
    /// <c>batches</c> and <c>written-rows</c>. In each stage, every thing that came in stands in exactly one line.
    /// </summary>
    public IReadOnlyList<StageCount> Account => PipelineAccount.Of(this);

    /// <summary>
    /// Checks the conservation law over all rooms: what left one entered the next, and in each the fates add up to what came in.
    /// </summary>
    /// <returns>One sentence for each violation; empty if nothing was lost without a counter.</returns>
    /// <exception cref="InvalidOperationException">The run has not ended.</exception>
    public IReadOnlyList<string> FindImbalances() => PipelineAccount.FindImbalances(this);
}
