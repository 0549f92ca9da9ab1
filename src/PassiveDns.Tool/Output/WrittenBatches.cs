using PassiveDns.Storage;

namespace PassiveDns.Tool.Output;

/// <summary>What a store said to the batches that it was given.</summary>
internal sealed class WrittenBatches
{
    /// <summary>Batches that the store took.</summary>
    public long Applied { get; private set; }

    /// <summary>The rows in them.</summary>
    public long RowsApplied { get; private set; }

    /// <summary>Batches that were in the store already.</summary>
    public long AlreadyApplied { get; private set; }

    /// <summary>The rows in them.</summary>
    public long RowsAlreadyApplied { get; private set; }

    /// <summary>All rows.</summary>
    public long Rows => RowsApplied + RowsAlreadyApplied;

    /// <summary>Counts a batch.</summary>
    /// <param name="result">What the store said.</param>
    /// <param name="rows">The rows of the batch.</param>
    public void Count(WriteResult result, int rows)
    {
        if (result == WriteResult.AlreadyApplied)
        {
            AlreadyApplied++;
            RowsAlreadyApplied += rows;
            return;
        }

        Applied++;
        RowsApplied += rows;
    }

    /// <summary>One sentence for people.</summary>
    public override string ToString() => $"Written: {Quantity.Of(RowsApplied, "row", "rows")} in {Quantity.Of(Applied, "batch", "batches")}."
        + (AlreadyApplied == 0 ? "" : $" Counted by an earlier run: {Quantity.Of(RowsAlreadyApplied, "row", "rows")} in {Quantity.Of(AlreadyApplied, "batch", "batches")}.");

    /// <summary>Writes the numbers as members.</summary>
    /// <param name="json">Where they go.</param>
    public void Write(System.Text.Json.Utf8JsonWriter json)
    {
        json.WriteNumber("batches_applied", Applied);
        json.WriteNumber("batches_already_applied", AlreadyApplied);
        json.WriteNumber("rows_applied", RowsApplied);
        json.WriteNumber("rows_already_applied", RowsAlreadyApplied);
    }
}
