using System.Numerics;

namespace PassiveDns;

/// <summary>
/// Estimates how many different names were added, in a bounded room: a HyperLogLog sketch of 1,024 registers, with a standard error of 3.3 %. Two sketches
/// merge into the sketch of the union, in any order.
/// </summary>
/// <remarks>
/// A register holds the longest run of zeros among the hashes that fell to it. The estimate is O. Ertl's improved raw estimator ("New cardinality estimation
/// algorithms for HyperLogLog sketches", 2017), which needs no tables and has no bias at small numbers. The hash is the same everywhere, because sketches of
/// different sensors must merge; so whoever chooses the names can also skew the estimate. It is told as one, and nothing is decided by it.
/// </remarks>
public sealed class NameSketch
{
    /// <summary>The most octets of a packed sketch.</summary>
    public const int MaxPackedLength = Registers * 6 / 8;

    internal const int Registers = 1024;

    private const int IndexBits = 10;
    private const int MaxRank = 64 - IndexBits + 1;
    private const int MaxSparse = MaxPackedLength / 2 - 1;

    private readonly byte[] _registers = new byte[Registers];
    private readonly ushort[] _ranks = new ushort[MaxRank + 1]; // how many registers hold each rank

    /// <summary>Makes an empty sketch.</summary>
    public NameSketch() => _ranks[0] = Registers;

    /// <summary>About how many different names were added; 0 if none was.</summary>
    public long Estimate => EstimateOf(_ranks);

    /// <summary>Whether nothing was added.</summary>
    public bool IsEmpty => _ranks[0] == Registers;

    /// <summary>Adds a name; adding it again changes nothing.</summary>
    /// <param name="name">The canonical name in wire format.</param>
    /// <returns>Whether the sketch changed, so that the estimate may have, too.</returns>
    public bool Add(ReadOnlySpan<byte> name) => AddHash(Hash(name, 0));

    /// <summary>Forgets all names.</summary>
    public void Clear()
    {
        Array.Clear(_registers);
        Array.Clear(_ranks);
        _ranks[0] = Registers;
    }

    /// <summary>Packs the sketch: equal sketches have equal octets.</summary>
    /// <param name="destination">At least <see cref="MaxPackedLength"/> octets.</param>
    /// <returns>The octets written; 0 for an empty sketch.</returns>
    public int Pack(Span<byte> destination) => Pack(_registers, destination);

    /// <summary>The estimate of a packed sketch.</summary>
    /// <param name="packed">What <see cref="Pack(Span{byte})"/> wrote.</param>
    /// <returns>-1 if the octets are no packed sketch.</returns>
    public static long EstimateOfPacked(ReadOnlySpan<byte> packed)
    {
        Span<byte> registers = stackalloc byte[Registers];
        registers.Clear();
        if (!TryRaise(packed, registers)) return -1;
        Span<ushort> ranks = stackalloc ushort[MaxRank + 1];
        ranks.Clear();
        foreach (byte rank in registers) ranks[rank]++;
        return EstimateOf(ranks);
    }

    /// <summary>Merges two packed sketches into that of the union.</summary>
    /// <returns>The octets written, at most the sum of both lengths; -1 if one is no packed sketch.</returns>
    internal static int MergePacked(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, Span<byte> destination)
    {
        Span<byte> registers = stackalloc byte[Registers];
        registers.Clear();
        return TryRaise(left, registers) && TryRaise(right, registers) ? Pack(registers, destination) : -1;
    }

    internal static bool IsPacked(ReadOnlySpan<byte> packed)
    {
        Span<byte> registers = stackalloc byte[Registers];
        registers.Clear();
        return TryRaise(packed, registers);
    }

    /// <summary>
    /// A hash that is the same in every process, unlike <see cref="OctetHash"/>: FNV-1a with a seed, and the finaliser of MurmurHash3, so that all bits depend
    /// on all octets.
    /// </summary>
    /// <param name="octets">Any octets, also none.</param>
    /// <param name="seed">Another one gives other hashes; sketches use 0.</param>
    public static ulong Hash(ReadOnlySpan<byte> octets, ulong seed)
    {
        ulong hash = 0xCBF2_9CE4_8422_2325 ^ seed;
        foreach (byte octet in octets) hash = (hash ^ octet) * 0x0000_0100_0000_01B3;
        hash = (hash ^ hash >> 33) * 0xFF51_AFD7_ED55_8CCD;
        hash = (hash ^ hash >> 33) * 0xC4CE_B9FE_1A85_EC53;
        return hash ^ hash >> 33;
    }

    private bool AddHash(ulong hash)
    {
        int index = (int)(hash >> (64 - IndexBits));
        byte rank = (byte)(BitOperations.LeadingZeroCount(hash << IndexBits | 1UL << (IndexBits - 1)) + 1);
        byte before = _registers[index];
        if (rank <= before) return false;
        _registers[index] = rank;
        _ranks[before]--;
        _ranks[rank]++;
        return true;
    }

    private static long EstimateOf(ReadOnlySpan<ushort> ranks)
    {
        if (ranks[0] == Registers) return 0;
        const double Infinite = 0.7213475204444817; // 1 / (2 ln 2)
        double z = Registers * Tau(1 - (double)ranks[MaxRank] / Registers);
        for (int rank = MaxRank - 1; rank >= 1; rank--) z = 0.5 * (z + ranks[rank]);
        z += Registers * Sigma((double)ranks[0] / Registers);
        return (long)Math.Round(Infinite * Registers * Registers / z);
    }

    private static double Sigma(double x)
    {
        double y = 1, z = x, before;
        do
        {
            x *= x;
            before = z;
            z += x * y;
            y += y;
        }
        while (z != before);
        return z;
    }

    private static double Tau(double x)
    {
        if (x is 0 or 1) return 0;
        double y = 1, z = 1 - x, before;
        do
        {
            x = Math.Sqrt(x);
            before = z;
            y *= 0.5;
            z -= (1 - x) * (1 - x) * y;
        }
        while (z != before);
        return z / 3;
    }

    /// <summary>Few registers: two octets for each that is set, 10 bits which and 6 bits its rank, rising. Else 6 bits for each.</summary>
    private static int Pack(ReadOnlySpan<byte> registers, Span<byte> destination)
    {
        int set = Registers - registers.Count((byte)0);
        int at = 0;
        if (set <= MaxSparse)
        {
            for (int i = 0; i < Registers; i++)
            {
                if (registers[i] == 0) continue;
                destination[at++] = (byte)(i >> 2);
                destination[at++] = (byte)(i << 6 | registers[i]);
            }

            return at;
        }

        for (int i = 0; i < Registers; i += 4)
        {
            int four = registers[i] << 18 | registers[i + 1] << 12 | registers[i + 2] << 6 | registers[i + 3];
            destination[at++] = (byte)(four >> 16);
            destination[at++] = (byte)(four >> 8);
            destination[at++] = (byte)four;
        }

        return at;
    }

    /// <summary>Raises registers to those of a packed sketch.</summary>
    /// <returns><c>false</c> if the octets are no packed sketch, or not in the one form that equal sketches share.</returns>
    private static bool TryRaise(ReadOnlySpan<byte> packed, Span<byte> registers)
    {
        if (packed.Length == MaxPackedLength) return TryRaiseAll(packed, registers);
        if (packed.Length > 2 * MaxSparse || packed.Length % 2 != 0) return false;
        int before = -1;
        for (int at = 0; at < packed.Length; at += 2)
        {
            int index = packed[at] << 2 | packed[at + 1] >> 6;
            byte rank = (byte)(packed[at + 1] & 0x3F);
            if (index <= before || rank is 0 or > MaxRank) return false;
            before = index;
            registers[index] = Math.Max(registers[index], rank);
        }

        return true;
    }

    private static bool TryRaiseAll(ReadOnlySpan<byte> packed, Span<byte> registers)
    {
        int set = 0;
        for (int i = 0, at = 0; i < Registers; i += 4, at += 3)
        {
            int four = packed[at] << 16 | packed[at + 1] << 8 | packed[at + 2];
            for (int j = 0; j < 4; j++)
            {
                byte rank = (byte)(four >> (18 - 6 * j) & 0x3F);
                if (rank > MaxRank) return false;
                if (rank > 0) set++;
                registers[i + j] = Math.Max(registers[i + j], rank);
            }
        }

        return set > MaxSparse;
    }
}
