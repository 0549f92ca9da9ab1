using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace PassiveDns.Aggregation;

/// <summary>
/// Sums equal negative answers over a window. It is a table of sightings whose rows have no data, the zone in place of the bailiwick, and the
/// <see cref="NegativeKind"/> in place of the provenance.
/// </summary>
internal sealed class NegativeLedger
{
    private const int BudgetShare = 8;
    private const int FloodShare = 4;

    private readonly AggregationOptions _options;
    private readonly long _budget;
    private readonly FloodGuard? _floods;
    private readonly ConcurrentQueue<NegativeEvidenceBatch> _finished = new();
    private readonly SightingTable _table = new();
    private readonly RowOrder _order = new();
    private ulong _sequence;

    /// <summary>Makes a ledger.</summary>
    /// <param name="options">Of the aggregator; the ledger uses an eighth of its memory budget beside it.</param>
    public NegativeLedger(AggregationOptions options)
    {
        _options = options;
        _budget = options.MemoryBudget / BudgetShare;
        if (options.FloodGuard is { } floods) _floods = new(floods, options.Epoch, _budget / FloodShare);
    }

    /// <summary>What became of each negative response.</summary>
    public Tally<NegativeFate> Fates { get; } = new();

    /// <summary>How often a batch was finished.</summary>
    public long HandedOn => (long)_sequence;

    /// <summary>Takes a finished batch; from any thread.</summary>
    public bool TryTake([NotNullWhen(true)] out NegativeEvidenceBatch? batch) => _finished.TryDequeue(out batch);

    /// <summary>Counts one negative answer of a server that speaks for the zone.</summary>
    /// <param name="name">The name that is not there, or not with this type.</param>
    /// <param name="type">The type, or <see cref="RecordType.None"/>.</param>
    /// <param name="zoneLabels">The label count of the zone.</param>
    /// <param name="soa">The SOA RRset.</param>
    /// <param name="soaTimeToLive">Its TTL.</param>
    /// <param name="time">When, in Unix seconds.</param>
    /// <returns>Whether the name was folded.</returns>
    public bool Count(NameView name, RecordType type, int zoneLabels, RdataSet soa, uint soaTimeToLive, long time)
    {
        NegativeKind kind = type == RecordType.None ? NegativeKind.NameError : NegativeKind.NoData;
        ulong keyHash = OctetHash.Combine(name.Hash, type, (ulong)kind);
        uint minimum = BinaryPrimitives.ReadUInt32BigEndian(soa.Packed[^4..]); // the last field of the SOA record
        uint timeToLive = Math.Min(soaTimeToLive, minimum); // RFC 2308 section 5
        uint head = SightingRow.MakeHead(type, zoneLabels, (Provenance)kind);
        if (_table.TryCount(name.Wire, keyHash, head, default, time, timeToLive, out uint free)) return false;
        if (_floods?.Fold(name, head, zoneLabels, default, time, timeToLive) is not null) return true;
        _table.Add(free, name.Wire, keyHash, head, default, time, timeToLive);
        if (_table.Octets + (_floods?.Octets ?? 0) <= _budget) return false;
        _floods?.NotePressure();
        HandOn((_table.Count + 1) / 2);
        return false;
    }

    /// <summary>Makes batches of all that is held.</summary>
    public void EndWindow()
    {
        HandOn(_table.Count);
        if (_floods is null) return;
        HandOn(_floods.Summaries().ConvertAll(static group => ItemOf(group.Owner, new() { Head = group.Head }, group.Sighting, group.Names.Estimate)));
        _floods.BeginWindow();
    }

    private void HandOn(int count)
    {
        _order.Clear();
        for (int i = 0; i < count; i++) _order.Add(_table, i);
        _order.Sort(_table);
        List<NegativeEvidence> items = new(count);
        for (int i = 0; i < count; i++)
        {
            ref readonly SightingRow row = ref _table[_order[i]];
            items.Add(ItemOf(_table.Name(_order[i]), row, new(row.FirstSeen, row.LastSeen, row.Count, row.MinTimeToLive, row.MaxTimeToLive), foldedNames: 0));
        }

        HandOn(items);
        _table.RemoveOldest(count);
    }

    private void HandOn(List<NegativeEvidence> items)
    {
        for (int start = 0; start < items.Count; start += _options.MaxRowsPerBatch)
        {
            List<NegativeEvidence> some = items.GetRange(start, Math.Min(_options.MaxRowsPerBatch, items.Count - start));
            _finished.Enqueue(new(new(_options.Sensor, _options.Epoch, ++_sequence), some));
        }
    }

    private static NegativeEvidence ItemOf(ReadOnlySpan<byte> wire, in SightingRow row, in Sighting sighting, long foldedNames)
    {
        NameView name = NameView.Of(wire);
        return new()
        {
            Name = NameAt(name.Wire),
            Type = row.Type,
            Kind = (NegativeKind)row.Provenance,
            Zone = NameAt(name.Suffix(row.BailiwickLabels)),
            Sighting = sighting,
            FoldedNames = foldedNames,
        };
    }

    private static DomainName NameAt(ReadOnlySpan<byte> wire)
    {
        bool isName = DomainName.TryFromWire(wire, out DomainName name);
        Debug.Assert(isName, "the table holds whole names only");
        return name;
    }
}
