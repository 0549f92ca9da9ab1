using System.Buffers;
using PassiveDns.Storage.Keys;

namespace PassiveDns.Storage.Memory;

/// <summary>The entries of one batch on their way into the next version of the store.</summary>
internal sealed class MemoryWrite(MemorySnapshot before, TimeSpan intervalGap) : IKeyedSink
{
    private readonly OrderedMapBuilder[] _maps = [.. Enum.GetValues<Keyspace>().Select(space => before.Map(space).ToBuilder())];

    /// <inheritdoc/>
    /// <remarks>Entries come in the order of their keys, space by space.</remarks>
    public void Merge(Keyspace keyspace, ReadOnlySpan<byte> key, ReadOnlySpan<byte> history)
    {
        OrderedMapBuilder map = _maps[(int)keyspace - 1];
        if (!map.Find(key, out ReadOnlySpan<byte> old))
        {
            map.Put(key, history);
            return;
        }

        int length = SightingMerge.MaxMergedLength(old.Length, history.Length);
        byte[]? rented = null;
        Span<byte> merged = length <= 512 ? stackalloc byte[512] : (rented = ArrayPool<byte>.Shared.Rent(length));
        try
        {
            map.Put(key, merged[..SightingMerge.Merge(old, history, intervalGap, merged)]);
        }
        finally
        {
            if (rented is not null) ArrayPool<byte>.Shared.Return(rented);
        }
    }

    public void PutSet(ReadOnlySpan<byte> digest, ReadOnlySpan<byte> packedSet)
    {
        OrderedMapBuilder map = _maps[(int)Keyspace.Sets - 1];
        if (!map.Find(digest, out _)) map.Put(digest, packedSet);
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
}
