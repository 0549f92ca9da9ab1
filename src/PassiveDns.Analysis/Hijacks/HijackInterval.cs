namespace PassiveDns.Analysis;

/// <summary>
/// When a deviation was there, as far as sightings tell. It began in [<see cref="StartedAfter"/>, <see cref="FirstSeen"/>] and ended in [<see cref="LastSeen"/>,
/// <see cref="EndedBefore"/>]. Where the baseline was seen before and after within one interval, the bounds follow from the store's interval gap.
/// </summary>
/// <param name="StartedAfter">A moment after which the baseline was last seen before it, in Unix seconds, or <c>null</c> if it was not.</param>
/// <param name="FirstSeen">Its first sighting, in Unix seconds.</param>
/// <param name="LastSeen">Its last sighting, in Unix seconds.</param>
/// <param name="EndedBefore">A moment before which the baseline was seen again, in Unix seconds, or <c>null</c> if it was not.</param>
public readonly record struct HijackInterval(long? StartedAfter, long FirstSeen, long LastSeen, long? EndedBefore)
{
    /// <summary>When it began.</summary>
    public UncertainTime Begin => new(StartedAfter, FirstSeen);

    /// <summary>When it ended.</summary>
    public UncertainTime End => new(LastSeen, EndedBefore);
}
