namespace PassiveDns.Storage.Spooling;

/// <summary>What is wrong with the times of a batch.</summary>
public enum ClockFault : byte
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Something was seen later than now: the sensor's clock is ahead.</summary>
    Future,

    /// <summary>Something was seen longer ago than can be: the sensor's clock is behind, or was never set.</summary>
    TooOld,
}
