using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace PassiveDns.Storage.Embedded.Tables;

/// <summary>
/// A stretch of a table's index: the first keys of its blocks, cut to what tells them from the block before, where each block is, and when its rows were seen:
/// what a search looks at before it reads a block. The root of an index is of the same kind, with pages in the place of blocks.
/// </summary>
/// <remarks>
/// <code>
/// page  = number of blocks varint, start of the first u64, block...
/// block = octets of the key as in the one before varint, length of the rest varint, rest,
///         octets since the block before varint of 56 bits (but for the first one), length of its frame varint,
///         hours varint, and unless that is 0: first hour, less the one of the block before, zigzag varint
/// hours = hour of the latest sighting less hour of the first one, + 1; 0 for a block without rows
/// </code>
/// Hours are counted from 1970. A page is unpacked when it is read, so that a search in it steps from key to key by number.
/// </remarks>
internal sealed class IndexPage
{
    private const int LeastEntryLength = 4;

    private readonly byte[] _keys;
    private readonly int[] _ends;
    private readonly long[] _starts;
    private readonly int[] _lengths;
    private readonly BlockHours[]? _hours;

    /// <param name="keys">The cut keys one behind the other.</param>
    /// <param name="ends">Where each ends.</param>
    /// <param name="starts">Where each block starts.</param>
    /// <param name="lengths">How long each block is.</param>
    /// <param name="hours">When the rows of each were seen; <c>null</c> if nobody knows.</param>
    public IndexPage(byte[] keys, int[] ends, long[] starts, int[] lengths, BlockHours[]? hours)
    {
        _keys = keys;
        _ends = ends;
        _starts = starts;
        _lengths = lengths;
        _hours = hours;
    }

    public int Count => _ends.Length;

    /// <summary>Octets in memory, without the blocks.</summary>
    public long Octets => _keys.Length + (4L + 8 + 4 + (_hours is null ? 0 : 8)) * Count + (Blocks?.Octets ?? 0);

    /// <summary>The blocks of this page that are kept, for tables that read them from files.</summary>
    public CacheShelf? Blocks { get; init; }

    /// <summary>The same page with places for its blocks.</summary>
    public IndexPage With(CacheShelf blocks) => new(_keys, _ends, _starts, _lengths, _hours) { Blocks = blocks };

    /// <summary>Where the last block ends.</summary>
    public long End => Count == 0 ? 0 : _starts[^1] + _lengths[^1];

    public long Start(int block) => _starts[block];

    public int Length(int block) => _lengths[block];

    /// <summary>When the rows of a block were seen: any time if nobody knows.</summary>
    public BlockHours Hours(int block) => _hours is null ? BlockHours.Any : _hours[block];

    public ReadOnlySpan<byte> Key(int block)
    {
        int from = block == 0 ? 0 : _ends[block - 1];
        return _keys.AsSpan(from, _ends[block] - from);
    }

    /// <summary>The last block of the page that starts at or before a key: the only one that can hold it. The first one if there is none.</summary>
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

    /// <summary>Reads what <see cref="Builder.Pack"/> wrote.</summary>
    /// <param name="octets">The octets.</param>
    /// <param name="count">How many blocks it must have.</param>
    /// <param name="end">Where the last block must have ended.</param>
    /// <param name="blocks">Takes blocks that are read, if any are kept.</param>
    /// <returns><c>null</c> if it cannot be read.</returns>
    public static IndexPage? Read(ReadOnlySpan<byte> octets, int count, long end, CacheShelf? blocks = null)
    {
        int at = 0;
        if (TableFormat.ReadVarint(octets, ref at) != count || count < 1 || count > octets.Length / LeastEntryLength || octets.Length - at < 8) return null;
        long before = BinaryPrimitives.ReadInt64LittleEndian(octets[at..]);
        at += 8;
        if (before < 0 || before > end) return null;
        byte[] keys = new byte[octets.Length];
        int[] ends = new int[count], lengths = new int[count];
        long[] starts = new long[count];
        BlockHours[] hours = new BlockHours[count];
        int key = 0, keyBefore = 0, hour = 0;
        for (int i = 0; i < count; i++)
        {
            int shared = TableFormat.ReadVarint(octets, ref at), rest = TableFormat.ReadVarint(octets, ref at);
            if ((shared | rest) < 0 || shared > key - keyBefore || rest > octets.Length - at || shared + rest > TableFormat.MaxKeyLength) return null;
            if (keys.Length - key < shared + rest) Array.Resize(ref keys, 2 * keys.Length + shared + rest);
            keys.AsSpan(keyBefore, shared).CopyTo(keys.AsSpan(key));
            octets.Slice(at, rest).CopyTo(keys.AsSpan(key + shared));
            at += rest;
            keyBefore = key;
            ends[i] = key += shared + rest;
            long gap = i == 0 ? 0 : TableFormat.ReadDistance(octets, ref at);
            int length = TableFormat.ReadVarint(octets, ref at), lasting = TableFormat.ReadVarint(octets, ref at);
            if (gap < 0 || length < FrameCodec.TailLength || lasting < 0 || length > end - before - gap) return null;
            starts[i] = before + gap;
            before = starts[i] + (lengths[i] = length);
            if (lasting == 0)
            {
                hours[i] = BlockHours.None;
                continue;
            }

            int step = TableFormat.ReadVarint(octets, ref at);
            if (step < 0) return null;
            hour += step >> 1 ^ -(step & 1);
            if (hour < 0 || hour > int.MaxValue - lasting) return null;
            hours[i] = new(hour, hour + lasting - 1);
        }

        return at == octets.Length ? new(keys[..key], ends, starts, lengths, hours) { Blocks = blocks } : null;
    }

    /// <summary>Gathers a page while a table is written.</summary>
    internal sealed class Builder
    {
        private readonly List<byte> _keys = [];
        private readonly List<int> _ends = [];
        private readonly List<long> _starts = [];
        private readonly List<int> _lengths = [];
        private readonly List<BlockHours> _hours = [];

        public int Count => _ends.Count;

        /// <summary>When the rows of all its blocks were seen.</summary>
        public BlockHours Hours
        {
            get
            {
                BlockHours all = BlockHours.None;
                foreach (BlockHours hours in _hours) all = all.With(hours);
                return all;
            }
        }

        public ReadOnlySpan<byte> FirstKey => Key(0);

        public void Add(ReadOnlySpan<byte> key, (long Start, int Length) block, BlockHours hours)
        {
            _keys.AddRange(key);
            _ends.Add(_keys.Count);
            _starts.Add(block.Start);
            _lengths.Add(block.Length);
            _hours.Add(hours);
        }

        /// <param name="hasHours">Whether the hours were told.</param>
        public IndexPage ToPage(bool hasHours) => new([.. _keys], [.. _ends], [.. _starts], [.. _lengths], hasHours ? [.. _hours] : null);

        public byte[] Pack()
        {
            byte[] octets = new byte[5 + 8 + (5 * 5 + 8) * Count + _keys.Count];
            int at = TableFormat.WriteVarint(octets, (uint)Count);
            long before = Count == 0 ? 0 : _starts[0];
            BinaryPrimitives.WriteInt64LittleEndian(octets.AsSpan(at), before);
            at += 8;
            ReadOnlySpan<byte> last = default;
            int hour = 0;
            for (int i = 0; i < Count; i++)
            {
                ReadOnlySpan<byte> key = Key(i);
                int shared = key.CommonPrefixLength(last);
                at += TableFormat.WriteVarint(octets.AsSpan(at), (uint)shared);
                at += TableFormat.WriteVarint(octets.AsSpan(at), (uint)(key.Length - shared));
                key[shared..].CopyTo(octets.AsSpan(at));
                at += key.Length - shared;
                last = key;
                if (i > 0) at += TableFormat.WriteDistance(octets.AsSpan(at), _starts[i] - before);
                at += TableFormat.WriteVarint(octets.AsSpan(at), (uint)_lengths[i]);
                before = _starts[i] + _lengths[i];
                BlockHours hours = _hours[i];
                at += TableFormat.WriteVarint(octets.AsSpan(at), hours.IsNone ? 0 : (uint)(hours.Last - hours.First + 1));
                if (hours.IsNone) continue;
                int step = hours.First - hour;
                at += TableFormat.WriteVarint(octets.AsSpan(at), (uint)(step << 1 ^ step >> 31));
                hour = hours.First;
            }

            return octets[..at];
        }

        public void Clear()
        {
            _keys.Clear();
            _ends.Clear();
            _starts.Clear();
            _lengths.Clear();
            _hours.Clear();
        }

        private ReadOnlySpan<byte> Key(int block)
        {
            int from = block == 0 ? 0 : _ends[block - 1];
            return CollectionsMarshal.AsSpan(_keys)[from.._ends[block]];
        }
    }
}
