namespace PassiveDns;

/// <summary>What became of batches whose times are not believed.</summary>
internal enum QuarantineFate : byte
{
    /// <summary>In quarantine: something in it was seen later than now.</summary>
    QuarantinedFuture,

    /// <summary>In quarantine: something in it was seen longer ago than can be.</summary>
    QuarantinedTooOld,

    /// <summary>Dropped: the quarantine was full.</summary>
    QuarantineFull,
}
