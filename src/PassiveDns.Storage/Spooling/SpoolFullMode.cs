namespace PassiveDns.Storage.Spooling;

/// <summary>What becomes of a batch when the spool is full.</summary>
public enum SpoolFullMode : byte
{
    /// <summary>It waits until batches before it are stored. That holds back the sources, and live ones count what they have to drop.</summary>
    Wait,

    /// <summary>It is dropped and counted, so that the sources go on.</summary>
    DropNewest,
}
