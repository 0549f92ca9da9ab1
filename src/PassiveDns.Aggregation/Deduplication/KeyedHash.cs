using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace PassiveDns.Aggregation;

/// <summary>
/// A 64-bit hash under random keys. Names and data are chosen by strangers: without a key they could choose such as collide and make every
/// look-up slow. The keys differ from run to run, so nothing that leaves the process may depend on a hash.
/// </summary>
/// <remarks>
/// Each step folds the 128-bit product of two words that are masked with secret keys (a multiply-and-fold hash as in the wyhash family): one
/// multiplication for 16 octets.
/// </remarks>
internal readonly struct KeyedHash
{
    private readonly ulong _k0;
    private readonly ulong _k1;
    private readonly ulong _k2;

    public KeyedHash(ulong k0, ulong k1, ulong k2)
    {
        _k0 = k0;
        _k1 = k1;
        _k2 = k2;
    }

    /// <summary>The hash of the root name, and the start of every chain.</summary>
    public ulong Seed => _k2;

    public static KeyedHash CreateRandom()
    {
        Span<byte> keys = stackalloc byte[24];
        RandomNumberGenerator.Fill(keys);
        return new(Word(keys), Word(keys[8..]), Word(keys[16..]));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Combine(ulong hash, ulong value) => Fold(hash ^ _k0, value ^ _k1);

    /// <summary>The hash of octets, chained to an earlier hash.</summary>
    public ulong Octets(ReadOnlySpan<byte> octets, ulong hash)
    {
        int length = octets.Length;
        hash ^= (ulong)length * 0x9E37_79B9_7F4A_7C15;
        while (octets.Length > 16)
        {
            hash = Fold(Word(octets) ^ _k0, Word(octets[8..]) ^ hash ^ _k2);
            octets = octets[16..];
        }

        // the last 1 to 16 octets are read as two words that may overlap
        ulong a, b;
        if (octets.Length >= 8)
        {
            a = Word(octets);
            b = Word(octets[^8..]);
        }
        else if (octets.Length >= 4)
        {
            a = BinaryPrimitives.ReadUInt32LittleEndian(octets);
            b = BinaryPrimitives.ReadUInt32LittleEndian(octets[^4..]);
        }
        else if (octets.Length > 0)
        {
            a = (ulong)octets[0] << 16 | (ulong)octets[octets.Length >> 1] << 8 | octets[^1];
            b = 0;
        }
        else
        {
            a = b = 0;
        }

        return Fold(a ^ _k1, b ^ hash ^ _k0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Word(ReadOnlySpan<byte> octets) => BinaryPrimitives.ReadUInt64LittleEndian(octets);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Fold(ulong a, ulong b)
    {
        ulong high = Math.BigMul(a, b, out ulong low);
        return high ^ low;
    }
}
