using System.Buffers.Binary;

namespace PassiveDns.Capture.Live;

/// <summary>Packets of one interface, one behind the other: what hops from the thread that captures to the one that decodes. It is used again and again.</summary>
internal sealed class PacketChunk
{
    /// <summary>The octets of a chunk: room for the longest packet at least.</summary>
    public const int Capacity = 512 << 10;

    private const int HeaderLength = 16;

    private readonly byte[] _octets = new byte[Capacity];
    private int _read;
    private int _written;

    /// <summary>Whether it holds nothing that was not read.</summary>
    public bool IsEmpty => _read == _written;

    /// <summary>When the next packet to read was captured; not if it is empty.</summary>
    public long NextTime => BinaryPrimitives.ReadInt64LittleEndian(_octets.AsSpan(_read));

    /// <summary>Copies a packet behind the others.</summary>
    /// <returns><c>false</c> if it does not fit any more.</returns>
    public bool TryWrite(ReadOnlySpan<byte> packet, long originalLength, long unixNanoseconds)
    {
        Span<byte> free = _octets.AsSpan(_written);
        if (free.Length < HeaderLength + packet.Length) return false;
        BinaryPrimitives.WriteInt64LittleEndian(free, unixNanoseconds);
        BinaryPrimitives.WriteInt32LittleEndian(free[8..], packet.Length);
        BinaryPrimitives.WriteInt32LittleEndian(free[12..], (int)Math.Min(originalLength, int.MaxValue));
        packet.CopyTo(free[HeaderLength..]);
        _written += HeaderLength + packet.Length;
        return true;
    }

    /// <summary>Takes the next packet.</summary>
    public ReadOnlySpan<byte> Read(out long originalLength, out long unixNanoseconds)
    {
        Span<byte> header = _octets.AsSpan(_read);
        unixNanoseconds = BinaryPrimitives.ReadInt64LittleEndian(header);
        int length = BinaryPrimitives.ReadInt32LittleEndian(header[8..]);
        originalLength = BinaryPrimitives.ReadInt32LittleEndian(header[12..]);
        _read += HeaderLength + length;
        return header.Slice(HeaderLength, length);
    }

    /// <summary>Empties it.</summary>
    public void Clear() => _read = _written = 0;
}
