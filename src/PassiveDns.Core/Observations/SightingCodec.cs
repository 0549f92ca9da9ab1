using System.Buffers.Binary;
using System.Collections.Immutable;

namespace PassiveDns;

/// <summary>
/// The packed form of a <see cref="SightingHistory"/>: what stores keep as a value and batches carry in each row. About 18 octets for one interval.
/// </summary>
/// <remarks>
/// <code>
/// flags u8         bit 0 coarsened, bit 1 TTLs present, bits 4-7 number of witnesses (0..8)
/// min TTL varint, max - min varint        only if bit 1 is set
/// witnesses        u32 big-endian each, rising
/// intervals        varint how many (1..1024), then for each: first - (last of the one before, or 0), last - first, count, all varints
/// </code>
/// Times before 1970 do not occur; they are clamped to 0 when written.
/// </remarks>
public static class SightingCodec
{
    internal const byte Coarsened = 1;
    internal const byte HasTtl = 2;

    /// <summary>The most octets one history with a single interval takes.</summary>
    public const int MaxSingleLength = 1 + 2 * 5 + 4 * SightingHistory.MaxWitnesses + 1 + 3 * Varint.MaxLength;

    /// <summary>Packs what one sensor saw in one window.</summary>
    /// <param name="sighting">The sighting.</param>
    /// <param name="witness">The <see cref="SensorId.Fingerprint"/> of the sensor.</param>
    /// <param name="destination">At least <see cref="MaxSingleLength"/> octets.</param>
    /// <returns>The octets written.</returns>
    public static int Encode(in Sighting sighting, uint witness, Span<byte> destination)
    {
        destination[0] = HasTtl | 1 << 4;
        int at = 1;
        at += Varint.Write(destination[at..], sighting.MinTimeToLive);
        at += Varint.Write(destination[at..], sighting.MaxTimeToLive - sighting.MinTimeToLive);
        BinaryPrimitives.WriteUInt32BigEndian(destination[at..], witness);
        at += 4;
        destination[at++] = 1;
        return at + WriteInterval(destination[at..], new(sighting.FirstSeen, sighting.LastSeen, sighting.Count), 0);
    }

    /// <summary>The most octets a history with so many intervals takes.</summary>
    /// <param name="intervals">The number of intervals.</param>
    public static int MaxLength(int intervals) => MaxSingleLength + 3 * Varint.MaxLength * intervals;

    /// <summary>Packs a history whose TTLs are unknown.</summary>
    /// <param name="intervals">1 to <see cref="SightingHistory.MaxIntervals"/>, in time order.</param>
    /// <param name="witnesses">The fingerprints, rising, at most <see cref="SightingHistory.MaxWitnesses"/>.</param>
    /// <param name="destination">At least <see cref="MaxLength"/> octets.</param>
    /// <returns>The octets written.</returns>
    public static int Encode(ReadOnlySpan<SightingInterval> intervals, ReadOnlySpan<uint> witnesses, Span<byte> destination)
    {
        destination[0] = 0;
        return EncodeRest(intervals, witnesses, destination, 1);
    }

    /// <summary>Packs a history.</summary>
    /// <param name="intervals">1 to <see cref="SightingHistory.MaxIntervals"/>, in time order.</param>
    /// <param name="witnesses">The fingerprints, rising, at most <see cref="SightingHistory.MaxWitnesses"/>.</param>
    /// <param name="minTimeToLive">The lowest TTL in seconds.</param>
    /// <param name="maxTimeToLive">The highest TTL in seconds.</param>
    /// <param name="destination">At least <see cref="MaxLength"/> octets.</param>
    /// <returns>The octets written.</returns>
    public static int Encode(
        ReadOnlySpan<SightingInterval> intervals, ReadOnlySpan<uint> witnesses, uint minTimeToLive, uint maxTimeToLive, Span<byte> destination)
    {
        destination[0] = HasTtl;
        int at = 1;
        at += Varint.Write(destination[at..], minTimeToLive);
        at += Varint.Write(destination[at..], maxTimeToLive - minTimeToLive);
        return EncodeRest(intervals, witnesses, destination, at);
    }

    /// <summary>Packs a history.</summary>
    public static byte[] Encode(SightingHistory history)
    {
        byte[] buffer = new byte[MaxLength(history.Intervals.Length)];
        int length = history is { MinTimeToLive: { } min, MaxTimeToLive: { } max }
            ? Encode(history.Intervals.AsSpan(), history.Witnesses.AsSpan(), min, max, buffer)
            : Encode(history.Intervals.AsSpan(), history.Witnesses.AsSpan(), buffer);
        if (history.IsCoarsened) buffer[0] |= Coarsened;
        return buffer[..length];
    }

    /// <summary>Unpacks a history.</summary>
    /// <exception cref="FormatException">The octets are no packed history: a damaged store or a batch of another version.</exception>
    public static SightingHistory Decode(ReadOnlySpan<byte> packed) =>
        TryDecode(packed, out SightingHistory? history) ? history : throw new FormatException("The octets are no packed sighting history.");

    /// <summary>Unpacks a history.</summary>
    /// <returns><c>false</c> if the octets are no packed history.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> packed, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out SightingHistory? history)
    {
        history = null;
        if (!SightingCursor.TryOpen(packed, out SightingCursor cursor)) return false;
        ImmutableArray<SightingInterval>.Builder intervals = ImmutableArray.CreateBuilder<SightingInterval>(cursor.Remaining);
        while (cursor.Remaining > 0)
        {
            if (!cursor.TryNext(out SightingInterval interval)) return false;
            intervals.Add(interval);
        }

        ImmutableArray<uint>.Builder witnesses = ImmutableArray.CreateBuilder<uint>(cursor.WitnessCount);
        for (int i = 0; i < cursor.WitnessCount; i++) witnesses.Add(cursor.Witness(i));
        history = new()
        {
            Intervals = intervals.MoveToImmutable(),
            Witnesses = witnesses.MoveToImmutable(),
            MinTimeToLive = cursor.HasTtl ? cursor.MinTtl : null,
            MaxTimeToLive = cursor.HasTtl ? cursor.MaxTtl : null,
            IsCoarsened = cursor.IsCoarsened,
        };
        return true;
    }

    /// <summary>Reads only the outer bounds of a packed history, which is what most filters ask for.</summary>
    /// <param name="packed">A packed history.</param>
    /// <param name="bounds">First and last time and the sum of the counts; zeros when the result is <c>false</c>.</param>
    /// <returns><c>false</c> if the octets are no packed history.</returns>
    public static bool TryReadBounds(ReadOnlySpan<byte> packed, out SightingInterval bounds)
    {
        bounds = default;
        if (!SightingCursor.TryOpen(packed, out SightingCursor cursor) || !cursor.TryNext(out bounds)) return false;
        while (cursor.Remaining > 0)
        {
            if (!cursor.TryNext(out SightingInterval next)) return false;
            bounds = new(bounds.First, next.Last, SightingMerge.AddCounts(bounds.Count, next.Count));
        }

        return true;
    }

    private static int EncodeRest(ReadOnlySpan<SightingInterval> intervals, ReadOnlySpan<uint> witnesses, Span<byte> destination, int at)
    {
        destination[0] |= (byte)(witnesses.Length << 4);
        foreach (uint witness in witnesses)
        {
            BinaryPrimitives.WriteUInt32BigEndian(destination[at..], witness);
            at += 4;
        }

        at += Varint.Write(destination[at..], (ulong)intervals.Length);
        long before = 0;
        foreach (SightingInterval interval in intervals)
        {
            at += WriteInterval(destination[at..], interval, before);
            before = interval.Last;
        }

        return at;
    }

    internal static int WriteInterval(Span<byte> destination, SightingInterval interval, long before)
    {
        long first = Math.Max(interval.First, 0);
        int at = Varint.Write(destination, (ulong)Math.Max(first - before, 0));
        at += Varint.Write(destination[at..], (ulong)Math.Max(interval.Last - first, 0));
        return at + Varint.Write(destination[at..], (ulong)Math.Max(interval.Count, 0));
    }
}
