namespace PassiveDns.Storage.Privacy;

/// <summary>How widely a name was seen: the sensors and days of all of its rows, and whether that is enough.</summary>
/// <remarks>
/// A history tells the first and the last day of each interval; what lies between is known only by the gap, within which something must have been seen again. So
/// the days are a lower bound: a name is rather held back than published too soon.
/// </remarks>
internal sealed class NameExposure(PublicationOptions options, TimeSpan intervalGap)
{
    private const long Day = 86_400;

    private readonly long _gapDays = Math.Max(1, (intervalGap.Ticks + TimeSpan.TicksPerDay - 1) / TimeSpan.TicksPerDay);
    private readonly HashSet<uint> _sensors = [];
    private readonly HashSet<long> _days = [];
    private long _longest;

    /// <summary>Whether a threshold is reached.</summary>
    public bool IsEnough =>
        (options.MinSensors > 0 && _sensors.Count >= options.MinSensors)
        || (options.MinDays > 0 && Math.Max(_days.Count, _longest) >= options.MinDays);

    public void Clear()
    {
        _sensors.Clear();
        _days.Clear();
        _longest = 0;
    }

    public void Add(ReadOnlySpan<byte> history)
    {
        if (IsEnough || !SightingCursor.TryOpen(history, out SightingCursor cursor)) return;
        for (int i = 0; i < cursor.WitnessCount; i++) _sensors.Add(cursor.Witness(i));
        long days = 0, lastDay = long.MinValue;
        while (cursor.Remaining > 0 && cursor.TryNext(out SightingInterval interval))
        {
            long first = interval.First / Day, last = interval.Last / Day;
            _days.Add(first);
            _days.Add(last);
            long between = cursor.IsCoarsened ? Math.Min(last - first, 1) : (last - first + _gapDays - 1) / _gapDays;
            days += Math.Min(between + 1, Math.Max(interval.Count, 1)) - (first == lastDay ? 1 : 0);
            lastDay = last;
        }

        _longest = Math.Max(_longest, days);
    }
}
