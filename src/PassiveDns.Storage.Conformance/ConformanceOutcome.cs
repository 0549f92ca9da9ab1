namespace PassiveDns.Storage.Conformance;

/// <summary>How a case ended.</summary>
public enum ConformanceOutcome : byte
{
    /// <summary>The store does what is required.</summary>
    Passed,

    /// <summary>It does not.</summary>
    Failed,

    /// <summary>The store cannot be asked this, such as a store in memory to be opened again.</summary>
    Skipped,
}
