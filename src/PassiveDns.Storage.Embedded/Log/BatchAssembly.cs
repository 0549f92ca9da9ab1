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
    private byte[] _key = new byte[TableFormat.MaxKeyLength];
    private byte[] _next = new byte[TableFormat.MaxKeyLength];
    private int _keyLength;
    private byte[] _value = new byte[1024];
    private byte[] _spare = new byte[1024];
    private int _valueLength;

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
            _sorted.MoveTo(this);
            Pass();
            MemoryTable table = builder.Build();
            _rest = builder.TakeRest();
            return table;
        }
        finally
        {
            _sorted.Clear();
            _builder = null;
            _keyLength = 0;
        }
    }

    void IKeyedSink.Merge(Keyspace keyspace, ReadOnlySpan<byte> key, ReadOnlySpan<byte> history) => Take(keyspace, key, history);

    void IKeyedSink.PutSet(ReadOnlySpan<byte> digest, ReadOnlySpan<byte> packedSet) => Take(Keyspace.Sets, digest, packedSet);

    public void Dispose() => _rest?.Release();

    /// <summary>One record can stand in several sets of a batch: equal keys come one after the other and become one entry.</summary>
    private void Take(Keyspace keyspace, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (value.Length > TableFormat.MaxEntryLength) throw new ArgumentException($"A set of {value.Length} octets is too long; the most is {TableFormat.MaxEntryLength}.");
        if (_keyLength == key.Length + 1 && _key[0] == (byte)keyspace && key.SequenceEqual(_key.AsSpan(1, key.Length)))
        {
            if (keyspace == Keyspace.Sets) return;
            int room = SightingMerge.MaxMergedLength(_valueLength, value.Length);
            if (_spare.Length < room) _spare = new byte[2 * room];
            _valueLength = SightingMerge.Merge(_value.AsSpan(0, _valueLength), value, intervalGap, _spare);
            (_value, _spare) = (_spare, _value);
            return;
        }

        Pass();
        _next[0] = (byte)keyspace;
        key.CopyTo(_next.AsSpan(1));
        (_key, _next) = (_next, _key);
        _keyLength = key.Length + 1;
        if (_value.Length < value.Length) _value = new byte[2 * value.Length];
        value.CopyTo(_value);
        _valueLength = value.Length;
    }

    private void Pass()
    {
        if (_keyLength > 0) _builder!.Add(_key.AsSpan(0, _keyLength), _value.AsSpan(0, _valueLength));
    }
}
