using System.Runtime.InteropServices;

namespace PassiveDns.Storage.Embedded.Tables;

/// <summary>
/// A bloom filter over heads and stems of keys (see <see cref="KeyHead"/>): ten bits a head, all probes of one in the same 64 octets, so that a question costs one
/// access to memory. About one wrong yes in a hundred, never a wrong no. The upper bits of a hash choose the line, six of the lower ones the bits in it.
/// </summary>
internal sealed class HeadFilter
{
    /// <summary>Octets of a line.</summary>
    public const int LineLength = 64;

    private const int BitsPerHead = 10;
    private const int BitsOfLine = 8 * LineLength;
    private const int Probes = 6;

    private readonly byte[] _lines;

    /// <param name="lines">Its lines.</param>
    public HeadFilter(byte[] lines) => _lines = lines;

    public ReadOnlySpan<byte> Lines => _lines;

    /// <summary>A filter of some heads.</summary>
    public static HeadFilter Of(List<ulong> hashes)
    {
        byte[] lines = new byte[Math.Min((long)hashes.Count * BitsPerHead / BitsOfLine + 1, Array.MaxLength / LineLength) * LineLength];
        foreach (ulong hash in CollectionsMarshal.AsSpan(hashes))
        {
            Span<byte> line = lines.AsSpan(StartOf(hash, lines.Length), LineLength);
            uint bit = (uint)hash, step = Step(hash);
            for (int i = 0; i < Probes; i++, bit += step) line[(int)(bit % BitsOfLine / 8)] |= (byte)(1 << (int)(bit % 8));
        }

        return new(lines);
    }

    public bool MayHold(ulong hash) => MayHold(_lines, hash);

    /// <summary>Whether the lines of a filter say that there may be a head.</summary>
    public static bool MayHold(ReadOnlySpan<byte> lines, ulong hash)
    {
        ReadOnlySpan<byte> line = lines.Slice(StartOf(hash, lines.Length), LineLength);
        uint bit = (uint)hash, step = Step(hash);
        for (int i = 0; i < Probes; i++, bit += step)
        {
            if ((line[(int)(bit % BitsOfLine / 8)] >> (int)(bit % 8) & 1) == 0) return false;
        }

        return true;
    }

    private static uint Step(ulong hash) => (uint)(hash >> 9 & 511) | 1;

    private static int StartOf(ulong hash, int length) => (int)((hash >> 32) * (ulong)(length / LineLength) >> 32) * LineLength;
}
