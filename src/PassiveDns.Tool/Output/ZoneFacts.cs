using PassiveDns.Storage;

namespace PassiveDns.Tool.Output;

/// <summary>What was imported from a zone file, for the summary.</summary>
internal sealed class ZoneFacts
{
    /// <summary>The file.</summary>
    public required string File { get; init; }

    /// <summary>The apex of the zone.</summary>
    public required DomainName Zone { get; init; }

    /// <summary>Sensor, time and epoch.</summary>
    public required ZoneSnapshotOptions Options { get; init; }

    /// <summary>How long it took.</summary>
    public TimeSpan Elapsed { get; set; }

    /// <summary>Batches that the store took.</summary>
    public long BatchesApplied { get; private set; }

    /// <summary>The rows in them.</summary>
    public long RowsApplied { get; private set; }

    /// <summary>Batches that were in the store already.</summary>
    public long BatchesAlreadyApplied { get; private set; }

    /// <summary>The rows in them.</summary>
    public long RowsAlreadyApplied { get; private set; }

    /// <summary>Counts a batch.</summary>
    /// <param name="result">What the store said.</param>
    /// <param name="rows">The rows of the batch.</param>
    public void Count(WriteResult result, int rows)
    {
        if (result == WriteResult.AlreadyApplied)
        {
            BatchesAlreadyApplied++;
            RowsAlreadyApplied += rows;
            return;
        }

        BatchesApplied++;
        RowsApplied += rows;
    }
}
