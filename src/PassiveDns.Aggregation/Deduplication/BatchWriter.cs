using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace PassiveDns.Aggregation;

/// <summary>
/// Turns rows of the table into batches, in the canonical order of their keys. One thread hands rows on, and one may take batches at the same time.
/// </summary>
/// <remarks>
/// A whole table is only put into the queue, in exchange for an empty one: whoever takes sorts and packs it. One table can be away so; as long as it is, rows are
/// sorted and packed where they are handed on. Sequence numbers are given in the order of the queue, so nobody can tell which way a batch was made.
/// </remarks>
internal sealed class BatchWriter(SensorId sensor, ulong epoch, int maxRowsPerBatch)
{
    private const int MaxOctets = 64 << 20;
    private const int RowOverhead = 48; // the fixed part of a packed row and a history of common length

    private readonly uint _witness = sensor.Fingerprint;
    private readonly ConcurrentQueue<Lot> _lots = new();
    private SightingTable? _spare = new(); // null while a table is away

    // Of the thread that hands on; others only read the numbers.
    private readonly RowOrder _order = new();
    private long _packedBatches;
    private long _packedRows;
    private long _firstSightings;
    private long _earlyRows;

    // Of the thread that takes.
    private readonly RowOrder _tableOrder = new();
    private SightingTable? _table;
    private int _tableStart;
    private ulong _sequence;
    private long _tableBatches;
    private long _tableRows;

    /// <summary>The batches made so far.</summary>
    public long Batches => Volatile.Read(ref _packedBatches) + Volatile.Read(ref _tableBatches);

    /// <summary>The rows in them.</summary>
    public long Rows => Volatile.Read(ref _packedRows) + Volatile.Read(ref _tableRows);

    /// <summary>Those of them that told of a first sighting, with count 0.</summary>
    public long FirstSightings => Volatile.Read(ref _firstSightings);

    /// <summary>The rows of tables that are in batches now, but for those of folded records.</summary>
    public long RowsOfTables => Volatile.Read(ref _earlyRows) + Volatile.Read(ref _tableRows);

    /// <summary>How often something was put into the queue.</summary>
    public long HandedOn { get; private set; }

    /// <summary>Takes the next batch, and makes it if its rows still lie in a table.</summary>
    public bool TryTake([NotNullWhen(true)] out ObservationBatch? batch)
    {
        batch = null;
        ObservationRows? rows = null;
        if (_table is null)
        {
            if (!_lots.TryDequeue(out Lot lot)) return false;
            if (lot.Table is { } table) Begin(table);
            else rows = lot.Packed;
        }

        batch = new(new(sensor, epoch, ++_sequence), rows ?? PackNext(_table!));
        return true;
    }

    /// <summary>Makes batches of all rows of the table, now or when they are taken.</summary>
    /// <returns>A table without rows, as large as that one: the same, or another.</returns>
    public SightingTable WriteAll(SightingTable table)
    {
        if (table.Count == 0) return table;
        if (Interlocked.Exchange(ref _spare, null) is not { } empty)
        {
            WriteOldest(table, table.Count);
            return table;
        }

        // As large, so that the budget is used up at the same row whichever of them it is.
        empty.GrowAs(table);
        Enqueue(new(null, table));
        return empty;
    }

    /// <summary>Makes batches of the first <paramref name="count"/> rows of the table, which forgets them.</summary>
    public void WriteOldest(SightingTable table, int count, SightingFolding folding = SightingFolding.None)
    {
        _order.Clear();
        for (int i = 0; i < count; i++) _order.Add(table, i);
        Write(table, isFirstSighting: false, folding);
        table.RemoveOldest(count);
        if (folding == SightingFolding.None) Volatile.Write(ref _earlyRows, _earlyRows + count);
    }

    /// <summary>Makes batches of the wildcard rows of floods.</summary>
    public void Write(List<FloodGroup> summaries)
    {
        Span<byte> names = stackalloc byte[NameSketch.MaxPackedLength];
        ObservationRows rows = new();
        foreach (FloodGroup group in summaries)
        {
            SightingFolding folding = group.HasAnyData ? SightingFolding.Names | SightingFolding.SampleData : SightingFolding.Names;
            rows = Add(rows, group.Owner, group.Head, group.Rdata, group.Sighting, folding, names[..group.Names.Pack(names)]);
        }

        Finish(rows);
    }

    /// <summary>Makes batches of the unions of rotating pools.</summary>
    public void Write(List<Pool> unions)
    {
        ObservationRows rows = new();
        foreach (Pool pool in unions) rows = Add(rows, pool.Owner, pool.Head, pool.Union(), pool.Sighting, SightingFolding.Sets, default);
        Finish(rows);
    }

    /// <summary>Makes batches that say that these rows are there, and leave their counts to the batches that will hold their sums.</summary>
    public void WriteFirstSightings(SightingTable table, ReadOnlySpan<int> rows)
    {
        _order.Clear();
        foreach (int row in rows) _order.Add(table, row);
        Write(table, isFirstSighting: true, SightingFolding.None);
        Volatile.Write(ref _firstSightings, _firstSightings + rows.Length);
    }

    private ObservationRows Add(
        ObservationRows rows, ReadOnlySpan<byte> owner, uint head, ReadOnlySpan<byte> rdata, in Sighting sighting, SightingFolding folding, ReadOnlySpan<byte> names)
    {
        Span<byte> history = stackalloc byte[SightingCodec.MaxFoldedLength];
        int length = SightingCodec.Encode(sighting, _witness, folding, names, history);
        SightingRow key = new() { Head = head };
        rows.Add(new()
        {
            RrName = owner,
            Type = key.Type,
            BailiwickLabels = key.BailiwickLabels,
            Provenance = key.Provenance,
            Rdata = new(rdata),
            History = history[..length],
        });
        if (rows.Count < maxRowsPerBatch && rows.Packed.Length < MaxOctets) return rows;
        Finish(rows);
        return new();
    }

    private void Finish(ObservationRows rows)
    {
        if (rows.Count == 0) return;
        Volatile.Write(ref _packedBatches, _packedBatches + 1);
        Volatile.Write(ref _packedRows, _packedRows + rows.Count);
        Enqueue(new(rows, null));
    }

    private void Enqueue(Lot lot)
    {
        _lots.Enqueue(lot);
        HandedOn++;
    }

    private void Write(SightingTable table, bool isFirstSighting, SightingFolding folding)
    {
        _order.Sort(table);
        for (int start = 0, end; start < _order.Count; start = end)
        {
            end = EndOfBatch(table, _order, start, out int octets);
            Finish(Pack(table, _order, start..end, octets, isFirstSighting, folding));
        }
    }

    private void Begin(SightingTable table)
    {
        _table = table;
        _tableStart = 0;
        _tableOrder.Clear();
        for (int i = 0; i < table.Count; i++) _tableOrder.Add(table, i);
        _tableOrder.Sort(table);
    }

    private ObservationRows PackNext(SightingTable table)
    {
        int end = EndOfBatch(table, _tableOrder, _tableStart, out int octets);
        ObservationRows rows = Pack(table, _tableOrder, _tableStart..end, octets, isFirstSighting: false, SightingFolding.None);
        _tableStart = end;
        Volatile.Write(ref _tableBatches, _tableBatches + 1);
        Volatile.Write(ref _tableRows, _tableRows + rows.Count);
        if (end < _tableOrder.Count) return rows;
        table.RemoveOldest(table.Count);
        _table = null;
        Volatile.Write(ref _spare, table);
        return rows;
    }

    private int EndOfBatch(SightingTable table, RowOrder order, int start, out int octets)
    {
        int end = start;
        octets = 0;
        while (end < order.Count && end - start < maxRowsPerBatch && octets < MaxOctets) octets += OctetsOf(table[order[end++]]);
        return end;
    }

    private static int OctetsOf(in SightingRow row) => row.NameLength + row.RdataLength + RowOverhead;

    private ObservationRows Pack(SightingTable table, RowOrder order, Range places, int capacity, bool isFirstSighting, SightingFolding folding)
    {
        Span<byte> history = stackalloc byte[SightingCodec.MaxFoldedLength];
        ObservationRows rows = new(capacity);
        for (int place = places.Start.Value; place < places.End.Value; place++)
        {
            int index = order[place];
            ref readonly SightingRow row = ref table[index];
            Sighting sighting = new(row.FirstSeen, row.LastSeen, isFirstSighting ? 0 : row.Count, row.MinTimeToLive, row.MaxTimeToLive);
            int length = SightingCodec.Encode(sighting, _witness, folding, default, history);
            rows.Add(new()
            {
                RrName = table.Name(index),
                Type = row.Type,
                BailiwickLabels = row.BailiwickLabels,
                Provenance = row.Provenance,
                Rdata = new(table.Rdata(index)),
                History = history[..length],
            });
        }

        return rows;
    }

    /// <summary>One of its members.</summary>
    private readonly record struct Lot(ObservationRows? Packed, SightingTable? Table);
}
