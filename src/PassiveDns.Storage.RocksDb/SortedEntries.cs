using System.Buffers.Binary;
using System.Runtime.InteropServices;
using RocksDbSharp;

namespace PassiveDns.Storage.RocksDb;

/// <summary>
/// The entries of one batch for one column family, brought into the order of their keys: RocksDB's memory table is a linked structure, and
/// inserting in order touches the same cache lines again and again. Measured: a third less CPU for the whole write.
/// </summary>
internal sealed class SortedEntries
{
    private const int KeptOctets = 32 << 20;

    private readonly List<Entry> _entries = [];
    private byte[] _octets = [];
    private int _length;

    public void Add(ReadOnlySpan<byte> key, ReadOnlySpan<byte> history)
    {
        int end = checked(_length + key.Length + history.Length);
        if (end > _octets.Length) Array.Resize(ref _octets, (int)Math.Min(Math.Max(2L * _octets.Length, Math.Max(end, 1 << 16)), Array.MaxLength));
        key.CopyTo(_octets.AsSpan(_length));
        history.CopyTo(_octets.AsSpan(_length + key.Length));
        Span<byte> head = stackalloc byte[8];
        head.Clear();
        key[..Math.Min(key.Length, 8)].CopyTo(head);
        _entries.Add(new(BinaryPrimitives.ReadUInt64BigEndian(head), _length, key.Length, history.Length));
        _length = end;
    }

    public void MoveTo(WriteBatch batch, ColumnFamilyHandle family)
    {
        Span<Entry> entries = CollectionsMarshal.AsSpan(_entries);
        entries.Sort(new ByKey(_octets));
        foreach (Entry entry in entries)
        {
            batch.Merge(
                _octets.AsSpan(entry.Offset, entry.KeyLength), _octets.AsSpan(entry.Offset + entry.KeyLength, entry.HistoryLength), family);
        }

        Clear();
    }

    public void Clear()
    {
        _entries.Clear();
        _length = 0;
        if (_octets.Length > KeptOctets) _octets = [];
    }

    /// <param name="Head">The first eight octets of the key, which decide most comparisons.</param>
    /// <param name="Offset">Where the key stands; the history follows it.</param>
    /// <param name="KeyLength">The length of the key.</param>
    /// <param name="HistoryLength">The length of the history.</param>
    private readonly record struct Entry(ulong Head, int Offset, int KeyLength, int HistoryLength);

    private readonly struct ByKey(byte[] octets) : IComparer<Entry>
    {
        public int Compare(Entry x, Entry y) =>
            x.Head != y.Head
                ? x.Head.CompareTo(y.Head)
                : octets.AsSpan(x.Offset, x.KeyLength).SequenceCompareTo(octets.AsSpan(y.Offset, y.KeyLength));
    }
}
