using System.Runtime.InteropServices;

namespace PassiveDns.Storage.Embedded.Tables;

/// <summary>
/// A bloom filter over the heads and stems of a table's keys (see <see cref="KeyHead"/>): ten bits a head, all probes of one in the same 64 octets, so
/// that a question costs one access to memory. About one wrong yes in a hundred, never a wrong no.
/// </summary>
internal sealed class HeadFilter
{
    private const int BitsPerHead = 10;
    private const int Probes = 6;
    private const int WordsPerLine = 8;
    private const int Together = 64;

    private readonly ulong[] _words;

    public HeadFilter(ulong[] words) => _words = words;

    public ReadOnlySpan<ulong> Words => _words;

    /// <summary>A filter of heads that are all at hand.</summary>
    public static HeadFilter Of(List<ulong> hashes)
    {
        Builder builder = new(hashes.Count);
        foreach (ulong hash in CollectionsMarshal.AsSpan(hashes)) builder.Add(hash);
        return builder.ToFilter();
    }

    public bool MayHold(ulong hash)
    {
        ReadOnlySpan<ulong> line = Line(_words, hash);
        uint bit = (uint)hash, step = Step(hash);
        for (int i = 0; i < Probes; i++, bit += step)
        {
            if ((line[(int)(bit >> 6 & 7)] >> (int)(bit & 63) & 1) == 0) return false;
        }

        return true;
    }

    private static uint Step(ulong hash) => (uint)(hash >> 9 & 511) | 1;

    private static Span<ulong> Line(ulong[] words, ulong hash) =>
        words.AsSpan((int)((hash >> 32) * (ulong)(words.Length / WordsPerLine) >> 32) * WordsPerLine, WordsPerLine);

    /// <summary>Takes heads one by one. If more come than were expected, the filter says yes too often, and nothing else.</summary>
    /// <param name="expected">About how many come.</param>
    internal sealed class Builder(long expected)
    {
        private readonly ulong[] _words = new ulong[(int)Math.Min(expected * BitsPerHead / 512 + 1, Array.MaxLength / WordsPerLine) * WordsPerLine];

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
            return new(_words);
        }

        /// <summary>Lines lie anywhere in memory: the processor waits for many of them at once if nothing else is done between.</summary>
        private void AddWaiting()
        {
            foreach (ulong hash in _waiting.AsSpan(0, _count))
            {
                Span<ulong> line = Line(_words, hash);
                uint bit = (uint)hash, step = Step(hash);
                for (int i = 0; i < Probes; i++, bit += step) line[(int)(bit >> 6 & 7)] |= 1UL << (int)(bit & 63);
            }

            _count = 0;
        }
    }
}
