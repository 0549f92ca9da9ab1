using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace PassiveDns.Aggregation;

/// <summary>Turns rows of the table into batches: sorted by the canonical order of their keys, so that the same input gives the same octets.</summary>
internal sealed class BatchWriter(SensorId sensor, ulong epoch, int maxRowsPerBatch)
{
    private const int MaxOctets = 64 << 20;
    private const int RowOverhead = 48; // the fixed part of a packed row and a history of common length

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
        int start = 0;
        while (start < count)
        {
            int end = start;
            int octets = 0;
            while (end < count && end - start < maxRowsPerBatch && octets < MaxOctets) octets += OctetsOf(table[_order[end++].Row]);
            _finished.Enqueue(new(new(sensor, epoch, ++_sequence), Pack(table, _order.AsSpan(start..end), octets)));
            Rows += end - start;
            start = end;
        }
    }

    private static int OctetsOf(in SightingRow row) => row.NameLength + row.RdataLength + RowOverhead;

    private ObservationRows Pack(SightingTable table, ReadOnlySpan<SortKey> part, int capacity)
    {
        Span<byte> history = stackalloc byte[SightingCodec.MaxSingleLength];
        ObservationRows rows = new(capacity);
        foreach (SortKey key in part)
        {
            ref readonly SightingRow row = ref table[key.Row];
            Sighting sighting = new(row.FirstSeen, row.LastSeen, row.Count, row.MinTimeToLive, row.MaxTimeToLive);
            int length = SightingCodec.Encode(sighting, _witness, history);
            rows.Add(new()
            {
                RrName = table.Name(key.Row),
                Type = row.Type,
                BailiwickLabels = row.BailiwickLabels,
                Provenance = row.Provenance,
                Rdata = new(table.Rdata(key.Row)),
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
            if (_keys.Length - used < NameKey.MaxLength + sizeof(ulong)) Array.Resize(ref _keys, (int)Math.Min(2L * _keys.Length, Array.MaxLength));
            int length = NameKey.Write(table.Name(i), _keys.AsSpan(used));
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
            order = table[x.Row].Head.CompareTo(table[y.Row].Head);
            return order != 0 ? order : table.Rdata(x.Row).SequenceCompareTo(table.Rdata(y.Row));
        }
    }
}
