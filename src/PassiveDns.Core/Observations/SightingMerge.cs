using System.Buffers;
using System.Buffers.Binary;

namespace PassiveDns;

/// <summary>
/// The merge law: how two packed histories of one key become one. Every store, aggregator and merging reader uses this and nothing else.
/// </summary>
/// <remarks>
/// Intervals are united, then neighbours whose silence is at most the gap are joined and their counts summed; TTL bounds are the lowest and
/// the highest; witnesses are united and cut to the smallest eight. All of it is commutative and associative, so late, reordered and merged
/// deliveries end in the same row. What was folded is united as well: flags, and sketches of names. Only beyond <see cref="SightingHistory.MaxIntervals"/> intervals, where the two closest are joined and the
/// row is marked as coarsened, can the order matter. Counts are sums and so not idempotent: that is what <see cref="BatchId"/> is for.
/// </remarks>
public static class SightingMerge
{
    /// <summary>Room that surely holds the merge of two packed histories of these lengths.</summary>
    /// <param name="left">The length of one.</param>
    /// <param name="right">The length of the other.</param>
    public static int MaxMergedLength(int left, int right) => left + right + SightingCodec.MaxSingleLength;

    /// <summary>Merges two packed histories.</summary>
    /// <param name="left">One packed history.</param>
    /// <param name="right">The other.</param>
    /// <param name="intervalGap">The silence that separates two intervals: fixed for a store.</param>
    /// <param name="destination">Room for the result, see <see cref="MaxMergedLength"/>; it must not overlap the inputs.</param>
    /// <returns>The octets written.</returns>
    /// <exception cref="FormatException">An input is no packed history.</exception>
    public static int Merge(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, TimeSpan intervalGap, Span<byte> destination)
    {
        if (!SightingCursor.TryOpen(left, out SightingCursor a) || !SightingCursor.TryOpen(right, out SightingCursor b)) throw Damaged();
        int total = a.Remaining + b.Remaining;
        SightingInterval[]? rented = null;
        Span<SightingInterval> intervals = total <= 16 ? stackalloc SightingInterval[16] : (rented = ArrayPool<SightingInterval>.Shared.Rent(total));
        try
        {
            bool coarsened = a.IsCoarsened | b.IsCoarsened;
            int count = Unite(ref a, ref b, intervalGap.Ticks / TimeSpan.TicksPerSecond, intervals);
            while (count > SightingHistory.MaxIntervals)
            {
                count = JoinClosest(intervals[..count]);
                coarsened = true;
            }

            return Write(in a, in b, intervals[..count], coarsened, destination);
        }
        finally
        {
            if (rented is not null) ArrayPool<SightingInterval>.Shared.Return(rented);
        }
    }

    /// <summary>Adds counts; the sum saturates at 2^63 - 1.</summary>
    /// <param name="a">A count, 0 or more.</param>
    /// <param name="b">Another.</param>
    public static long AddCounts(long a, long b) => a > long.MaxValue - b ? long.MaxValue : a + b;

    /// <summary>Both cursors run in time order; the earlier start goes next and joins the last interval kept if the silence is short enough.</summary>
    private static int Unite(ref SightingCursor a, ref SightingCursor b, long gap, scoped Span<SightingInterval> united)
    {
        int count = 0;
        bool hasA = Next(ref a, out SightingInterval nextA);
        bool hasB = Next(ref b, out SightingInterval nextB);
        while (hasA || hasB)
        {
            SightingInterval next;
            if (hasA && (!hasB || nextA.First <= nextB.First))
            {
                next = nextA;
                hasA = Next(ref a, out nextA);
            }
            else
            {
                next = nextB;
                hasB = Next(ref b, out nextB);
            }

            if (count > 0 && next.First - united[count - 1].Last <= gap)
            {
                SightingInterval last = united[count - 1];
                united[count - 1] = new(last.First, Math.Max(last.Last, next.Last), AddCounts(last.Count, next.Count));
            }
            else
            {
                united[count++] = next;
            }
        }

        return count;
    }

    private static bool Next(ref SightingCursor cursor, out SightingInterval interval)
    {
        interval = default;
        if (cursor.Remaining == 0) return false;
        return cursor.TryNext(out interval) ? true : throw Damaged();
    }

    private static int JoinClosest(Span<SightingInterval> intervals)
    {
        int closest = 1;
        for (int i = 2; i < intervals.Length; i++)
        {
            if (intervals[i].First - intervals[i - 1].Last < intervals[closest].First - intervals[closest - 1].Last) closest = i;
        }

        SightingInterval left = intervals[closest - 1], right = intervals[closest];
        intervals[closest - 1] = new(left.First, Math.Max(left.Last, right.Last), AddCounts(left.Count, right.Count));
        intervals[(closest + 1)..].CopyTo(intervals[closest..]);
        return intervals.Length - 1;
    }

    private static int Write(in SightingCursor a, in SightingCursor b, ReadOnlySpan<SightingInterval> intervals, bool coarsened, Span<byte> destination)
    {
        int at = 1;
        int flags = coarsened ? SightingCodec.Coarsened : 0;
        if (a.HasTtl || b.HasTtl)
        {
            uint min = Math.Min(a.HasTtl ? a.MinTtl : uint.MaxValue, b.HasTtl ? b.MinTtl : uint.MaxValue);
            uint max = Math.Max(a.MaxTtl, b.MaxTtl);
            flags |= SightingCodec.HasTtl;
            at += Varint.Write(destination[at..], min);
            at += Varint.Write(destination[at..], max - min);
        }

        int witnesses = 0;
        int i = 0, j = 0;
        while (witnesses < SightingHistory.MaxWitnesses && (i < a.WitnessCount || j < b.WitnessCount))
        {
            uint next;
            if (j == b.WitnessCount) next = a.Witness(i++);
            else if (i == a.WitnessCount) next = b.Witness(j++);
            else
            {
                uint fromA = a.Witness(i), fromB = b.Witness(j);
                next = Math.Min(fromA, fromB);
                if (fromA == next) i++;
                if (fromB == next) j++;
            }

            BinaryPrimitives.WriteUInt32BigEndian(destination[at..], next);
            at += 4;
            witnesses++;
        }

        if ((a.Folding | b.Folding) != SightingFolding.None)
        {
            flags |= SightingCodec.Folded;
            at += WriteFolding(in a, in b, destination[at..]);
        }

        destination[0] = (byte)(flags | witnesses << 4);
        at += Varint.Write(destination[at..], (ulong)intervals.Length);
        long before = 0;
        foreach (SightingInterval interval in intervals)
        {
            at += SightingCodec.WriteInterval(destination[at..], interval, before);
            before = interval.Last;
        }

        return at;
    }

    private static int WriteFolding(in SightingCursor a, in SightingCursor b, Span<byte> destination)
    {
        destination[0] = (byte)(a.Folding | b.Folding);
        if (((a.Folding | b.Folding) & SightingFolding.Names) == 0) return 1;
        Span<byte> names = stackalloc byte[NameSketch.MaxPackedLength];
        int length = NameSketch.MergePacked(a.PackedNames, b.PackedNames, names);
        if (length <= 0) throw Damaged();
        int at = 1 + Varint.Write(destination[1..], (ulong)length);
        names[..length].CopyTo(destination[at..]);
        return at + length;
    }

    private static FormatException Damaged() => new("A packed sighting history is damaged.");
}
