using System.Buffers.Binary;
using System.Numerics;

namespace PassiveDns.Storage.Embedded.Tables;

/// <summary>Writes numbers of any number of bits one behind the other, the lowest bits first. It grows, and is used again.</summary>
internal sealed class BitWriter
{
    private byte[] _octets = new byte[8 << 10];
    private ulong _waiting;
    private int _bits;
    private int _length;

    /// <summary>Appends a number.</summary>
    /// <param name="value">The number; it has no more bits than said.</param>
    /// <param name="bits">How many bits, at most 32.</param>
    public void Write(ulong value, int bits)
    {
        _waiting |= value << _bits;
        _bits += bits;
        if (_bits < 32) return;
        if (_octets.Length - _length < 8) Array.Resize(ref _octets, 2 * _octets.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(_octets.AsSpan(_length), (uint)_waiting);
        _length += 4;
        _waiting >>= 32;
        _bits -= 32;
    }

    /// <summary>Appends a number of which small ones are far more frequent: n - 1 zeros, a one, and the lower n - 1 bits of a number of n bits (Elias' gamma code).</summary>
    /// <param name="value">The number, at least 1.</param>
    public void WriteGamma(uint value)
    {
        int more = BitOperations.Log2(value);
        Write(1UL << more, more + 1);
        Write(value ^ 1U << more, more);
    }

    /// <summary>Appends how many bits a number has in five bits, then those below the highest one.</summary>
    /// <param name="value">The number, below 2^31.</param>
    public void WriteSized(uint value)
    {
        int bits = 32 - BitOperations.LeadingZeroCount(value);
        Write((uint)bits, 5);
        if (bits > 1) Write(value ^ 1U << bits - 1, bits - 1);
    }

    /// <summary>What was written, filled up to whole octets; valid until <see cref="Clear"/>.</summary>
    public ReadOnlySpan<byte> Finish()
    {
        if (_octets.Length - _length < 8) Array.Resize(ref _octets, 2 * _octets.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(_octets.AsSpan(_length), _waiting);
        return _octets.AsSpan(0, _length + (_bits + 7) / 8);
    }

    public void Clear() => (_length, _bits, _waiting) = (0, 0, 0);
}
