namespace PassiveDns.Storage.Cof;

/// <summary>What became of a row that was read.</summary>
public enum CofRowFate : byte
{
    /// <summary>A row of a batch.</summary>
    Observed,

    /// <summary>Merged into an earlier row of the same batch, which has the same key.</summary>
    Merged,
}
