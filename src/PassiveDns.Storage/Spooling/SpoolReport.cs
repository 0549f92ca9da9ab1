namespace PassiveDns.Storage.Spooling;

/// <summary>The account of a spool: recovered and appended batches are delivered, pending or lost.</summary>
public sealed record SpoolReport
{
    /// <summary>Batches that an earlier process left, found when the spool was opened.</summary>
    public long RecoveredBatches { get; init; }

    /// <summary>Rows in them.</summary>
    public long RecoveredRows { get; init; }

    /// <summary>Batches appended since.</summary>
    public long AppendedBatches { get; init; }

    /// <summary>Rows in them.</summary>
    public long AppendedRows { get; init; }

    /// <summary>Batches that found the spool full and were dropped (<see cref="SpoolFullMode.DropNewest"/>); they were never appended.</summary>
    public long DroppedBatches { get; init; }

    /// <summary>Rows in them.</summary>
    public long DroppedRows { get; init; }

    /// <summary>Batches that are in the spool now.</summary>
    public long PendingBatches { get; init; }

    /// <summary>Rows in them.</summary>
    public long PendingRows { get; init; }

    /// <summary>Batches that were in the spool and that the disk does not give back any more.</summary>
    public long LostBatches { get; init; }

    /// <summary>Rows in them.</summary>
    public long LostRows { get; init; }

    /// <summary>Octets of all segment files now.</summary>
    public long Bytes { get; init; }

    /// <summary>
    /// Octets of a write that was cut off when an earlier process ended. The batch in it was never acknowledged; nothing is lost but what that process still held.
    /// </summary>
    public long TornBytes { get; init; }

    /// <summary>Stretches that could not be read back: each may have held one batch or several.</summary>
    public long DamagedStretches { get; init; }

    /// <summary>Where they are: the first hundred of them.</summary>
    public IReadOnlyList<SpoolDamage> Damage { get; init; } = [];
}
