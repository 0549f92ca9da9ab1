using System.Buffers.Binary;
using System.Numerics;

namespace PassiveDns.Storage.Embedded.Tables;

/// <summary>Reads what <see cref="BitWriter"/> wrote. Behind the end there are zeros; <see cref="IsSound"/> tells afterwards whether any were taken.</summary>
internal ref struct BitReader(ReadOnlySpan<byte> octets)
{
    private readonly ReadOnlySpan<byte> _octets = octets;
    private ulong _waiting;
    private int _bits;
    private int _at;
    private bool _isDamaged;

    /// <summary>Whether all that was read had been written.</summary>
    public readonly bool IsSound => !_isDamaged && 8L * _at - _bits <= 8L * _octets.Length;

    /// <summary>Reads a number.</summary>
    /// <param name="bits">How many bits, at most 32.</param>
    public uint Read(int bits)
    {
        if (_bits < bits) Fill();
        uint value = (uint)(_waiting & (1UL << bits) - 1);
        _waiting >>= bits;
        _bits -= bits;
        return value;
    }

    public uint ReadGamma()
    {
        if (_bits < 32) Fill();
        int more = BitOperations.TrailingZeroCount((uint)_waiting);
        if (more > 31)
        {
            _isDamaged = true;
            return 1;
        }

        _waiting >>= more + 1;
        _bits -= more + 1;
        return Read(more) | 1U << more;
    }

    public uint ReadSized()
    {
        int bits = (int)Read(5);
        return bits <= 1 ? (uint)bits : Read(bits - 1) | 1U << bits - 1;
    }

    private void Fill()
    {
        // four octets fit, since fewer than 32 bits are waiting
        uint next = 0;
        if (_octets.Length - _at >= 4)
        {
            next = BinaryPrimitives.ReadUInt32LittleEndian(_octets[_at..]);
        }
        else
        {
            for (int i = 0; _at + i < _octets.Length; i++) next |= (uint)_octets[_at + i] << 8 * i;
        }

        _waiting |= (ulong)next << _bits;
        _bits += 32;
        _at += 4;
    }
}
