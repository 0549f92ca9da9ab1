using System.Buffers.Binary;
using PassiveDns.Storage.Keys;
using RocksDbSharp;

namespace PassiveDns.Storage.RocksDb;

/// <summary>The entries of one batch on their way into the database, as one atomic write.</summary>
internal sealed class RocksDbWrite(RocksDbDatabase database, HashSet<UInt128> knownSets) : IKeyedSink, IDisposable
{
    private const int MaxKnownSets = 1 << 16;

    private readonly HashSet<UInt128> _newSets = [];

    public WriteBatch Batch { get; } = new();

    public void Merge(Keyspace keyspace, ReadOnlySpan<byte> key, ReadOnlySpan<byte> history) => Batch.Merge(key, history, database[keyspace]);

    /// <summary>The same few long sets come in every batch: those that are surely in the store are not written again.</summary>
    public void PutSet(ReadOnlySpan<byte> digest, ReadOnlySpan<byte> packedSet)
    {
        UInt128 number = BinaryPrimitives.ReadUInt128BigEndian(digest);
        if (!knownSets.Contains(number) && _newSets.Add(number)) Batch.Put(digest, packedSet, database[Keyspace.Sets]);
    }

    /// <summary>Returns when the batch is on the disk.</summary>
    public void Commit()
    {
        database.Write(Batch);
        if (knownSets.Count + _newSets.Count > MaxKnownSets) knownSets.Clear();
        if (_newSets.Count <= MaxKnownSets) knownSets.UnionWith(_newSets);
    }

    public void Dispose() => Batch.Dispose();
}
