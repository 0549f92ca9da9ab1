using System.Buffers.Binary;

namespace PassiveDns;

/// <summary>
/// Walks over a packed history (see <see cref="SightingCodec"/>) without allocating: what stores filter rows by. Damage ends the walk with <c>false</c>.
/// </summary>
public ref struct SightingCursor
{
    private readonly ReadOnlySpan<byte> _packed;
    private readonly int _witnesses;
    private int _at;
    private long _before;

    private SightingCursor(ReadOnlySpan<byte> packed, int witnesses, int at)
    {
        _packed = packed;
        _witnesses = witnesses;
        _at = at;
    }

    /// <summary>Whether intervals had to be joined although they lay further apart than the gap.</summary>
    public bool IsCoarsened { get; private init; }

    /// <summary>What was folded into the row.</summary>
    public SightingFolding Folding { get; private init; }

    /// <summary>The packed <see cref="NameSketch"/> of the names that were folded; empty without <see cref="SightingFolding.Names"/>.</summary>
    public ReadOnlySpan<byte> PackedNames { get; private init; }

    /// <summary>Whether the TTL bounds are known.</summary>
    public bool HasTtl { get; private init; }

    /// <summary>The lowest TTL in seconds; 0 if unknown.</summary>
    public uint MinTtl { get; private init; }

    /// <summary>The highest TTL in seconds; 0 if unknown.</summary>
    public uint MaxTtl { get; private init; }

    /// <summary>How many witnesses are kept, 0 to <see cref="SightingHistory.MaxWitnesses"/>.</summary>
    public int WitnessCount { get; private init; }

    /// <summary>How many intervals are still to come.</summary>
    public int Remaining { get; private set; }

    /// <summary>A witness: the <see cref="SensorId.Fingerprint"/> of a sensor that saw the row.</summary>
    /// <param name="index">0 to <see cref="WitnessCount"/> - 1; they rise.</param>
    public readonly uint Witness(int index) => BinaryPrimitives.ReadUInt32BigEndian(_packed[(_witnesses + 4 * index)..]);

    /// <summary>Reads the head of a packed history and stands before its first interval.</summary>
    /// <param name="packed">The packed history; it is borrowed.</param>
    /// <param name="cursor">The cursor.</param>
    /// <returns><c>false</c> if the octets are no packed history.</returns>
    public static bool TryOpen(ReadOnlySpan<byte> packed, out SightingCursor cursor)
    {
        cursor = default;
        if (packed.IsEmpty) return false;
        int flags = packed[0];
        int witnesses = flags >> 4;
        if (witnesses > SightingHistory.MaxWitnesses || (flags & 8) != 0) return false;
        int at = 1;
        ulong min = 0, range = 0;
        bool hasTtl = (flags & SightingCodec.HasTtl) != 0;
        if (hasTtl && (!Varint.TryRead(packed, ref at, out min) || !Varint.TryRead(packed, ref at, out range))) return false;
        if (min > uint.MaxValue || range > uint.MaxValue - min) return false;
        int witnessStart = at;
        at += 4 * witnesses;
        SightingFolding folding = SightingFolding.None;
        ReadOnlySpan<byte> names = default;
        if ((flags & SightingCodec.Folded) != 0 && !TryReadFolding(packed, ref at, out folding, out names)) return false;
        if (at > packed.Length || !Varint.TryRead(packed, ref at, out ulong intervals) || intervals is 0 or > SightingHistory.MaxIntervals) return false;
        cursor = new(packed, witnessStart, at)
        {
            IsCoarsened = (flags & SightingCodec.Coarsened) != 0,
            Folding = folding,
            PackedNames = names,
            HasTtl = hasTtl,
            MinTtl = (uint)min,
            MaxTtl = (uint)(min + range),
            WitnessCount = witnesses,
            Remaining = (int)intervals,
        };
        return true;
    }

    private static bool TryReadFolding(ReadOnlySpan<byte> packed, scoped ref int at, out SightingFolding folding, out ReadOnlySpan<byte> names)
    {
        folding = SightingFolding.None;
        names = default;
        if (at >= packed.Length || packed[at] is 0 or > 15) return false;
        folding = (SightingFolding)packed[at++];
        if ((folding & SightingFolding.Names) == 0) return true;
        if (!Varint.TryRead(packed, ref at, out ulong length) || length is 0 or > NameSketch.MaxPackedLength || (int)length > packed.Length - at) return false;
        names = packed.Slice(at, (int)length);
        at += (int)length;
        return NameSketch.IsPacked(names);
    }

    /// <summary>Reads the next interval.</summary>
    /// <param name="interval">The interval.</param>
    /// <returns><c>false</c> at the end (<see cref="Remaining"/> is 0) or if the octets are damaged.</returns>
    public bool TryNext(out SightingInterval interval)
    {
        interval = default;
        if (Remaining == 0) return false;
        if (!Varint.TryRead(_packed, ref _at, out ulong first) || !Varint.TryRead(_packed, ref _at, out ulong length)
            || !Varint.TryRead(_packed, ref _at, out ulong count))
        {
            return false;
        }

        // Times have one bound, wherever their differences are counted from: what is read can then be merged and packed again. No sum overflows.
        const ulong Limit = long.MaxValue / 4;
        if (first > Limit || length > Limit || count > long.MaxValue || (ulong)_before + first + length > Limit) return false;
        interval = new(_before + (long)first, _before + (long)first + (long)length, (long)count);
        _before = interval.Last;
        Remaining--;
        return true;
    }
}
