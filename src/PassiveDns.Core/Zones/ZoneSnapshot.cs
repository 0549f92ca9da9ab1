namespace PassiveDns;

/// <summary>
/// Turns a zone file into batches of observations: what the zone said at one time, with <see cref="Provenance.ZoneFile"/> and the zone as the
/// bailiwick. Delegations and glue in it are the parent's side, as in answers of the parent's servers.
/// </summary>
/// <remarks>
/// <para>Each row has a count of 1: it counts snapshots, not responses, and the provenance is part of the key, so it is never added to what sensors saw.</para>
/// <para>
/// Records of an RRset are brought together by sorting as many records as <see cref="ZoneSnapshotOptions.MemoryBudget"/> holds. A larger file
/// gives whole sets if its owners are in canonical order (RFC 4034 section 6.1) or in the order of their text, as registry dumps are. If it is
/// in neither order, a set may come in parts, and <see cref="MayHaveSplitRrsets"/> says so.
/// </para>
/// </remarks>
public sealed partial class ZoneSnapshot
{
    private readonly ZoneReader _zone;
    private readonly ZoneSnapshotOptions _options;
    private readonly uint _witness;
    private readonly byte _bailiwickLabels;
    private ZoneChunk _chunk;
    private ZoneChunk _next;
    private readonly ZoneChunk _apex; // first in most files, and once more at the end of a transfer: no part of any order
    private int _chunks;
    private ulong _sequence;
    private bool _isAtEnd;
    private bool _isEmitting;
    private bool _isWithoutOrder;

    /// <summary>Makes a snapshot of what a reader reads.</summary>
    /// <param name="zone">The reader, at its start.</param>
    /// <param name="options">The sensor, the time and the bounds.</param>
    public ZoneSnapshot(ZoneReader zone, ZoneSnapshotOptions options)
    {
        ArgumentNullException.ThrowIfNull(zone);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _zone = zone;
        _options = options;
        _witness = options.Sensor.Fingerprint;
        _bailiwickLabels = (byte)zone.Zone.LabelCount;
        _chunk = new(options.MaxRrsetRecords);
        _next = new(options.MaxRrsetRecords);
        _apex = new(options.MaxRrsetRecords);
    }

    /// <summary>What became of the records that were read; those that are still being sorted are not in it.</summary>
    public Tally<ZoneRecordFate> Records { get; } = new();

    /// <summary>The rows of all batches so far.</summary>
    public long Rows { get; private set; }

    /// <summary>
    /// Whether some RRset may have come as two smaller ones: the file did not fit into the memory budget and its owners are in no known order.
    /// Sort the file by owner or raise <see cref="ZoneSnapshotOptions.MemoryBudget"/>.
    /// </summary>
    public bool MayHaveSplitRrsets { get; private set; }

    /// <summary>Makes the next batch.</summary>
    /// <param name="cancellationToken">Ends waiting for input.</param>
    /// <returns>The batch, or <c>null</c> at the end. The same file gives the same batches.</returns>
    /// <exception cref="IOException">The input cannot be read.</exception>
    public async ValueTask<ObservationBatch?> ReadAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            if (_isEmitting && TakeRows() is { } rows) return new(new(_options.Sensor, _options.Epoch, ++_sequence), rows);
            if (_isEmitting)
            {
                _isEmitting = false;
                (_chunk, _next) = (_next, _chunk);
                _next.Clear();
            }

            if (_isAtEnd) return null;
            await FillAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        while (_chunk.Octets < _options.MemoryBudget)
        {
            if (!_zone.TryRead() && !await _zone.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                _isAtEnd = true;
                break;
            }

            if (_zone.Class != RecordClass.IN)
            {
                Records.Count(ZoneRecordFate.NotInternet);
                continue;
            }

            bool isApex = _zone.Owner.Length == _zone.Zone.Wire.Length && _apex.Octets < _options.MemoryBudget;
            (isApex ? _apex : _chunk).Add(_zone.Owner, _zone.Type, _zone.TimeToLive, _zone.TimeToLive, _zone.Rdata);
        }

        _chunks++;
        _isWithoutOrder |= !_chunk.IsOrdered;
        if (_isAtEnd)
        {
            _apex.Move(0, _chunk);
        }
        else
        {
            // The last owner may go on behind this chunk, so its sets wait for the next one.
            if (!_chunk.TryMoveLastOwner(_next)) MayHaveSplitRrsets = true;
            _next.ContinueOrder(_chunk);
        }

        if (_isWithoutOrder && (!_isAtEnd || _chunks > 1)) MayHaveSplitRrsets = true;
        _chunk.Sort();
        _isEmitting = true;
    }

    private ObservationRows? TakeRows()
    {
        ObservationRows? rows = null;
        Span<byte> history = stackalloc byte[SightingCodec.MaxSingleLength];
        while ((rows is null || rows.Count < _options.MaxRowsPerBatch) && _chunk.TryTake(out ZoneChunk.Rrset set))
        {
            if (set.IsTooLarge)
            {
                Records.Count(ZoneRecordFate.RrsetTooLarge, set.Records);
                continue;
            }

            RdataSet rdata = new(set.Packed);
            int distinct = rdata.Count;
            Records.Count(ZoneRecordFate.Observed, distinct);
            Records.Count(ZoneRecordFate.Duplicate, set.Records - distinct);
            Sighting sighting = new(_options.Time, _options.Time, 1, set.MinTimeToLive, set.MaxTimeToLive);
            int length = SightingCodec.Encode(sighting, _witness, history);
            rows ??= new(1 << 16);
            rows.Add(new()
            {
                RrName = set.Owner,
                Type = set.Type,
                BailiwickLabels = _bailiwickLabels,
                Provenance = Provenance.ZoneFile,
                Rdata = rdata,
                History = history[..length],
            });
        }

        Rows += rows?.Count ?? 0;
        return rows;
    }
}
