using System.Numerics;

namespace PassiveDns.Analysis;

/// <summary>Numbers by hash, read only. Most questions are about hashes that are not there, and a bitmap small enough for the cache answers those.</summary>
internal sealed class HashIndex
{
    private const int BitsPerEntry = 16;

    private readonly ulong[] _hashes;
    private readonly int[] _values;
    private readonly ulong[] _bits;
    private readonly int _shift;

    /// <summary>Makes an index.</summary>
    /// <param name="entries">Hashes, each any number of times, and a number for each.</param>
    public HashIndex(IEnumerable<(ulong Hash, int Value)> entries)
    {
        List<ulong> hashes = [];
        List<int> values = [];
        foreach ((ulong hash, int value) in entries)
        {
            hashes.Add(hash);
            values.Add(value);
        }

        (_hashes, _values) = Sorted([.. hashes], [.. values]);
        int bits = Math.Max(64, (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, _hashes.Length * BitsPerEntry)));
        _bits = new ulong[bits / 64];
        _shift = 64 - BitOperations.Log2((uint)bits);
        foreach (ulong hash in _hashes) _bits[Bit(hash) >> 6] |= 1UL << (int)(Bit(hash) & 63);
    }

    /// <summary>How many entries there are.</summary>
    public int Count => _values.Length;

    /// <summary>Whether the hash may be there.</summary>
    public bool MayContain(ulong hash)
    {
        ulong bit = Bit(hash);
        return (_bits[bit >> 6] >> (int)(bit & 63) & 1) != 0;
    }

    /// <summary>The numbers of a hash, rising.</summary>
    public ReadOnlySpan<int> Find(ulong hash)
    {
        if (!MayContain(hash)) return [];
        int at = Array.BinarySearch(_hashes, hash);
        if (at < 0) return [];
        int first = at, end = at + 1;
        while (first > 0 && _hashes[first - 1] == hash) first--;
        while (end < _hashes.Length && _hashes[end] == hash) end++;
        return _values.AsSpan(first..end);
    }

    // By hash, then by number, each pair once. A million deletions of ten thousand brands are sorted here, so not by a comparer.
    private static (ulong[] Hashes, int[] Values) Sorted(ulong[] hashes, int[] values)
    {
        Array.Sort(hashes, values);
        int kept = 0;
        for (int start = 0, end; start < hashes.Length; start = end)
        {
            for (end = start + 1; end < hashes.Length && hashes[end] == hashes[start];) end++;
            values.AsSpan(start..end).Sort();
            for (int i = start; i < end; i++)
            {
                if (i > start && values[i] == values[kept - 1]) continue;
                hashes[kept] = hashes[start];
                values[kept++] = values[i];
            }
        }

        return (hashes[..kept], values[..kept]);
    }

    private ulong Bit(ulong hash) => (hash * 0x9E37_79B9_7F4A_7C15) >> _shift;
}
