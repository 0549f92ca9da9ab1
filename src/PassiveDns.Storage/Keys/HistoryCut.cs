using System.Collections.Immutable;

namespace PassiveDns.Storage.Keys;

/// <summary>What a deletion leaves of a sighting history: see <see cref="DeletionScope"/>.</summary>
internal static class HistoryCut
{
    /// <returns>The history that is left; the same if nothing changed, <c>null</c> if nothing is left.</returns>
    public static SightingHistory? Apply(Deletion deletion, SightingHistory history, TimeSpan intervalGap)
    {
        if (deletion.Sensor is { } sensor)
        {
            uint fingerprint = sensor.Fingerprint;
            if (!history.Witnesses.Contains(fingerprint)) return history;
            if (history.Witnesses.Length > 1)
            {
                bool isWhole = history.FirstSeen >= deletion.From && history.LastSeen <= deletion.To;
                return isWhole ? history with { Witnesses = history.Witnesses.Remove(fingerprint), IsCoarsened = true } : history;
            }
        }

        return Cut(history, deletion.From, deletion.To, intervalGap.Ticks / TimeSpan.TicksPerSecond);
    }

    private static SightingHistory? Cut(SightingHistory history, long from, long to, long gap)
    {
        if (history.LastSeen < from || history.FirstSeen > to) return history;
        ImmutableArray<SightingInterval>.Builder left = ImmutableArray.CreateBuilder<SightingInterval>(history.Intervals.Length + 1);
        bool isEstimated = history.IsCoarsened;
        foreach (SightingInterval interval in history.Intervals)
        {
            if (interval.Last < from || interval.First > to)
            {
                left.Add(interval);
                continue;
            }

            bool hasHead = interval.First < from, hasTail = interval.Last > to;
            isEstimated |= hasHead | hasTail;
            SightingInterval head = hasHead ? new(interval.First, from - 1, Share(interval, interval.First, from - 1)) : default;
            SightingInterval tail = hasTail ? new(to + 1, interval.Last, Share(interval, to + 1, interval.Last)) : default;
            if (hasHead && hasTail && (tail.First - head.Last <= gap || history.Intervals.Length == SightingHistory.MaxIntervals))
            {
                left.Add(new(interval.First, interval.Last, (long)Int128.Min(interval.Count, (Int128)head.Count + tail.Count))); // silence so short is not kept
                continue;
            }

            if (hasHead) left.Add(head);
            if (hasTail) left.Add(tail);
        }

        return left.Count == 0 ? null : history with { Intervals = left.ToImmutable(), IsCoarsened = isEstimated };
    }

    /// <summary>What a part of an interval has of its count: by length, and one at least if it was counted at all.</summary>
    private static long Share(SightingInterval interval, long first, long last)
    {
        if (interval.Count == 0) return 0;
        Int128 whole = interval.Last - interval.First + 1, part = last - first + 1;
        return (long)Int128.Max(1, (interval.Count * part + whole / 2) / whole);
    }
}
