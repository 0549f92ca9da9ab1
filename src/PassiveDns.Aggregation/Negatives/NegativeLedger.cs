using System.Buffers.Binary;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace PassiveDns.Aggregation;

/// <summary>
/// Sums equal negative answers over a window. It is a table of sightings whose rows have no data, the zone in place of the bailiwick, and the
/// <see cref="NegativeKind"/> in place of the provenance.
/// </summary>
internal sealed class NegativeLedger(SensorId sensor, ulong epoch, long memoryBudget, int maxItemsPerBatch)
{
    private readonly Queue<NegativeEvidenceBatch> _finished = new();
    private readonly SightingTable _table = new();
    private readonly RowOrder _order = new();
    private ulong _sequence;

    /// <summary>What became of each negative response.</summary>
    public Tally<NegativeFate> Fates { get; } = new();

    public bool TryTake([NotNullWhen(true)] out NegativeEvidenceBatch? batch) => _finished.TryDequeue(out batch);

    /// <summary>Counts one negative answer of a server that speaks for the zone.</summary>
    /// <param name="name">The name that is not there, or not with this type.</param>
    /// <param name="type">The type, or <see cref="RecordType.None"/>.</param>
    /// <param name="zoneLabels">The label count of the zone.</param>
    /// <param name="soa">The SOA RRset.</param>
    /// <param name="soaTimeToLive">Its TTL.</param>
    /// <param name="time">When, in Unix seconds.</param>
    public void Count(NameView name, RecordType type, int zoneLabels, RdataSet soa, uint soaTimeToLive, long time)
    {
        NegativeKind kind = type == RecordType.None ? NegativeKind.NameError : NegativeKind.NoData;
        ulong keyHash = OctetHash.Combine(name.Hash, type, (ulong)kind);
        uint minimum = BinaryPrimitives.ReadUInt32BigEndian(soa.Packed[^4..]); // the last field of the SOA record
        uint timeToLive = Math.Min(soaTimeToLive, minimum); // RFC 2308 section 5
        _table.CountOne(name.Wire, keyHash, SightingRow.MakeHead(type, zoneLabels, (Provenance)kind), default, time, timeToLive);
        if (_table.Octets > memoryBudget) HandOn((_table.Count + 1) / 2);
    }

    /// <summary>Makes batches of all that is held.</summary>
    public void HandOn() => HandOn(_table.Count);

    private void HandOn(int count)
    {
        _order.Clear();
        for (int i = 0; i < count; i++) _order.Add(_table, i);
        _order.Sort(_table);
        for (int start = 0; start < count; start += maxItemsPerBatch)
        {
            NegativeEvidence[] items = new NegativeEvidence[Math.Min(maxItemsPerBatch, count - start)];
            for (int i = 0; i < items.Length; i++) items[i] = ItemOf(_order[start + i]);
            _finished.Enqueue(new(new(sensor, epoch, ++_sequence), items));
        }

        _table.RemoveOldest(count);
    }

    private NegativeEvidence ItemOf(int index)
    {
        ref readonly SightingRow row = ref _table[index];
        NameView name = NameView.Of(_table.Name(index));
        return new()
        {
            Name = NameAt(name.Wire),
            Type = row.Type,
            Kind = (NegativeKind)row.Provenance,
            Zone = NameAt(name.Suffix(row.BailiwickLabels)),
            Sighting = new(row.FirstSeen, row.LastSeen, row.Count, row.MinTimeToLive, row.MaxTimeToLive),
        };
    }

    private static DomainName NameAt(ReadOnlySpan<byte> wire)
    {
        bool isName = DomainName.TryFromWire(wire, out DomainName name);
        Debug.Assert(isName, "the table holds whole names only");
        return name;
    }
}
