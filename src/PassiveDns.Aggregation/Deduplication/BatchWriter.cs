using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace PassiveDns.Aggregation;

/// <summary>Turns rows of the table into batches: sorted by the canonical order of their keys, so that the same input gives the same octets.</summary>
internal sealed class BatchWriter(SensorId sensor, ulong epoch, int maxRowsPerBatch)
{
    private readonly Queue<ObservationBatch> _finished = new();
    private readonly uint _witness = sensor.Fingerprint;
    private byte[] _keys = new byte[64 * 1024];
    private SortKey[] _order = new SortKey[1024];
    private ulong _sequence;

    /// <summary>The batches made so far.</summary>
    public long Batches => (long)_sequence;

    /// <summary>The rows in them.</summary>
    public long Rows { get; private set; }

    public bool TryTake([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ObservationBatch? batch) => _finished.TryDequeue(out batch);

    /// <summary>Makes batches of the first <paramref name="count"/> rows of the table.</summary>
    public void Write(SightingTable table, int count)
    {
        if (count == 0) return;
        Sort(table, count);
        for (int start = 0; start < count; start += maxRowsPerBatch)
        {
            ReadOnlySpan<SortKey> part = _order.AsSpan(start, Math.Min(maxRowsPerBatch, count - start));
            ObservationRows rows = Pack(table, part);
            _finished.Enqueue(new(new(sensor, epoch, ++_sequence), rows));
            Rows += part.Length;
        }
    }

    private ObservationRows Pack(SightingTable table, ReadOnlySpan<SortKey> part)
    {
        Span<byte> history = stackalloc byte[SightingCodec.MaxSingleLength];
        int capacity = 0;
        foreach (SortKey key in part) capacity += table[key.Row].KeyLength + 48; // fixed part and a history of common length
        ObservationRows rows = new(capacity);
        foreach (SortKey key in part)
        {
            ref readonly SightingTable.Row row = ref table[key.Row];
            Sighting sighting = new(row.FirstSeen, row.LastSeen, row.Count, row.MinTimeToLive, row.MaxTimeToLive);
            int length = SightingCodec.Encode(sighting, _witness, history);
            uint head = table.Head(row);
            rows.Add(new()
            {
                RrName = table.Name(row),
                Type = (RecordType)(head >> 16),
                BailiwickLabels = (byte)(head >> 8),
                Provenance = (Provenance)(byte)head,
                Rdata = new(table.Rdata(row)),
                History = history[..length],
            });
        }

        return rows;
    }

    private void Sort(SightingTable table, int count)
    {
        if (_order.Length < count) _order = new SortKey[Math.Max(count, 2 * _order.Length)];
        int used = 0;
        for (int i = 0; i < count; i++)
        {
            if (_keys.Length - used < NameKey.MaxLength + sizeof(ulong)) Array.Resize(ref _keys, checked(2 * _keys.Length));
            int length = NameKey.Write(table.Name(table[i]), _keys.AsSpan(used));
            _keys.AsSpan(used + length, sizeof(ulong)).Clear();
            _order[i] = new(BinaryPrimitives.ReadUInt64BigEndian(_keys.AsSpan(used)), used, length, i);
            used += length;
        }

        _order.AsSpan(0, count).Sort(new ByKey(table, _keys));
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct SortKey(ulong Prefix, int Offset, int Length, int Row);

    /// <summary>Owner in canonical order (RFC 4034 section 6.1), then type, bailiwick, provenance, rdata. No two rows are equal.</summary>
    private readonly struct ByKey(SightingTable table, byte[] keys) : IComparer<SortKey>
    {
        public int Compare(SortKey x, SortKey y)
        {
            int order = x.Prefix.CompareTo(y.Prefix);
            if (order != 0) return order;
            order = keys.AsSpan(x.Offset, x.Length).SequenceCompareTo(keys.AsSpan(y.Offset, y.Length));
            if (order != 0) return order;
            ref readonly SightingTable.Row left = ref table[x.Row];
            ref readonly SightingTable.Row right = ref table[y.Row];
            order = table.Head(left).CompareTo(table.Head(right));
            return order != 0 ? order : table.Rdata(left).SequenceCompareTo(table.Rdata(right));
        }
    }
}
