namespace PassiveDns.Storage;

/// <summary>What became of a batch.</summary>
public enum WriteResult : byte
{
    /// <summary>The batch is in the store now, and durable.</summary>
    Applied,

    /// <summary>The batch had been applied before; nothing changed.</summary>
    AlreadyApplied,
}
