namespace PassiveDns.Storage.Embedded.Tables;

/// <summary>A table in memory: one batch, or several small ones, until they are written out.</summary>
internal sealed class MemoryTable : Table
{
    private readonly MemoryArena.Chunk[] _chunks;
    private readonly (MemoryArena.Chunk Chunk, int Start)[] _blocks;
    private readonly IndexPage _page;
    private readonly HeadFilter _filter;
    private ChangeIndex? _changes;
    private NameIndex? _names;

    private MemoryTable(IndexPage index, HeadFilter filter, TableFacts facts, MemoryArena.Chunk[] chunks, (MemoryArena.Chunk, int)[] blocks)
        : base(facts)
    {
        Index = new(index);
        _page = index;
        _filter = filter;
        _chunks = chunks;
        _blocks = blocks;
        Octets = index.End + index.Octets + filter.Lines.Length + 16L * blocks.Length;
    }

    public override TableIndex Index { get; }

    public override long Octets { get; }

    /// <summary>Derived when somebody asks for it first: most tables in memory are written out before anybody does.</summary>
    public override ChangeIndex Changes => LazyInitializer.EnsureInitialized(ref _changes, DeriveChanges);

    /// <summary>Derived like the changes.</summary>
    public override NameIndex Names => LazyInitializer.EnsureInitialized(ref _names, DeriveNames);

    public override bool MayHold(ReadOnlySpan<byte> prefix, ulong hash) => _filter.MayHold(hash);

    public override bool IsCacheFull => false;

    public override Block Read(int block)
    {
        (MemoryArena.Chunk chunk, int start) = _blocks[block];
        return Block.TryOpen(chunk.Octets, start, _page.Length(block), out Block opened) ? opened : throw Damaged(block);
    }

    public override Block ReadOnce(int block, ScanRoom room)
    {
        room.Start = _page.Start(block);
        return Read(block);
    }

    public override ObservationStoreException Damaged(int block) => new("The store's memory is damaged: open it again, its log has everything.");

    public override ObservationStoreException DamagedChanges() => Damaged(0);

    public override ObservationStoreException DamagedNames() => Damaged(0);

    protected override void Free()
    {
        foreach (MemoryArena.Chunk chunk in _chunks) chunk.Release();
    }

    private ChangeIndex DeriveChanges()
    {
        List<byte[]> pages = [];
        ChangeIndexBuilder builder = new(page =>
        {
            pages.Add(page.ToArray());
            return (pages.Count - 1, page.Length);
        });
        TableCursor cursor = new(this, isScan: true);
        int block = 0;
        while (cursor.MoveNext() && cursor.Key[0] == (byte)Keys.Keyspace.Rrsets)
        {
            if (cursor.Number != block) builder.EndBlock();
            block = cursor.Number;
            builder.Add(cursor.Value, out _);
        }

        builder.EndBlock();
        builder.EndRun();
        return builder.ToIndex(page => pages[(int)page.Start]);
    }

    private NameIndex DeriveNames()
    {
        List<byte[]> pages = [];
        NameIndexBuilder builder = new(page =>
        {
            pages.Add(page.ToArray());
            return (pages.Count - 1, page.Length);
        });
        foreach (Keys.Keyspace space in Keys.KeyedSweep.RrsetSpaces)
        {
            TableCursor cursor = new(this, isScan: true);
            int block = -1, restarts = 0;
            for (bool stands = cursor.Seek([(byte)space]); stands && cursor.Key[0] == (byte)space; stands = cursor.MoveNext())
            {
                if (cursor.Number != block) builder.EndBlock(restarts);
                (block, restarts) = (cursor.Number, cursor.Restarts);
                builder.Add(cursor.Key[..KeyHead.Measure(cursor.Key)], block, cursor.Entry / TableFormat.RestartInterval);
            }

            builder.EndBlock(restarts);
        }

        builder.EndRun();
        return builder.ToIndex(page => pages[(int)page.Start]);
    }

    /// <summary>Makes a table in an arena. It starts in what another builder left of a chunk, and leaves the rest of its own to the next one.</summary>
    internal sealed class Builder(MemoryArena arena, MemoryArena.Chunk? started, int deletionsApplied = 0) : TableBuilder(BlockLength, keepsTimes: false), IDisposable
    {
        private const int BlockLength = 4 << 10; // smaller than in files: nothing is unpacked, so a search pays only for what it walks over

        private readonly List<MemoryArena.Chunk> _chunks = [];
        private readonly List<(MemoryArena.Chunk, int)> _blocks = [];
        private MemoryArena.Chunk? _current = started;
        private long _end;

        public MemoryTable Build()
        {
            TableFacts facts = Close();
            MemoryTable table = new(Index.ToPage(hasHours: false), TakeFilter(), facts, [.. _chunks], [.. _blocks]) { DeletionsApplied = deletionsApplied };
            _chunks.Clear();
            return table;
        }

        /// <summary>The chunk that still has room, held once for the next builder.</summary>
        public MemoryArena.Chunk? TakeRest()
        {
            MemoryArena.Chunk? rest = _current;
            _current = null;
            return rest;
        }

        public void Dispose()
        {
            foreach (MemoryArena.Chunk chunk in _chunks) chunk.Release();
            _chunks.Clear();
            _current?.Release();
            _current = null;
        }

        protected override (long Start, int Length) WriteBlock(ReadOnlySpan<byte> block)
        {
            if (_current is null || _current.Octets.Length - _current.Used < block.Length)
            {
                _current?.Release();
                _current = arena.Rent(block.Length);
            }

            if (_chunks.Count == 0 || _chunks[^1] != _current)
            {
                _current.Hold();
                _chunks.Add(_current);
            }

            block.CopyTo(_current.Octets.AsSpan(_current.Used));
            _blocks.Add((_current, _current.Used));
            _current.Used += block.Length;
            _end += block.Length;
            return (_end - block.Length, block.Length);
        }
    }
}
