namespace PassiveDns.Storage.Batches;

/// <summary>A place in a batch file that could not be read, and why.</summary>
/// <param name="Error">What is wrong.</param>
/// <param name="Offset">Where, in octets of the unpacked file.</param>
public readonly record struct BatchFileFault(BatchFileError Error, long Offset)
{
    /// <summary>The fault as <c>octet 1200: DamagedRecord</c>.</summary>
    public override string ToString() => $"octet {Offset}: {Error}";
}
