using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace PassiveDns.Storage.Keys;

/// <summary>
/// Gathers the entries of a batch and hands them on in the order of their keys: neighbours in a sorted engine share cache lines and blocks,
/// which saves it a third of its work and more. Used again for each batch; not for several threads.
/// </summary>
public sealed class SortedBatch : IKeyedSink
{
    private const int KeptOctets = 32 << 20;

    private readonly List<Entry>[] _entries = [.. Enum.GetValues<Keyspace>().Select(_ => new List<Entry>())];
    private byte[] _octets = [];
    private int _length;

    /// <inheritdoc/>
    public void Merge(Keyspace keyspace, ReadOnlySpan<byte> key, ReadOnlySpan<byte> history) => Add(keyspace, key, history);

    /// <inheritdoc/>
    public void PutSet(ReadOnlySpan<byte> digest, ReadOnlySpan<byte> packedSet) => Add(Keyspace.Sets, digest, packedSet);

    /// <summary>Hands on all entries, keyspace by keyspace and in the order of their keys, and forgets them.</summary>
    /// <param name="sink">Takes the entries.</param>
    public void MoveTo(IKeyedSink sink)
    {
        ArgumentNullException.ThrowIfNull(sink);
        for (int i = 0; i < _entries.Length; i++)
        {
            Keyspace keyspace = (Keyspace)(i + 1);
            Span<Entry> entries = CollectionsMarshal.AsSpan(_entries[i]);
            entries.Sort(new ByKey(_octets));
            foreach (Entry entry in entries)
            {
                ReadOnlySpan<byte> key = _octets.AsSpan(entry.Offset, entry.KeyLength);
                ReadOnlySpan<byte> value = _octets.AsSpan(entry.Offset + entry.KeyLength, entry.ValueLength);
                if (keyspace == Keyspace.Sets) sink.PutSet(key, value);
                else sink.Merge(keyspace, key, value);
            }
        }

        Clear();
    }

    /// <summary>Forgets what was gathered: after a failure half-way.</summary>
    public void Clear()
    {
        foreach (List<Entry> entries in _entries) entries.Clear();
        _length = 0;
        if (_octets.Length > KeptOctets) _octets = [];
    }

    private void Add(Keyspace keyspace, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        int end = checked(_length + key.Length + value.Length);
        if (end > _octets.Length) Array.Resize(ref _octets, (int)Math.Min(Math.Max(2L * _octets.Length, Math.Max(end, 1 << 16)), Array.MaxLength));
        key.CopyTo(_octets.AsSpan(_length));
        value.CopyTo(_octets.AsSpan(_length + key.Length));
        Span<byte> head = stackalloc byte[8];
        head.Clear();
        key[..Math.Min(key.Length, 8)].CopyTo(head);
        _entries[(int)keyspace - 1].Add(new(BinaryPrimitives.ReadUInt64BigEndian(head), _length, key.Length, value.Length));
        _length = end;
    }

    /// <param name="Head">The first eight octets of the key, which decide most comparisons.</param>
    /// <param name="Offset">Where the key stands; the value follows it.</param>
    /// <param name="KeyLength">The length of the key.</param>
    /// <param name="ValueLength">The length of the value.</param>
    private readonly record struct Entry(ulong Head, int Offset, int KeyLength, int ValueLength);

    private readonly struct ByKey(byte[] octets) : IComparer<Entry>
    {
        public int Compare(Entry x, Entry y) =>
            x.Head != y.Head
                ? x.Head.CompareTo(y.Head)
                : octets.AsSpan(x.Offset, x.KeyLength).SequenceCompareTo(octets.AsSpan(y.Offset, y.KeyLength));
    }
}
