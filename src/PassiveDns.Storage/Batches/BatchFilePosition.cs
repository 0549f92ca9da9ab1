namespace PassiveDns.Storage.Batches;

/// <summary>How far a batch file has been written: what a writer needs to go on with it.</summary>
/// <param name="Salt">Where the checksums of the file's records start from.</param>
/// <param name="Batches">Batches so far.</param>
/// <param name="Rows">Rows in them.</param>
public readonly record struct BatchFilePosition(ulong Salt, long Batches, long Rows);
