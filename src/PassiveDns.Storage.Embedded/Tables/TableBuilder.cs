using PassiveDns.Storage.Keys;

namespace PassiveDns.Storage.Embedded.Tables;

/// <summary>Takes entries in the order of their keys and makes blocks, index, filter and facts of them: the same for tables in memory and in files.</summary>
/// <param name="blockLength">About how long a block is.</param>
/// <param name="keepsTimes">Whether the index says when the rows of each block were seen.</param>
internal abstract class TableBuilder(int blockLength, bool keepsTimes)
{
    private readonly BlockBuilder _block = new();
    private readonly List<ulong> _heads = [];
    private readonly long[] _entries = new long[TableFacts.Keyspaces];
    private byte[] _first = [];
    private readonly byte[] _last = new byte[TableFormat.MaxKeyLength];
    private readonly byte[] _cut = new byte[TableFormat.MaxKeyLength];
    private int _lastLength;
    private int _cutLength;
    private int _head;
    private int _stem;
    private int _blocks;
    private BlockHours _hours = BlockHours.None;

    /// <summary>The blocks whose page of the index is not closed yet.</summary>
    protected IndexPage.Builder Index { get; } = new();

    /// <summary>Derives the change index on the way, if the table keeps one.</summary>
    protected ChangeIndexBuilder? Changes { get; init; }

    /// <summary>Derives the name index on the way, if the table keeps one.</summary>
    protected NameIndexBuilder? Names { get; init; }

    public long Count { get; private set; }

    /// <summary>The earliest sighting of all RRset rows, if times are kept and there are rows.</summary>
    public long? FirstSeen { get; private set; }

    /// <summary>The latest sighting of all RRset rows.</summary>
    public long? LastSeen { get; private set; }

    /// <summary>Appends an entry.</summary>
    /// <param name="key">Its key, above all before it.</param>
    /// <param name="value">A packed history, or a set.</param>
    public void Add(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        int shared = key.CommonPrefixLength(_last.AsSpan(0, _lastLength));
        if (Count++ == 0) _first = key.ToArray();
        if (_block.Length >= blockLength) FinishBlock();
        if (_block.Entries == 0)
        {
            _cutLength = Math.Min(shared + 1, key.Length); // above the last key of the block before: that is enough to find the block
            key[.._cutLength].CopyTo(_cut);
        }

        _block.Add(key, shared, value);
        if (shared < _head || _head == 0)
        {
            // another head than the last entry's: no head is the start of another one
            _head = KeyHead.Measure(key);
            if (_head > 0)
            {
                _heads.Add(KeyHead.Hash(key[.._head]));
                if ((Keyspace)key[0] is Keyspace.Rrsets or Keyspace.Dnssec) Names?.Add(key[.._head], _blocks, _block.Restarts - 1);
            }

            if (shared < _stem || _stem == 0)
            {
                _stem = KeyHead.MeasureStem(key);
                if (_stem > 0) _heads.Add(KeyHead.Hash(key[.._stem]));
            }
        }

        key[shared..].CopyTo(_last.AsSpan(shared));
        _lastLength = key.Length;
        _entries[key[0] - 1]++;
        if (keepsTimes) NoteTimes((Keyspace)key[0], value);
    }

    /// <summary>The times of a row, read once for all who want to know them.</summary>
    private void NoteTimes(Keyspace space, ReadOnlySpan<byte> value)
    {
        SightingInterval life = default;
        bool hasLife = space == Keyspace.Rrsets && Changes is not null ? Changes.Add(value, out life) : space != Keyspace.Sets && SightingCodec.TryReadBounds(value, out life);
        if (!hasLife) return;
        _hours = _hours.With(life);
        if (space is not (Keyspace.Rrsets or Keyspace.Dnssec)) return;
        FirstSeen = Math.Min(FirstSeen ?? life.First, life.First);
        LastSeen = Math.Max(LastSeen ?? life.Last, life.Last);
    }

    /// <summary>A filter of the heads and stems since the last one. Those of rows to come are all in the next one.</summary>
    protected HeadFilter TakeFilter()
    {
        HeadFilter filter = HeadFilter.Of(_heads);
        _heads.Clear();
        _head = 0;
        _stem = 0;
        return filter;
    }

    /// <summary>A block has been added to the index.</summary>
    protected virtual void EndBlock()
    {
    }

    /// <summary>Keeps a finished block.</summary>
    /// <param name="block">The block; borrowed.</param>
    /// <returns>Where it is.</returns>
    protected abstract (long Start, int Length) WriteBlock(ReadOnlySpan<byte> block);

    /// <summary>Closes the last block.</summary>
    protected TableFacts Close()
    {
        if (_block.Entries > 0) FinishBlock();
        Changes?.EndRun();
        Names?.EndRun();
        return new(_first, _last[.._lastLength], _entries) { HasStems = true };
    }

    private void FinishBlock()
    {
        Index.Add(_cut.AsSpan(0, _cutLength), WriteBlock(_block.Finish()), _hours);
        _hours = BlockHours.None;
        _blocks++;
        Names?.EndBlock(_block.Restarts);
        _block.Clear();
        Changes?.EndBlock();
        EndBlock();
    }
}
