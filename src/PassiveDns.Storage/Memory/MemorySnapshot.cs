using PassiveDns.Storage.Keys;

namespace PassiveDns.Storage.Memory;

/// <summary>One version of a <see cref="MemoryObservationStore"/>. It never changes, so disposing it means nothing.</summary>
internal sealed class MemorySnapshot(OrderedMap[] maps, long? firstSeen, long? lastSeen) : IKeyedSnapshot
{
    public static MemorySnapshot Empty { get; } = new([.. Enum.GetValues<Keyspace>().Select(_ => OrderedMap.Empty)], null, null);

    public long? FirstSeen { get; } = firstSeen;

    public long? AsOf { get; } = lastSeen;

    public long Octets => maps.Sum(map => map.Octets);

    /// <summary>RRset rows of all types.</summary>
    public long Rows => KeyedSweep.RrsetSpaces.Sum(space => Map(space).Count);

    public OrderedMap Map(Keyspace keyspace) => maps[(int)keyspace - 1];

    public IKeyedCursor Open(KeyRange range) => new Cursor(Map(range.Keyspace).Seek(range.From), range);

    public bool TryGetSet(ReadOnlySpan<byte> digest, out ReadOnlySpan<byte> packedSet) => Map(Keyspace.Sets).TryGet(digest, out packedSet);

    public void Dispose()
    {
    }

    private sealed class Cursor(OrderedMap.Cursor entries, KeyRange range) : IKeyedCursor
    {
        public ReadOnlySpan<byte> Key => entries.Key;

        public ReadOnlySpan<byte> Value => entries.Value;

        public bool MoveNext() => entries.MoveNext() && range.EndsAfter(entries.Key);

        public void Dispose()
        {
        }
    }
}
