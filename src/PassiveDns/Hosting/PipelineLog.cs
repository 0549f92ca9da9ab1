using Microsoft.Extensions.Logging;

namespace PassiveDns;

/// <summary>Every line that this package logs. No domain name and no address stands in any of them.</summary>
internal static partial class PipelineLog
{
    [LoggerMessage(1, LogLevel.Information, "All sources have ended: {Packets} packets, {Observed} responses observed, {Rows} rows in {Batches} batches written; {AlreadyApplied} batches had been written before")]
    internal static partial void RunCompleted(this ILogger logger, long packets, long observed, long rows, long batches, long alreadyApplied);

    [LoggerMessage(2, LogLevel.Information, "Stopped before the sources ended: {Packets} packets, {Observed} responses observed, {Rows} rows in {Batches} batches written; {AlreadyApplied} batches had been written before")]
    internal static partial void RunStopped(this ILogger logger, long packets, long observed, long rows, long batches, long alreadyApplied);

    [LoggerMessage(3, LogLevel.Warning, "{Source} could not be read to its end: {Problem} at offset {Offset}; {Mend}")]
    internal static partial void SourceDamaged(this ILogger logger, string source, string problem, long offset, string mend);

    [LoggerMessage(4, LogLevel.Error, "The account does not add up, which is a defect of this product: {Imbalance}")]
    internal static partial void AccountImbalanced(this ILogger logger, string imbalance);

    [LoggerMessage(5, LogLevel.Information, "Dropped {Count} {Stage}: {Fate}")]
    internal static partial void Dropped(this ILogger logger, long count, string stage, string fate);

    [LoggerMessage(6, LogLevel.Debug, "Counted {Count} {Stage}: {Fate}")]
    internal static partial void Counted(this ILogger logger, long count, string stage, string fate);

    [LoggerMessage(7, LogLevel.Information, "{Batches} batches that an earlier run had left in the spool were taken up")]
    internal static partial void SpoolRecovered(this ILogger logger, long batches);

    [LoggerMessage(8, LogLevel.Warning, "{Batches} batches with {Rows} rows are left in the spool, because the store did not take them in time; the next run writes them")]
    internal static partial void LeftInSpool(this ILogger logger, long batches, long rows);

    [LoggerMessage(9, LogLevel.Error, "The spool file {File} is damaged: {Problem} at offset {Offset}; {Octets} octets were passed over, and the file is kept with the ending .damaged")]
    internal static partial void SpoolDamaged(this ILogger logger, string file, string problem, long offset, long octets);
}
