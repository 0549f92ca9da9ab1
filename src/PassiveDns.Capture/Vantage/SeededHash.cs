using System.Buffers.Binary;
using System.Security.Cryptography;

namespace PassiveDns.Capture;

/// <summary>A fast hash with a secret seed, so that nobody can choose names that fall into one bucket. Results never depend on it.</summary>
internal readonly struct SeededHash
{
    private const ulong Odd = 0x9E3779B97F4A7C15;

    private readonly ulong _first;
    private readonly ulong _second;

    private SeededHash(ReadOnlySpan<byte> seed)
    {
        _first = BinaryPrimitives.ReadUInt64LittleEndian(seed);
        _second = BinaryPrimitives.ReadUInt64LittleEndian(seed[8..]) | 1;
    }

    public static SeededHash Create() => new(RandomNumberGenerator.GetBytes(16));

    public ulong Of(ReadOnlySpan<byte> octets)
    {
        ulong hash = _first ^ ((ulong)octets.Length * Odd);
        while (octets.Length >= 8)
        {
            hash = Mix(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(octets), _second ^ Odd);
            octets = octets[8..];
        }

        ulong tail = 0;
        for (int i = 0; i < octets.Length; i++) tail |= (ulong)octets[i] << (8 * i);
        return Mix(Mix(hash ^ tail, _second ^ Odd), _first | 1);
    }

    // The full product, folded: every bit of the input reaches every bit of the result.
    private static ulong Mix(ulong a, ulong b)
    {
        ulong high = Math.BigMul(a, b, out ulong low);
        return high ^ low;
    }
}
