namespace PassiveDns.Storage.Memory;

/// <summary>Some entries of an <see cref="OrderedMap"/> that follow one another, in one run of octets: key, value, key, value. It is never empty and never changes.</summary>
/// <param name="octets">The entries.</param>
/// <param name="ends">Where each key and each value ends, in turn.</param>
internal sealed class MapLeaf(byte[] octets, int[] ends)
{
    public int Count => ends.Length / 2;

    /// <summary>The least key. Its length stands in the leaf itself, since a search among leaves asks for nothing else.</summary>
    public ReadOnlySpan<byte> FirstKey => octets.AsSpan(0, _firstLength);

    private readonly int _firstLength = ends[0];

    public ReadOnlySpan<byte> Key(int entry)
    {
        int start = StartOf(entry);
        return octets.AsSpan(start, ends[2 * entry] - start);
    }

    public ReadOnlySpan<byte> Value(int entry)
    {
        int start = ends[2 * entry];
        return octets.AsSpan(start, ends[2 * entry + 1] - start);
    }

    /// <summary>The octets of entries that follow one another, and where they start.</summary>
    public ReadOnlySpan<byte> Run(int from, int to, out int start)
    {
        start = StartOf(from);
        return octets.AsSpan(start, StartOf(to) - start);
    }

    /// <summary>Where the keys and values of these entries end, in turn.</summary>
    public ReadOnlySpan<int> Ends(int from, int to) => ends.AsSpan(2 * from, 2 * (to - from));

    /// <summary>The first entry at or behind one whose key is not less than a key, or <see cref="Count"/>.</summary>
    public int Find(ReadOnlySpan<byte> key, int from, out bool isThere)
    {
        int low = from, high = Count;
        for (int step = 1; low < high; step *= 2) // keys come in order, and often the next one is asked for
        {
            int probe = Math.Min(low + step, high) - 1;
            if (key.SequenceCompareTo(Key(probe)) > 0)
            {
                low = probe + 1;
                continue;
            }

            high = probe;
            break;
        }

        while (low < high)
        {
            int middle = (low + high) / 2;
            if (key.SequenceCompareTo(Key(middle)) > 0) low = middle + 1;
            else high = middle;
        }

        isThere = high < Count && key.SequenceEqual(Key(high));
        return high;
    }

    private int StartOf(int entry) => entry == 0 ? 0 : ends[2 * entry - 1];
}
