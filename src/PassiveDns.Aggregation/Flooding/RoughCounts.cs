namespace PassiveDns.Aggregation;

/// <summary>
/// Counts very many things in little room: two rows of counters, of which the lower one is right or too high (a count-min sketch). It decides only what is
/// looked at closer.
/// </summary>
internal sealed class RoughCounts
{
    private readonly ushort[] _first;
    private readonly ushort[] _second;

    /// <summary>Makes counters.</summary>
    /// <param name="length">Counters a row: a power of two.</param>
    public RoughCounts(int length)
    {
        _first = new ushort[length];
        _second = new ushort[length];
    }

    /// <summary>Octets in use.</summary>
    public long Octets => 4L * _first.Length;

    /// <summary>Counts one and tells how many there are by now, at most so many; it saturates.</summary>
    /// <param name="hash">The hash of the thing.</param>
    public int Add(ulong hash)
    {
        uint mask = (uint)_first.Length - 1;
        ref ushort first = ref _first[(uint)hash & mask];
        ref ushort second = ref _second[(uint)(hash >> 32) & mask];
        ushort least = Math.Min(first, second);
        if (least == ushort.MaxValue) return least;
        if (first == least) first++; // only the lower ones rise, so that what shares a counter with others is overestimated less
        if (second == least) second++;
        return least + 1;
    }

    public void Clear()
    {
        Array.Clear(_first);
        Array.Clear(_second);
    }
}
