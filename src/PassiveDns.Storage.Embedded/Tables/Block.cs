using System.Buffers.Binary;

namespace PassiveDns.Storage.Embedded.Tables;

/// <summary>A block as it is searched (see <see cref="BlockBuilder"/>): octets of an array that may hold others, too.</summary>
internal readonly struct Block
{
    private readonly int _restarts;

    private Block(byte[] octets, int start, int end, int restarts)
    {
        Octets = octets;
        Start = start;
        End = end;
        _restarts = restarts;
    }

    /// <summary>A block without entries, in the place of one that cannot be read.</summary>
    public static Block Empty { get; } = new(new byte[4], 0, 0, 0);

    public byte[] Octets { get; }

    /// <summary>Where the first entry starts.</summary>
    public int Start { get; }

    /// <summary>Where the last entry ends.</summary>
    public int End { get; }

    public int Restarts => _restarts;

    /// <returns><c>false</c> if the octets are no block.</returns>
    public static bool TryOpen(byte[] octets, int start, int length, out Block block)
    {
        block = default;
        if (length < 8) return false;
        int restarts = BinaryPrimitives.ReadInt32LittleEndian(octets.AsSpan(start + length - 4));
        if (restarts < 1 || restarts > length / 4 - 1) return false;
        block = new(octets, start, start + length - 4 * (restarts + 1), restarts);
        return true;
    }

    /// <summary>Where a restart's entry starts; past the end if the block is damaged.</summary>
    public int Restart(int index)
    {
        uint offset = BinaryPrimitives.ReadUInt32LittleEndian(Octets.AsSpan(End + 4 * index));
        return offset < (uint)(End - Start) ? Start + (int)offset : End;
    }
}
