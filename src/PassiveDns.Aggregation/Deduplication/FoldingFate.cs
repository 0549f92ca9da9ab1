namespace PassiveDns.Aggregation;

/// <summary>Into what the sighting of an observed RRset went. The names are the words of the account.</summary>
internal enum FoldingFate : byte
{
    /// <summary>Into the row of its name and data.</summary>
    Exact,

    /// <summary>Into the wildcard row of a flood of names.</summary>
    FoldedNames,

    /// <summary>Into the union of a rotating pool, and into the rows of its records.</summary>
    FoldedSets,
}
