using System.Buffers.Binary;
using PassiveDns.Storage.Keys;
using RocksDbSharp;

namespace PassiveDns.Storage.RocksDb;

/// <summary>Gathers the entries of a batch and writes them as one atomic write. Used again for each batch, under the store's lock.</summary>
internal sealed class RocksDbWrite(RocksDbDatabase database) : IKeyedSink
{
    private const int KnownSets = 1 << 16;

    private readonly SortedEntries[] _entries = [.. Enum.GetValues<Keyspace>().Where(space => space != Keyspace.Sets).Select(_ => new SortedEntries())];
    private readonly Dictionary<UInt128, byte[]> _newSets = [];

    // The same few long sets come in every batch: those that are surely in the store need not be written again
    private readonly HashSet<UInt128> _knownSets = [];

    public void Merge(Keyspace keyspace, ReadOnlySpan<byte> key, ReadOnlySpan<byte> history) => _entries[(int)keyspace - 1].Add(key, history);

    public void PutSet(ReadOnlySpan<byte> digest, ReadOnlySpan<byte> packedSet)
    {
        UInt128 number = BinaryPrimitives.ReadUInt128BigEndian(digest);
        if (!_knownSets.Contains(number) && !_newSets.ContainsKey(number)) _newSets.Add(number, packedSet.ToArray());
    }

    /// <summary>Writes what was gathered and what the store notes about it; returns when it is on the disk.</summary>
    public void Commit(Action<WriteBatch> addNotes)
    {
        using WriteBatch batch = new();
        for (int i = 0; i < _entries.Length; i++) _entries[i].MoveTo(batch, database[(Keyspace)(i + 1)]);
        Span<byte> digest = stackalloc byte[ObservationKeys.DigestLength];
        foreach ((UInt128 number, byte[] set) in _newSets)
        {
            BinaryPrimitives.WriteUInt128BigEndian(digest, number);
            batch.Put(digest, set.AsSpan(), database[Keyspace.Sets]);
        }

        addNotes(batch);
        database.Write(batch);
        if (_knownSets.Count + _newSets.Count > KnownSets) _knownSets.Clear();
        if (_newSets.Count <= KnownSets) _knownSets.UnionWith(_newSets.Keys);
    }

    /// <summary>Forgets what was gathered, also after a failure half-way.</summary>
    public void Clear()
    {
        foreach (SortedEntries entries in _entries) entries.Clear();
        _newSets.Clear();
    }
}
