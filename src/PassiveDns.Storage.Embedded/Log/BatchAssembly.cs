using PassiveDns.Storage.Embedded.Tables;
using PassiveDns.Storage.Keys;

namespace PassiveDns.Storage.Embedded.Log;

/// <summary>
/// Turns a batch into a table in memory: the same way for a batch that is being written and for one that is read back from the log. Used
/// again for each batch; not for several threads.
/// </summary>
internal sealed class BatchAssembly(MemoryArena arena, TimeSpan intervalGap) : IKeyedSink, IDisposable
{
    private readonly SortedBatch _sorted = new();
    private MemoryArena.Chunk? _rest;
    private MemoryTable.Builder? _builder;
    private readonly byte[] _key = new byte[TableFormat.MaxKeyLength];

    /// <summary>Octets in memory that are kept for the next batch, with what is left of a chunk.</summary>
    public long RoomOctets => _sorted.RoomOctets + (_rest is null ? 0 : MemoryArena.ChunkLength);

    /// <summary>Makes the table.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="deletionsApplied">How many deletions its rows were judged by.</param>
    /// <param name="bounds">The earliest and latest sighting, or <c>null</c> if there are no rows.</param>
    /// <returns>The table, held once; <c>null</c> if the batch has no rows.</returns>
    /// <exception cref="ArgumentException">A row is malformed, or longer than any store keeps.</exception>
    public MemoryTable? Assemble(ObservationBatch batch, int deletionsApplied, out SightingInterval? bounds)
    {
        try
        {
            bounds = ObservationKeys.WriteBatch(batch, intervalGap, _sorted);
            if (bounds is null) return null;
            using MemoryTable.Builder builder = new(arena, _rest, deletionsApplied);
            _rest = null;
            _builder = builder;
            _sorted.MoveTo(this, intervalGap);
            MemoryTable table = builder.Build();
            _rest = builder.TakeRest();
            return table;
        }
        finally
        {
            _sorted.Clear();
            _builder = null;
        }
    }

    void IKeyedSink.Merge(Keyspace keyspace, ReadOnlySpan<byte> key, ReadOnlySpan<byte> history) => Take(keyspace, key, history);

    void IKeyedSink.PutSet(ReadOnlySpan<byte> digest, ReadOnlySpan<byte> packedSet) => Take(Keyspace.Sets, digest, packedSet);

    public void Dispose() => _rest?.Release();

    private void Take(Keyspace keyspace, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (value.Length > TableFormat.MaxEntryLength) throw new ArgumentException($"A set of {value.Length} octets is too long; the most is {TableFormat.MaxEntryLength}.");
        _key[0] = (byte)keyspace;
        key.CopyTo(_key.AsSpan(1));
        _builder!.Add(_key.AsSpan(0, 1 + key.Length), value);
    }
}
