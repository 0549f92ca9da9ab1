namespace PassiveDns.Aggregation;

/// <summary>Turns rows of the table into batches, in the canonical order of their keys.</summary>
internal sealed class BatchWriter(SensorId sensor, ulong epoch, int maxRowsPerBatch)
{
    private const int MaxOctets = 64 << 20;
    private const int RowOverhead = 48; // the fixed part of a packed row and a history of common length

    private readonly Queue<ObservationBatch> _finished = new();
    private readonly RowOrder _order = new();
    private readonly uint _witness = sensor.Fingerprint;
    private ulong _sequence;

    /// <summary>The batches made so far.</summary>
    public long Batches => (long)_sequence;

    /// <summary>The rows in them.</summary>
    public long Rows { get; private set; }

    /// <summary>Those of them that told of a first sighting, with count 0.</summary>
    public long FirstSightings { get; private set; }

    public bool TryTake([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ObservationBatch? batch) => _finished.TryDequeue(out batch);

    /// <summary>Makes batches of the first <paramref name="count"/> rows of the table.</summary>
    public void Write(SightingTable table, int count, SightingFolding folding = SightingFolding.None)
    {
        _order.Clear();
        for (int i = 0; i < count; i++) _order.Add(table, i);
        Write(table, isFirstSighting: false, folding);
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
        FirstSightings += rows.Length;
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
        _finished.Enqueue(new(new(sensor, epoch, ++_sequence), rows));
        Rows += rows.Count;
    }

    private void Write(SightingTable table, bool isFirstSighting, SightingFolding folding)
    {
        _order.Sort(table);
        int start = 0;
        while (start < _order.Count)
        {
            int end = start;
            int octets = 0;
            while (end < _order.Count && end - start < maxRowsPerBatch && octets < MaxOctets) octets += OctetsOf(table[_order[end++]]);
            _finished.Enqueue(new(new(sensor, epoch, ++_sequence), Pack(table, start, end, octets, isFirstSighting, folding)));
            Rows += end - start;
            start = end;
        }
    }

    private static int OctetsOf(in SightingRow row) => row.NameLength + row.RdataLength + RowOverhead;

    private ObservationRows Pack(SightingTable table, int start, int end, int capacity, bool isFirstSighting, SightingFolding folding)
    {
        Span<byte> history = stackalloc byte[SightingCodec.MaxFoldedLength];
        ObservationRows rows = new(capacity);
        for (int place = start; place < end; place++)
        {
            int index = _order[place];
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
}
