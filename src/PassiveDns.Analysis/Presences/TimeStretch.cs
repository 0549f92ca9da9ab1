namespace PassiveDns.Analysis;

/// <summary>A stretch of time, both ends included.</summary>
/// <param name="First">The first moment, in Unix seconds.</param>
/// <param name="Last">The last moment, in Unix seconds.</param>
public readonly record struct TimeStretch(long First, long Last)
{
    /// <summary>Its length in seconds; a single moment counts as one.</summary>
    public long Seconds => Last - First + 1;
}
