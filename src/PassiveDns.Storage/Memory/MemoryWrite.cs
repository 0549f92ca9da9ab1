using System.Buffers;
using PassiveDns.Storage.Keys;

namespace PassiveDns.Storage.Memory;

/// <summary>The entries of one batch on their way into the next version of the store.</summary>
internal sealed class MemoryWrite(MemorySnapshot before, TimeSpan intervalGap) : IKeyedSink
{
    private readonly OrderedMap.Builder[] _maps = [.. Enum.GetValues<Keyspace>().Select(space => before.Map(space).ToBuilder())];

    public void Merge(Keyspace keyspace, ReadOnlySpan<byte> key, ReadOnlySpan<byte> history)
    {
        OrderedMap.Builder map = _maps[(int)keyspace - 1];
        ref byte[] value = ref map.Upsert(key, out bool existed);
        byte[] old = value;
        value = existed ? Merged(old, history) : history.ToArray();
        map.Grow(value.Length - old.Length);
    }

    public void PutSet(ReadOnlySpan<byte> digest, ReadOnlySpan<byte> packedSet)
    {
        OrderedMap.Builder map = _maps[(int)Keyspace.Sets - 1];
        ref byte[] value = ref map.Upsert(digest, out bool existed);
        if (existed) return;
        value = packedSet.ToArray();
        map.Grow(value.Length);
    }

    public MemorySnapshot ToSnapshot(SightingInterval? bounds)
    {
        long? first = before.FirstSeen, last = before.AsOf;
        if (bounds is { } b)
        {
            first = Math.Min(first ?? b.First, b.First);
            last = Math.Max(last ?? b.Last, b.Last);
        }

        return new([.. _maps.Select(map => map.ToMap())], first, last);
    }

    private byte[] Merged(byte[] left, ReadOnlySpan<byte> right)
    {
        int length = SightingMerge.MaxMergedLength(left.Length, right.Length);
        byte[]? rented = null;
        Span<byte> merged = length <= 512 ? stackalloc byte[512] : (rented = ArrayPool<byte>.Shared.Rent(length));
        try
        {
            return merged[..SightingMerge.Merge(left, right, intervalGap, merged)].ToArray();
        }
        finally
        {
            if (rented is not null) ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
