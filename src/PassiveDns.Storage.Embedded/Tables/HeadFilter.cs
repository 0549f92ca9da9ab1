using System.Runtime.InteropServices;

namespace PassiveDns.Storage.Embedded.Tables;

/// <summary>
/// A bloom filter over the heads and stems of a table's keys (see <see cref="KeyHead"/>): ten bits a head, all probes of one in the same 64 octets, so
/// that a question costs one access to memory. About one wrong yes in a hundred, never a wrong no. The upper bits of a hash choose the line, so that a filter can be
/// read in pages.
/// </summary>
internal sealed class HeadFilter
{
    /// <summary>Octets of a line.</summary>
    public const int LineLength = 64;

    /// <summary>Lines of a page of a file.</summary>
    public const int LinesOfPage = 64;

    private const int BitsPerHead = 10;
    private const int BitsOfLine = 8 * LineLength;
    private const int Probes = 6;
    private const int Together = 64;

    private readonly byte[] _octets;

    /// <param name="octets">Its lines.</param>
    public HeadFilter(byte[] octets) => _octets = octets;

    public ReadOnlySpan<byte> Octets => _octets;

    /// <summary>A filter of heads that are all at hand.</summary>
    public static HeadFilter Of(List<ulong> hashes)
    {
        Builder builder = new(hashes.Count);
        foreach (ulong hash in CollectionsMarshal.AsSpan(hashes)) builder.Add(hash);
        return builder.ToFilter();
    }

    /// <summary>The line of a head in a filter of so many lines.</summary>
    public static int LineOf(ulong hash, int lines) => (int)((hash >> 32) * (ulong)lines >> 32);

    /// <summary>Whether its line says that the table may hold a head.</summary>
    public static bool IsIn(ReadOnlySpan<byte> line, ulong hash)
    {
        line = line[..LineLength];
        uint bit = (uint)hash, step = Step(hash);
        for (int i = 0; i < Probes; i++, bit += step)
        {
            if ((line[(int)(bit % BitsOfLine / 8)] >> (int)(bit % 8) & 1) == 0) return false;
        }

        return true;
    }

    public bool MayHold(ulong hash) => IsIn(Line(_octets, hash), hash);

    private static uint Step(ulong hash) => (uint)(hash >> 9 & 511) | 1;

    private static Span<byte> Line(byte[] octets, ulong hash) => octets.AsSpan(LineOf(hash, octets.Length / LineLength) * LineLength, LineLength);

    /// <summary>Takes heads one by one. If more come than were expected, the filter says yes too often, and nothing else.</summary>
    /// <param name="expected">About how many come.</param>
    internal sealed class Builder(long expected)
    {
        private readonly byte[] _octets = new byte[(int)Math.Min(expected * BitsPerHead / BitsOfLine + 1, Array.MaxLength / LineLength) * LineLength];

        private readonly ulong[] _waiting = new ulong[Together];
        private int _count;

        public void Add(ulong hash)
        {
            if (_count == Together) AddWaiting();
            _waiting[_count++] = hash;
        }

        public HeadFilter ToFilter()
        {
            AddWaiting();
            return new(_octets);
        }

        /// <summary>Lines lie anywhere in memory: the processor waits for many of them at once if nothing else is done between.</summary>
        private void AddWaiting()
        {
            foreach (ulong hash in _waiting.AsSpan(0, _count))
            {
                Span<byte> line = Line(_octets, hash);
                uint bit = (uint)hash, step = Step(hash);
                for (int i = 0; i < Probes; i++, bit += step) line[(int)(bit % BitsOfLine / 8)] |= (byte)(1 << (int)(bit % 8));
            }

            _count = 0;
        }
    }
}
