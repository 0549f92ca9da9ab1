using System.Buffers.Binary;
using PassiveDns.Storage.Keys;
using RocksDbSharp;

namespace PassiveDns.Storage.RocksDb;

/// <summary>The entries of one batch on their way into the database, as one atomic write.</summary>
internal sealed class RocksDbWrite(RocksDbDatabase database, RocksDbWrite.KnownSets knownSets) : IKeyedSink, IDisposable
{
    private readonly HashSet<UInt128> _newSets = [];

    public WriteBatch Batch { get; } = new();

    public void Merge(Keyspace keyspace, ReadOnlySpan<byte> key, ReadOnlySpan<byte> history) => Batch.Merge(key, history, database[keyspace]);

    public void PutSet(ReadOnlySpan<byte> digest, ReadOnlySpan<byte> packedSet)
    {
        UInt128 number = BinaryPrimitives.ReadUInt128BigEndian(digest);
        if (knownSets.Contains(number) || !_newSets.Add(number)) return;
        Batch.Put(digest, packedSet, database[Keyspace.Sets]);
    }

    public void Commit()
    {
        database.Write(Batch);
        knownSets.Add(_newSets);
    }

    public void Dispose() => Batch.Dispose();

    /// <summary>Digests of sets that are surely in the store: the same few long sets come in every batch and need not be written again.</summary>
    internal sealed class KnownSets
    {
        private const int Capacity = 1 << 16;

        private readonly HashSet<UInt128> _digests = [];

        public bool Contains(UInt128 digest) => _digests.Contains(digest);

        public void Add(HashSet<UInt128> digests)
        {
            if (_digests.Count + digests.Count > Capacity) _digests.Clear();
            if (digests.Count <= Capacity) _digests.UnionWith(digests);
        }
    }
}
