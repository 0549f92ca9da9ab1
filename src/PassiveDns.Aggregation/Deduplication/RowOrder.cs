using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace PassiveDns.Aggregation;

/// <summary>Brings rows of a table into the canonical order of their keys, so that the same input gives the same octets. Its arrays are used again.</summary>
internal sealed class RowOrder
{
    private const int Prefixes = 2 * sizeof(ulong); // octets of a key that lie in the entry itself, so that most comparisons look nowhere else

    private byte[] _keys = new byte[64 * 1024];
    private SortKey[] _rows = new SortKey[1024];
    private int _keysUsed;

    /// <summary>The rows gathered.</summary>
    public int Count { get; private set; }

    /// <summary>The number of a row in its table, by its place in the order.</summary>
    public int this[int place] => _rows[place].Row;

    public void Clear()
    {
        Count = 0;
        _keysUsed = 0;
    }

    public void Add(SightingTable table, int row)
    {
        if (Count == _rows.Length) Array.Resize(ref _rows, 2 * Count);
        if (_keys.Length - _keysUsed < NameKey.MaxLength + Prefixes) Array.Resize(ref _keys, (int)Math.Min(2L * _keys.Length, Array.MaxLength));
        int length = NameKey.Write(table.Name(row), _keys.AsSpan(_keysUsed));
        _keys.AsSpan(_keysUsed + length, Prefixes).Clear();
        ReadOnlySpan<byte> key = _keys.AsSpan(_keysUsed, Prefixes);
        _rows[Count++] = new(BinaryPrimitives.ReadUInt64BigEndian(key), BinaryPrimitives.ReadUInt64BigEndian(key[sizeof(ulong)..]), _keysUsed, length, row);
        _keysUsed += length;
    }

    /// <summary>Owner in canonical order (RFC 4034 section 6.1), then type, bailiwick, provenance, rdata. No two rows are equal.</summary>
    public void Sort(SightingTable table) => _rows.AsSpan(0, Count).Sort(new ByKey(table, _keys));

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct SortKey(ulong Prefix, ulong Next, int Offset, int Length, int Row);

    private readonly struct ByKey(SightingTable table, byte[] keys) : IComparer<SortKey>
    {
        public int Compare(SortKey x, SortKey y)
        {
            int order = x.Prefix.CompareTo(y.Prefix);
            if (order != 0) return order;
            order = x.Next.CompareTo(y.Next);
            if (order != 0) return order;
            if (x.Length > Prefixes) // no key is the prefix of another, so what is no longer is the same
            {
                order = keys.AsSpan(x.Offset, x.Length).SequenceCompareTo(keys.AsSpan(y.Offset, y.Length));
                if (order != 0) return order;
            }

            order = table[x.Row].Head.CompareTo(table[y.Row].Head);
            return order != 0 ? order : table.Rdata(x.Row).SequenceCompareTo(table.Rdata(y.Row));
        }
    }
}
