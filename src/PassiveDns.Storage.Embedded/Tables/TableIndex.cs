using System.Runtime.InteropServices;

namespace PassiveDns.Storage.Embedded.Tables;

/// <summary>
/// The first keys of a table's blocks, cut to what tells them from the block before, and where each block starts: what a search looks at
/// before it reads a block.
/// </summary>
internal sealed class TableIndex
{
    private readonly byte[] _keys;
    private readonly int[] _ends;
    private readonly long[] _starts;
    private readonly int[] _lengths;

    /// <param name="keys">The cut keys one behind the other.</param>
    /// <param name="ends">Where each ends.</param>
    /// <param name="starts">Where each block starts.</param>
    /// <param name="lengths">How long each block is.</param>
    public TableIndex(byte[] keys, int[] ends, long[] starts, int[] lengths)
    {
        _keys = keys;
        _ends = ends;
        _starts = starts;
        _lengths = lengths;
    }

    public int Count => _ends.Length;

    /// <summary>Octets in memory.</summary>
    public long Octets => _keys.Length + 16L * _ends.Length;

    /// <summary>Where the last block ends.</summary>
    public long End => Count == 0 ? 0 : _starts[^1] + _lengths[^1];

    public long Start(int block) => _starts[block];

    public int Length(int block) => _lengths[block];

    public ReadOnlySpan<byte> Key(int block)
    {
        int from = block == 0 ? 0 : _ends[block - 1];
        return _keys.AsSpan(from, _ends[block] - from);
    }

    /// <summary>The last block that starts at or before a key: the only one that can hold it. The first one if there is none.</summary>
    public int Find(ReadOnlySpan<byte> key)
    {
        int low = 1, high = Count;
        while (low < high)
        {
            int middle = (int)((uint)(low + high) / 2);
            if (Key(middle).SequenceCompareTo(key) <= 0) low = middle + 1;
            else high = middle;
        }

        return low - 1;
    }

    /// <summary>Gathers an index while a table is written.</summary>
    internal sealed class Builder
    {
        private readonly List<byte> _keys = [];
        private readonly List<int> _ends = [];
        private readonly List<long> _starts = [];
        private readonly List<int> _lengths = [];

        public int Count => _ends.Count;

        public void Add(ReadOnlySpan<byte> key, (long Start, int Length) block)
        {
            _keys.AddRange(key);
            _ends.Add(_keys.Count);
            _starts.Add(block.Start);
            _lengths.Add(block.Length);
        }

        public ReadOnlySpan<byte> Keys => CollectionsMarshal.AsSpan(_keys);

        public ReadOnlySpan<int> Ends => CollectionsMarshal.AsSpan(_ends);

        public ReadOnlySpan<long> Starts => CollectionsMarshal.AsSpan(_starts);

        public ReadOnlySpan<int> Lengths => CollectionsMarshal.AsSpan(_lengths);

        public TableIndex ToIndex() => new([.. _keys], [.. _ends], [.. _starts], [.. _lengths]);
    }
}
