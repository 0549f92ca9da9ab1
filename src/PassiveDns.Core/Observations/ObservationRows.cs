using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace PassiveDns;

/// <summary>
/// Rows packed one behind the other in a single array, which is also their serialised form. What batches and pages carry.
/// </summary>
/// <remarks>
/// <code>
/// row = type u16, bailiwick labels u8, provenance u8, name length u8, history length u32, rdata length u32 (all big-endian), name, history, rdata set
/// </code>
/// </remarks>
public sealed partial class ObservationRows
{
    private const int FixedLength = 13;

    private byte[] _octets;
    private int _length;

    /// <summary>Makes an empty collection.</summary>
    /// <param name="capacity">Octets to start with; it grows by itself.</param>
    public ObservationRows(int capacity = 4096) => _octets = new byte[capacity];

    /// <summary>The number of rows.</summary>
    public int Count { get; private set; }

    /// <summary>The packed octets of all rows.</summary>
    public ReadOnlySpan<byte> Packed => _octets.AsSpan(0, _length);

    /// <summary>Appends a row.</summary>
    /// <param name="row">The row; its octets are copied.</param>
    public void Add(scoped in ObservationRow row)
    {
        ReadOnlySpan<byte> rdata = row.Rdata.Packed;
        Span<byte> at = Reserve(FixedLength + row.RrName.Length + row.History.Length + rdata.Length);
        BinaryPrimitives.WriteUInt16BigEndian(at, (ushort)row.Type);
        at[2] = row.BailiwickLabels;
        at[3] = (byte)row.Provenance;
        at[4] = (byte)row.RrName.Length;
        BinaryPrimitives.WriteInt32BigEndian(at[5..], row.History.Length);
        BinaryPrimitives.WriteInt32BigEndian(at[9..], rdata.Length);
        row.RrName.CopyTo(at[FixedLength..]);
        row.History.CopyTo(at[(FixedLength + row.RrName.Length)..]);
        rdata.CopyTo(at[(FixedLength + row.RrName.Length + row.History.Length)..]);
        Count++;
    }

    /// <summary>Forgets all rows but keeps the array.</summary>
    public void Clear()
    {
        _length = 0;
        Count = 0;
    }

    /// <summary>Enumerates the rows in the order in which they were added.</summary>
    public Enumerator GetEnumerator() => new(Packed);

    private Span<byte> Reserve(int length)
    {
        int end = checked(_length + length);
        if (end > _octets.Length) Array.Resize(ref _octets, (int)Math.Min(Math.Max(2L * _octets.Length, end), Array.MaxLength));
        Span<byte> reserved = _octets.AsSpan(_length, length);
        _length = end;
        return reserved;
    }

    /// <summary>Walks over rows.</summary>
    [StructLayout(LayoutKind.Auto)]
    public ref struct Enumerator
    {
        private ReadOnlySpan<byte> _row;
        private ReadOnlySpan<byte> _rest;

        internal Enumerator(ReadOnlySpan<byte> packed) => _rest = packed;

        /// <summary>The current row; it borrows the collection.</summary>
        public readonly ObservationRow Current
        {
            get
            {
                int name = _row[4];
                int history = BinaryPrimitives.ReadInt32BigEndian(_row[5..]);
                return new()
                {
                    Type = (RecordType)BinaryPrimitives.ReadUInt16BigEndian(_row),
                    BailiwickLabels = _row[2],
                    Provenance = (Provenance)_row[3],
                    RrName = _row.Slice(FixedLength, name),
                    History = _row.Slice(FixedLength + name, history),
                    Rdata = new(_row[(FixedLength + name + history)..]),
                };
            }
        }

        /// <summary>Moves to the next row.</summary>
        public bool MoveNext()
        {
            if (_rest.IsEmpty) return false;
            int length = FixedLength + _rest[4] + BinaryPrimitives.ReadInt32BigEndian(_rest[5..]) + BinaryPrimitives.ReadInt32BigEndian(_rest[9..]);
            _row = _rest[..length];
            _rest = _rest[length..];
            return true;
        }
    }
}
