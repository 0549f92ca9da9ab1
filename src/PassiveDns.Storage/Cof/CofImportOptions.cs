namespace PassiveDns.Storage.Cof;

/// <summary>How lines of the Common Output Format become batches.</summary>
public sealed record CofImportOptions
{
    /// <summary>Who vouches for the file: the name under which it is counted as a witness. What the rows say as <c>sensor_id</c> is a claim and counts as none.</summary>
    public required SensorId Sensor { get; init; }

    /// <summary>The epoch of the batches' ids; <see cref="CofImport.ComputeEpochAsync"/> makes the same import count once.</summary>
    public required ulong Epoch { get; init; }

    /// <summary>How the lines are read.</summary>
    public CofReaderOptions Lines { get; init; } = CofReaderOptions.Default;

    /// <summary>The most rows of one batch, 1 or more. Default 50,000.</summary>
    public int MaxRowsPerBatch { get; init; } = 50_000;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxRowsPerBatch, 1);
        Lines.Validate();
    }
}
