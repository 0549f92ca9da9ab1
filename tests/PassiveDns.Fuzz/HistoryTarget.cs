namespace PassiveDns.Fuzz;

/// <summary>
/// Two packed histories as a damaged store may hold them, the first with its length in front: refused, or decoded the same by every reader;
/// merging them never writes beyond its room, and what the merge law yields is a history again.
/// </summary>
internal static class HistoryTarget
{
    private static readonly TimeSpan s_gap = SightingHistory.DefaultIntervalGap;

    public static void Run(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty) return;
        int length = Math.Min(input[0], input.Length - 1);
        ReadOnlySpan<byte> left = input.Slice(1, length);
        ReadOnlySpan<byte> right = input[(1 + length)..];
        bool isSound = Check(left) & Check(right);
        byte[] room = new byte[SightingMerge.MaxMergedLength(left.Length, right.Length)];
        int written;
        try
        {
            written = SightingMerge.Merge(left, right, s_gap, room);
        }
        catch (FormatException)
        {
            Promise.Holds(!isSound, "sound histories are not merged");
            return;
        }

        Promise.Holds(isSound, "damaged histories are merged");
        Check(room.AsSpan(0, written));
        SightingHistory a = SightingCodec.Decode(left), b = SightingCodec.Decode(right), merged = SightingCodec.Decode(room.AsSpan(0, written));
        Promise.Holds(merged.FirstSeen == Math.Min(a.FirstSeen, b.FirstSeen) && merged.LastSeen == Math.Max(a.LastSeen, b.LastSeen), "bounds of a merge");
        Promise.Holds(merged.Count == Saturated(a.Count, b.Count), $"{a.Count} and {b.Count} merge to {merged.Count}");
    }

    /// <returns>Whether the octets are a packed history.</returns>
    private static bool Check(ReadOnlySpan<byte> packed)
    {
        bool isHistory = SightingCodec.TryDecode(packed, out SightingHistory? history);
        Promise.Holds(SightingCodec.TryReadBounds(packed, out SightingInterval bounds) == isHistory, "bounds of what is no history");
        if (!isHistory) return false;
        Promise.Holds(bounds == new SightingInterval(history!.FirstSeen, history.LastSeen, history.Count), "bounds of a history");
        byte[] encoded = SightingCodec.Encode(history);
        Promise.Holds(SightingCodec.TryDecode(encoded, out SightingHistory? again) && again.Equals(history), "packed again");
        return true;
    }

    private static long Saturated(long a, long b) => a > long.MaxValue - b ? long.MaxValue : a + b;
}
