namespace PassiveDns;

/// <summary>
/// What was folded into a row so that hostile or machine-made variety stays bounded: a row with any of these is a summary, never an RRset as it was answered
/// at a name as it was seen. Merging rows unites the flags.
/// </summary>
[Flags]
public enum SightingFolding : byte
{
    /// <summary>Nothing: the row is exact.</summary>
    None = 0,

    /// <summary>
    /// The owner name is a wildcard that stands for names below its parent which are not kept one by one. <see cref="SightingHistory.DistinctNames"/>
    /// estimates how many.
    /// </summary>
    Names = 1,

    /// <summary>The data is a sample: nearly each of the names had data of its own, of which the first is kept.</summary>
    SampleData = 2,

    /// <summary>The data is the union of sets that are not kept one by one; no answer need have held all of it.</summary>
    Sets = 4,

    /// <summary>The data is one record of sets that are not kept one by one. How often and when it was seen in them is exact.</summary>
    Records = 8,
}
