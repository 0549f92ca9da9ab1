namespace PassiveDns.Tool.Commands;

/// <summary>The forms in which a store can be exported.</summary>
internal enum ExportFormat
{
    /// <summary>Passive DNS Common Output Format.</summary>
    Cof,

    /// <summary>CSV with the fields of the Common Output Format.</summary>
    Csv,

    /// <summary>Parquet, for programs that analyse columns.</summary>
    Parquet,

    /// <summary>Batches with everything that is known.</summary>
    Batch,
}
