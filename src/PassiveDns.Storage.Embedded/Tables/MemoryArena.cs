namespace PassiveDns.Storage.Embedded.Tables;

/// <summary>
/// The memory of tables that are not on the disk yet: chunks of equal size that are given back and used again, so that the garbage collector
/// neither copies nor hoards them. Tables of small batches share a chunk.
/// </summary>
internal sealed class MemoryArena
{
    public const int ChunkLength = 1 << 20;

    private readonly Lock _lock = new();
    private readonly Stack<Chunk> _free = new();
    private readonly int _maxFree;

    /// <param name="octets">About how many octets are kept for later.</param>
    public MemoryArena(long octets) => _maxFree = (int)Math.Clamp(octets / ChunkLength, 1, 1 << 12);

    /// <summary>A chunk held once, by the caller; longer than usual if a block does not fit.</summary>
    public Chunk Rent(int length)
    {
        if (length > ChunkLength) return new(this, length);
        lock (_lock)
        {
            if (_free.TryPop(out Chunk? chunk))
            {
                chunk.Reset();
                return chunk;
            }
        }

        return new(this, ChunkLength);
    }

    private void Return(Chunk chunk)
    {
        if (chunk.Octets.Length != ChunkLength) return;
        lock (_lock)
        {
            if (_free.Count < _maxFree) _free.Push(chunk);
        }
    }

    internal sealed class Chunk(MemoryArena arena, int length)
    {
        private int _holders = 1;

        public byte[] Octets { get; } = GC.AllocateUninitializedArray<byte>(length);

        public int Used { get; set; }

        public void Reset()
        {
            Used = 0;
            _holders = 1;
        }

        public void Hold() => Interlocked.Increment(ref _holders);

        public void Release()
        {
            if (Interlocked.Decrement(ref _holders) == 0) arena.Return(this);
        }
    }
}
