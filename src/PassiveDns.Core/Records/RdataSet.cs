using System.Buffers.Binary;

namespace PassiveDns;

/// <summary>
/// A view of the data of an RRset in canonical form: for each record its length (u16, big-endian) and its canonical rdata, sorted as
/// RFC 4034 section 6.3 says and without duplicates. The set is atomic: a set with a hole is another set.
/// </summary>
public readonly ref struct RdataSet
{
    /// <summary>Views packed octets that <see cref="Pack"/> made.</summary>
    /// <param name="packed">The packed set; it is borrowed.</param>
    public RdataSet(ReadOnlySpan<byte> packed) => Packed = packed;

    /// <summary>The packed octets.</summary>
    public ReadOnlySpan<byte> Packed { get; }

    /// <summary>How many records the set has.</summary>
    public int Count
    {
        get
        {
            int count = 0;
            foreach (ReadOnlySpan<byte> _ in this) count++;
            return count;
        }
    }

    /// <summary>Sorts records as RFC 4034 section 6.3 says (octets left-justified and unsigned), leaves duplicates out and packs them.</summary>
    /// <param name="arena">Holds the canonical rdata of the records.</param>
    /// <param name="records">Where each record stands in <paramref name="arena"/>; the order is changed.</param>
    /// <param name="destination">Room for the set: two octets a record and their data.</param>
    /// <returns>The octets written.</returns>
    public static int Pack(ReadOnlySpan<byte> arena, Span<(int Offset, int Length)> records, Span<byte> destination)
    {
        for (int i = 1; i < records.Length; i++) // sets are small and nearly always arrive in few runs; a large one goes the long way below
        {
            if (i == 24)
            {
                HeapSort(arena, records);
                break;
            }

            (int Offset, int Length) record = records[i];
            int at = i;
            for (; at > 0 && Compare(arena, records[at - 1], record) > 0; at--) records[at] = records[at - 1];
            records[at] = record;
        }

        int written = 0;
        for (int i = 0; i < records.Length; i++)
        {
            if (i > 0 && Compare(arena, records[i - 1], records[i]) == 0) continue;
            BinaryPrimitives.WriteUInt16BigEndian(destination[written..], checked((ushort)records[i].Length));
            arena.Slice(records[i].Offset, records[i].Length).CopyTo(destination[(written + 2)..]);
            written += 2 + records[i].Length;
        }

        return written;
    }

    /// <summary>Enumerates the canonical rdata of each record.</summary>
    public Enumerator GetEnumerator() => new(Packed);

    private static int Compare(ReadOnlySpan<byte> arena, (int Offset, int Length) a, (int Offset, int Length) b) =>
        arena.Slice(a.Offset, a.Length).SequenceCompareTo(arena.Slice(b.Offset, b.Length));

    /// <summary>Sorts in place without a comparer object: spans cannot be captured by one.</summary>
    private static void HeapSort(ReadOnlySpan<byte> arena, Span<(int Offset, int Length)> records)
    {
        for (int i = records.Length / 2 - 1; i >= 0; i--) SiftDown(arena, records, i);
        for (int end = records.Length - 1; end > 0; end--)
        {
            (records[0], records[end]) = (records[end], records[0]);
            SiftDown(arena, records[..end], 0);
        }
    }

    private static void SiftDown(ReadOnlySpan<byte> arena, Span<(int Offset, int Length)> records, int root)
    {
        while (true)
        {
            int child = 2 * root + 1;
            if (child >= records.Length) return;
            if (child + 1 < records.Length && Compare(arena, records[child], records[child + 1]) < 0) child++;
            if (Compare(arena, records[root], records[child]) >= 0) return;
            (records[root], records[child]) = (records[child], records[root]);
            root = child;
        }
    }

    /// <summary>Walks over the records of a set.</summary>
    public ref struct Enumerator
    {
        private ReadOnlySpan<byte> _rest;

        internal Enumerator(ReadOnlySpan<byte> packed) => _rest = packed;

        /// <summary>The canonical rdata of the current record.</summary>
        public ReadOnlySpan<byte> Current { get; private set; }

        /// <summary>Moves to the next record.</summary>
        public bool MoveNext()
        {
            if (_rest.IsEmpty) return false;
            int length = BinaryPrimitives.ReadUInt16BigEndian(_rest);
            Current = _rest.Slice(2, length);
            _rest = _rest[(2 + length)..];
            return true;
        }
    }
}
