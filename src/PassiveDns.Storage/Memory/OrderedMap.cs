namespace PassiveDns.Storage.Memory;

/// <summary>
/// An ordered map from octets to octets that never changes: leaves of some dozens of packed entries, in order. An <see cref="OrderedMapBuilder"/> makes the next
/// version, which shares all leaves that no change fell into. So a reader holds a snapshot by holding a reference, and neither side waits for the other.
/// </summary>
internal sealed class OrderedMap
{
    private readonly MapLeaf[] _leaves;

    internal OrderedMap(MapLeaf[] leaves, long count, long octets)
    {
        _leaves = leaves;
        Count = count;
        Octets = octets;
    }

    public static OrderedMap Empty { get; } = new([], 0, 0);

    public long Count { get; }

    /// <summary>What keys and values take.</summary>
    public long Octets { get; }

    internal ReadOnlySpan<MapLeaf> Leaves => _leaves;

    public OrderedMapBuilder ToBuilder() => new(this);

    public Cursor Seek(ReadOnlySpan<byte> from) => new(_leaves, from);

    public bool TryGet(ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value)
    {
        value = default;
        int leaf = LeafOf(_leaves, key, 0);
        if (leaf < 0) return false;
        int entry = _leaves[leaf].Find(key, 0, out bool isThere);
        if (isThere) value = _leaves[leaf].Value(entry);
        return isThere;
    }

    /// <summary>The last leaf, at or behind one, whose first key is not greater than a key; one before it if there is none.</summary>
    internal static int LeafOf(ReadOnlySpan<MapLeaf> leaves, ReadOnlySpan<byte> key, int from)
    {
        int low = from, high = leaves.Length;
        for (int step = 1; low < high; step *= 2)
        {
            int probe = Math.Min(low + step, high) - 1;
            if (key.SequenceCompareTo(leaves[probe].FirstKey) < 0)
            {
                high = probe;
                break;
            }

            low = probe + 1;
        }

        while (low < high)
        {
            int middle = (low + high) / 2;
            if (key.SequenceCompareTo(leaves[middle].FirstKey) < 0) high = middle;
            else low = middle + 1;
        }

        return low - 1;
    }

    /// <summary>Walks upwards from a key. It starts before the first entry.</summary>
    internal sealed class Cursor
    {
        private readonly MapLeaf[] _leaves;
        private int _leaf;
        private int _entry;

        public Cursor(MapLeaf[] leaves, ReadOnlySpan<byte> from)
        {
            _leaves = leaves;
            _leaf = Math.Max(0, LeafOf(leaves, from, 0));
            _entry = (_leaf < leaves.Length ? leaves[_leaf].Find(from, 0, out _) : 0) - 1;
        }

        public ReadOnlySpan<byte> Key => _leaves[_leaf].Key(_entry);

        public ReadOnlySpan<byte> Value => _leaves[_leaf].Value(_entry);

        public bool MoveNext()
        {
            if (_leaf == _leaves.Length) return false;
            if (++_entry < _leaves[_leaf].Count) return true;
            _entry = 0;
            return ++_leaf < _leaves.Length;
        }
    }
}
