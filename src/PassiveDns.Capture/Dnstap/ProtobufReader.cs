using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace PassiveDns.Capture;

/// <summary>Walks over the fields of a Protocol Buffers message: nothing is copied, nothing in it can make this throw or read outside.</summary>
/// <remarks>https://protobuf.dev/programming-guides/encoding. Groups, which left the language long ago, count as malformed.</remarks>
internal ref struct ProtobufReader(ReadOnlySpan<byte> message)
{
    public const int Varint = 0;
    public const int Fixed64 = 1;
    public const int LengthDelimited = 2;
    public const int Fixed32 = 5;

    private readonly ReadOnlySpan<byte> _message = message;
    private int _at;

    /// <summary>The number of the current field.</summary>
    public uint Field { get; private set; }

    /// <summary>The wire type of the current field.</summary>
    public int WireType { get; private set; }

    /// <summary>The value of a varint or of a fixed field.</summary>
    public ulong Number { get; private set; }

    /// <summary>The value of a length-delimited field.</summary>
    public ReadOnlySpan<byte> Octets { get; private set; }

    /// <summary>Whether the walk ended for damage, not because all was read.</summary>
    public bool IsMalformed { get; private set; }

    /// <summary>Moves to the next field.</summary>
    /// <returns><c>false</c> at the end or at damage.</returns>
    public bool Read()
    {
        if (_at == _message.Length) return false;
        if (!TryReadVarint(out ulong tag) || tag > uint.MaxValue || tag >> 3 == 0) return Fail(); // field numbers begin at 1
        Field = (uint)tag >> 3;
        WireType = (int)tag & 7;
        switch (WireType)
        {
            case Varint:
                if (!TryReadVarint(out ulong number)) return Fail();
                Number = number;
                return true;
            case LengthDelimited:
                if (!TryReadVarint(out ulong length) || length > (ulong)(_message.Length - _at)) return Fail();
                Octets = _message.Slice(_at, (int)length);
                _at += (int)length;
                return true;
            case Fixed32:
                if (!BinaryPrimitives.TryReadUInt32LittleEndian(_message[_at..], out uint word)) return Fail();
                Number = word;
                _at += 4;
                return true;
            case Fixed64:
                if (!BinaryPrimitives.TryReadUInt64LittleEndian(_message[_at..], out ulong longWord)) return Fail();
                Number = longWord;
                _at += 8;
                return true;
            default:
                return Fail();
        }
    }

    private bool Fail()
    {
        IsMalformed = true;
        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryReadVarint(out ulong value)
    {
        if (_at < _message.Length && _message[_at] < 0x80)
        {
            value = _message[_at++];
            return true;
        }

        return TryReadLongVarint(out value);
    }

    // Seven bits an octet, the lowest first, at most ten octets; bits beyond the 64th are lost, as everywhere.
    private bool TryReadLongVarint(out ulong value)
    {
        value = 0;
        for (int shift = 0; shift < 70 && _at < _message.Length; shift += 7)
        {
            byte octet = _message[_at++];
            value |= (ulong)(octet & 0x7F) << shift;
            if (octet < 0x80) return true;
        }

        return false;
    }
}
