using System.Buffers.Binary;
using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace PassiveDns;

/// <summary>
/// A keyed 64-bit hash of octets for tables in memory. The key is random for each process: names and rdata are chosen by strangers, who
/// must not be able to make many of them collide. It is no identity (compare octets) and never leaves the process.
/// </summary>
/// <remarks>
/// Two lanes of 16 octets, each octet going through two AES rounds (full diffusion) before it meets another lane or block; where the
/// processor has no AES instructions, through folded 64 by 64 bit multiplication instead.
/// </remarks>
public static class OctetHash
{
    /// <summary>How many octets behind the last one <see cref="ComputeOverReading"/> may read.</summary>
    internal const int OverRead = 32;

    private static readonly Vector128<byte> s_lane0 = RandomKey();
    private static readonly Vector128<byte> s_lane1 = RandomKey();
    private static readonly Vector128<byte> s_round1 = RandomKey();
    private static readonly Vector128<byte> s_round2 = RandomKey();
    private static readonly Vector128<byte> s_idleLane1 = Scramble(s_lane1); // after a block whose upper half is zeros

    /// <summary>32 octets of ones, then 32 of zeros: a load at 32 - n masks all but the first n octets.</summary>
    private static ReadOnlySpan<byte> Masks =>
    [
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    ];

    /// <summary>The hash of some octets. Equal octets have equal hashes within one process.</summary>
    /// <param name="octets">Any octets, also none.</param>
    public static ulong Compute(ReadOnlySpan<byte> octets)
    {
        Vector128<byte> lane0 = s_lane0;
        Vector128<byte> lane1 = s_lane1;
        int length = octets.Length;
        while (octets.Length > OverRead)
        {
            lane0 = Scramble(lane0 ^ Vector128.Create(octets));
            lane1 = Scramble(lane1 ^ Vector128.Create(octets[16..]));
            octets = octets[OverRead..];
        }

        return octets.Length <= 16
            ? Finish(Scramble(lane0 ^ Padded(octets)), Scramble(lane1), length)
            : Finish(Scramble(lane0 ^ Vector128.Create(octets)), Scramble(lane1 ^ Padded(octets[16..])), length);
    }

    /// <summary>Joins the hashes of a record's parts into the hash of the record.</summary>
    /// <param name="owner">The hash of the canonical owner name.</param>
    /// <param name="type">The type.</param>
    /// <param name="data">The hash of the canonical rdata.</param>
    public static ulong Combine(ulong owner, RecordType type, ulong data)
    {
        ulong high = Math.BigMul(owner ^ (ulong)type << 32, BitOperations.RotateLeft(data, 29) | 1, out ulong low);
        return high ^ low ^ data;
    }

    /// <summary>The same hash without a copy of the last octets: reads up to <see cref="OverRead"/> octets too far, which the caller must own.</summary>
    /// <param name="start">The first octet.</param>
    /// <param name="length">How many octets count.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong ComputeOverReading(ref byte start, int length)
    {
        Vector128<byte> lane0 = s_lane0;
        Vector128<byte> lane1 = s_lane1;
        int rest = length;
        for (; rest > OverRead; rest -= OverRead)
        {
            lane0 = Scramble(lane0 ^ Vector128.LoadUnsafe(ref start));
            lane1 = Scramble(lane1 ^ Vector128.LoadUnsafe(ref start, 16));
            start = ref Unsafe.Add(ref start, OverRead);
        }

        Vector256<byte> last = Vector256.LoadUnsafe(ref start) & Mask(rest);
        return Finish(Scramble(lane0 ^ last.GetLower()), Scramble(lane1 ^ last.GetUpper()), length);
    }

    /// <summary>The same hash of at most 16 octets, which leave the second lane alone; reads as far as <see cref="ComputeOverReading"/> does.</summary>
    /// <param name="start">The first octet.</param>
    /// <param name="length">How many octets count.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong ComputeFew(ref byte start, int length)
    {
        Debug.Assert(length <= Vector128<byte>.Count);
        Vector128<byte> mask = Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(Masks), (nuint)(uint)(OverRead - length));
        return Finish(Scramble(s_lane0 ^ (Vector128.LoadUnsafe(ref start) & mask)), s_idleLane1, length);
    }

    /// <summary>The same hash of at most 32 octets that are in a register already.</summary>
    /// <param name="octets">The octets, and zeros behind them.</param>
    /// <param name="length">How many octets count.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong ComputeShort(Vector256<byte> octets, int length) =>
        Finish(Scramble(s_lane0 ^ octets.GetLower()), Scramble(s_lane1 ^ octets.GetUpper()), length);

    /// <summary>Ones in the first <paramref name="length"/> octets, 0 to 32, and zeros in the others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<byte> Mask(int length)
    {
        Debug.Assert(length is >= 0 and <= OverRead);
        return Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(Masks), (nuint)(uint)(OverRead - length));
    }

    /// <summary>At most 16 octets, and zeros behind them: two words that overlap are shifted into their places.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Padded(ReadOnlySpan<byte> octets)
    {
        int length = octets.Length;
        if (length > 8)
        {
            ulong low = BinaryPrimitives.ReadUInt64LittleEndian(octets);
            ulong high = BinaryPrimitives.ReadUInt64LittleEndian(octets[(length - 8)..]) >> (8 * (16 - length));
            return Vector128.Create(low, high).AsByte();
        }

        ulong word = 0;
        if (length >= 4)
        {
            word = BinaryPrimitives.ReadUInt32LittleEndian(octets)
                | (ulong)BinaryPrimitives.ReadUInt32LittleEndian(octets[(length - 4)..]) << (8 * (length - 4));
        }
        else if (length > 0)
        {
            word = octets[0] | (ulong)octets[length >> 1] << (8 * (length >> 1)) | (ulong)octets[length - 1] << (8 * (length - 1));
        }

        return Vector128.CreateScalar(word).AsByte();
    }

    private static Vector128<byte> RandomKey()
    {
        Span<byte> key = stackalloc byte[16];
        RandomNumberGenerator.Fill(key);
        return Vector128.Create((ReadOnlySpan<byte>)key);
    }

    /// <summary>The length goes in last, when the lanes are secret: octets padded with zeros must not equal the zeros themselves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Finish(Vector128<byte> lane0, Vector128<byte> lane1, int length)
    {
        Vector128<byte> joined = lane0 ^ lane1 ^ Vector128.CreateScalar((uint)length).AsByte();
        Vector128<ulong> done = (System.Runtime.Intrinsics.X86.Aes.IsSupported
            ? System.Runtime.Intrinsics.X86.Aes.Encrypt(joined, s_round1)
            : Multiply(joined)).AsUInt64();
        return done.GetElement(0) ^ done.GetElement(1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Scramble(Vector128<byte> lane) => System.Runtime.Intrinsics.X86.Aes.IsSupported
        ? System.Runtime.Intrinsics.X86.Aes.Encrypt(System.Runtime.Intrinsics.X86.Aes.Encrypt(lane, s_round1), s_round2)
        : Multiply(lane);

    /// <summary>Both halves of the 128-bit product of secret halves; the rotation keeps a zero factor from swallowing the other half.</summary>
    private static Vector128<byte> Multiply(Vector128<byte> lane)
    {
        Vector128<ulong> halves = lane.AsUInt64();
        Vector128<ulong> key = s_round1.AsUInt64();
        ulong a = halves.GetElement(0) ^ key.GetElement(0);
        ulong b = halves.GetElement(1) ^ key.GetElement(1);
        ulong high = Math.BigMul(a, b, out ulong low);
        return Vector128.Create(high ^ BitOperations.RotateLeft(a, 32), low ^ b).AsByte();
    }
}
