using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Collections.Immutable;

namespace PassiveDns;

/// <summary>
/// The packed form of a <see cref="SightingHistory"/>: what stores keep as a value and batches carry in each row. About 18 octets for one interval.
/// </summary>
/// <remarks>
/// <code>
/// flags u8         bit 0 coarsened, bit 1 TTLs present, bit 2 folded, bits 4-7 number of witnesses (0..8)
/// min TTL varint, max - min varint        only if bit 1 is set
/// witnesses        u32 big-endian each, rising
/// folding u8       only if bit 2 is set: <see cref="SightingFolding"/>, not 0
/// names            only if folding has <see cref="SightingFolding.Names"/>: varint how many octets (1..768), and a packed <see cref="NameSketch"/>
/// intervals        varint how many (1..1024), then for each: first - (last of the one before, or 0), last - first, count, all varints
/// </code>
/// Times before 1970 do not occur; they are clamped to 0 when written.
/// </remarks>
public static class SightingCodec
{
    internal const byte Coarsened = 1;
    internal const byte HasTtl = 2;
    internal const byte Folded = 4;

    /// <summary>The most octets one history with a single interval takes if nothing is folded.</summary>
    public const int MaxSingleLength = 1 + 2 * 5 + 4 * SightingHistory.MaxWitnesses + 1 + 3 * Varint.MaxLength;

    /// <summary>The most octets one history with a single interval takes, whatever is folded.</summary>
    public const int MaxFoldedLength = MaxSingleLength + MaxFoldingLength;

    private const int MaxFoldingLength = 1 + 2 + NameSketch.MaxPackedLength;

    /// <summary>Packs what one sensor saw in one window.</summary>
    /// <param name="sighting">The sighting.</param>
    /// <param name="witness">The <see cref="SensorId.Fingerprint"/> of the sensor.</param>
    /// <param name="destination">At least <see cref="MaxSingleLength"/> octets.</param>
    /// <returns>The octets written.</returns>
    public static int Encode(in Sighting sighting, uint witness, Span<byte> destination) =>
        Encode(sighting, witness, SightingFolding.None, default, destination);

    /// <summary>Packs what one sensor saw in one window and folded into one row.</summary>
    /// <param name="sighting">The sighting.</param>
    /// <param name="witness">The <see cref="SensorId.Fingerprint"/> of the sensor.</param>
    /// <param name="folding">What was folded.</param>
    /// <param name="names">With <see cref="SightingFolding.Names"/> the packed <see cref="NameSketch"/> of the names, else nothing.</param>
    /// <param name="destination">At least <see cref="MaxFoldedLength"/> octets.</param>
    /// <returns>The octets written.</returns>
    public static int Encode(in Sighting sighting, uint witness, SightingFolding folding, ReadOnlySpan<byte> names, Span<byte> destination)
    {
        destination[0] = (byte)(HasTtl | 1 << 4 | (folding == SightingFolding.None ? 0 : Folded));
        int at = 1;
        at += Varint.Write(destination[at..], sighting.MinTimeToLive);
        at += Varint.Write(destination[at..], sighting.MaxTimeToLive - sighting.MinTimeToLive);
        BinaryPrimitives.WriteUInt32BigEndian(destination[at..], witness);
        at += 4;
        at += WriteFolding(destination[at..], folding, names);
        destination[at++] = 1;
        return at + WriteInterval(destination[at..], new(sighting.FirstSeen, sighting.LastSeen, sighting.Count), 0);
    }

    /// <summary>The most octets a history with so many intervals takes if nothing is folded.</summary>
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
        byte[] buffer = new byte[MaxLength(history.Intervals.Length) + MaxFoldingLength];
        int at = 1;
        if (history is { MinTimeToLive: { } min, MaxTimeToLive: { } max })
        {
            buffer[0] = HasTtl;
            at += Varint.Write(buffer.AsSpan(at), min);
            at += Varint.Write(buffer.AsSpan(at), max - min);
        }

        if (history.IsCoarsened) buffer[0] |= Coarsened;
        int length = EncodeRest(history.Intervals.AsSpan(), history.Witnesses.AsSpan(), buffer, at, history.Folding, history.PackedNames.AsSpan());
        return buffer[..length];
    }

    /// <summary>Says of a packed history that intervals of it had to be joined (see <see cref="SightingHistory.IsCoarsened"/>).</summary>
    /// <param name="packed">A packed history.</param>
    public static void MarkCoarsened(Span<byte> packed) => packed[0] |= Coarsened;

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
            Folding = cursor.Folding,
            PackedNames = [.. cursor.PackedNames],
        };
        return true;
    }

    /// <summary>Reads only what was folded into a row.</summary>
    /// <param name="packed">A packed history.</param>
    /// <returns><see cref="SightingFolding.None"/> also if the octets are no packed history.</returns>
    public static SightingFolding ReadFolding(ReadOnlySpan<byte> packed) =>
        !packed.IsEmpty && (packed[0] & Folded) != 0 && SightingCursor.TryOpen(packed, out SightingCursor cursor) ? cursor.Folding : SightingFolding.None;

    /// <summary>Reads only the outer bounds of a packed history, which is what most filters ask for.</summary>
    /// <param name="packed">A packed history.</param>
    /// <param name="bounds">First and last time and the sum of the counts; zeros when the result is <c>false</c>.</param>
    /// <returns><c>false</c> if the octets are no packed history.</returns>
    public static bool TryReadBounds(ReadOnlySpan<byte> packed, out SightingInterval bounds)
    {
        if (TryReadOnly(packed, out bounds)) return true;
        bounds = default;
        if (!SightingCursor.TryOpen(packed, out SightingCursor cursor) || !cursor.TryNext(out bounds)) return false;
        while (cursor.Remaining > 0)
        {
            if (!cursor.TryNext(out SightingInterval next)) return false;
            bounds = new(bounds.First, next.Last, SightingMerge.AddCounts(bounds.Count, next.Count));
        }

        return true;
    }

    /// <summary>Reads the one interval of a history without anything unusual, as nearly all are: nothing folded, and no number of more than 28 bits but the time.</summary>
    private static bool TryReadOnly(ReadOnlySpan<byte> packed, out SightingInterval interval)
    {
        const int UsualLength = 4, TimeLength = 5;
        interval = default;
        if (packed.IsEmpty || (packed[0] & ~HasTtl & 0xF) != 0 || packed[0] >> 4 > SightingHistory.MaxWitnesses) return false;
        int at = 1;
        if ((packed[0] & HasTtl) != 0 && (!TryReadShort(packed, ref at, UsualLength, out _) || !TryReadShort(packed, ref at, UsualLength, out _))) return false;
        at += 4 * (packed[0] >> 4);
        if ((uint)at >= (uint)packed.Length || packed[at++] != 1) return false;
        if (!TryReadShort(packed, ref at, TimeLength, out long first) || !TryReadShort(packed, ref at, UsualLength, out long length) || !TryReadShort(packed, ref at, UsualLength, out long count)) return false;
        interval = new(first, first + length, count);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryReadShort(ReadOnlySpan<byte> source, ref int at, int most, out long value)
    {
        value = 0;
        for (int shift = 0; shift < 7 * most && (uint)at < (uint)source.Length; shift += 7)
        {
            byte octet = source[at++];
            value |= (long)(octet & 0x7F) << shift;
            if (octet < 0x80) return true;
        }

        return false;
    }

    private static int EncodeRest(
        ReadOnlySpan<SightingInterval> intervals, ReadOnlySpan<uint> witnesses, Span<byte> destination, int at,
        SightingFolding folding = SightingFolding.None, ReadOnlySpan<byte> names = default)
    {
        destination[0] |= (byte)(witnesses.Length << 4);
        if (folding != SightingFolding.None) destination[0] |= Folded;
        foreach (uint witness in witnesses)
        {
            BinaryPrimitives.WriteUInt32BigEndian(destination[at..], witness);
            at += 4;
        }

        at += WriteFolding(destination[at..], folding, names);
        at += Varint.Write(destination[at..], (ulong)intervals.Length);
        long before = 0;
        foreach (SightingInterval interval in intervals)
        {
            at += WriteInterval(destination[at..], interval, before);
            before = interval.Last;
        }

        return at;
    }

    /// <summary>Writes what was folded; nothing if nothing was.</summary>
    private static int WriteFolding(Span<byte> destination, SightingFolding folding, ReadOnlySpan<byte> names)
    {
        if (folding == SightingFolding.None) return 0;
        destination[0] = (byte)folding;
        if ((folding & SightingFolding.Names) == 0) return 1;
        int at = 1 + Varint.Write(destination[1..], (ulong)names.Length);
        names.CopyTo(destination[at..]);
        return at + names.Length;
    }

    internal static int WriteInterval(Span<byte> destination, SightingInterval interval, long before)
    {
        long first = Math.Max(interval.First, 0);
        int at = Varint.Write(destination, (ulong)Math.Max(first - before, 0));
        at += Varint.Write(destination[at..], (ulong)Math.Max(interval.Last - first, 0));
        return at + Varint.Write(destination[at..], (ulong)Math.Max(interval.Count, 0));
    }
}
