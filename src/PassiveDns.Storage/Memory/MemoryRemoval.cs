using PassiveDns.Storage.Keys;

namespace PassiveDns.Storage.Memory;

/// <summary>What a sweep decides, on its way into the next version of the store.</summary>
internal sealed class MemoryRemoval(MemorySnapshot before) : IKeyedRemoval
{
    private static readonly byte[] s_gone = [];

    private readonly SortedDictionary<byte[], byte[]>[] _changes = [.. Enum.GetValues<Keyspace>().Select(_ => new SortedDictionary<byte[], byte[]>(ByOctets.Order))];

    public void Remove(Keyspace keyspace, ReadOnlySpan<byte> key) => _changes[(int)keyspace - 1][key.ToArray()] = s_gone;

    public void Replace(Keyspace keyspace, ReadOnlySpan<byte> key, byte[] history) => _changes[(int)keyspace - 1][key.ToArray()] = history;

    public MemorySnapshot ToSnapshot()
    {
        OrderedMap[] maps = [.. Enum.GetValues<Keyspace>().Select(space => Rewrite(before.Map(space), _changes[(int)space - 1]))];
        long? first = null, last = null;
        foreach (Keyspace space in KeyedSweep.RrsetSpaces)
        {
            for (OrderedMap.Cursor rows = maps[(int)space - 1].Seek([]); rows.MoveNext();)
            {
                if (!SightingCodec.TryReadBounds(rows.Value, out SightingInterval life)) continue;
                first = Math.Min(first ?? life.First, life.First);
                last = Math.Max(last ?? life.Last, life.Last);
            }
        }

        return new(maps, first, last);
    }

    private static OrderedMap Rewrite(OrderedMap map, SortedDictionary<byte[], byte[]> changes)
    {
        OrderedMapBuilder builder = map.ToBuilder();
        foreach ((byte[] key, byte[] history) in changes)
        {
            if (!builder.Find(key, out _)) continue;
            if (history == s_gone) builder.Remove();
            else builder.Put(key, history);
        }

        return builder.ToMap();
    }

    private sealed class ByOctets : IComparer<byte[]>
    {
        public static ByOctets Order { get; } = new();

        public int Compare(byte[]? x, byte[]? y) => x.AsSpan().SequenceCompareTo(y);
    }
}
