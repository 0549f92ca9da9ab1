using System.Buffers.Binary;

namespace PassiveDns.Aggregation;

public sealed partial class ResponseAggregator
{
    private const int FloodShare = 16;
    private const int PoolShare = 8;

    private readonly FloodGuard? _floods;
    private readonly PoolCap? _pools;
    private readonly Tally<FoldingFate> _folded = new();

    private long FoldingOctets => (_floods?.Octets ?? 0) + (_pools?.Octets ?? 0);

    /// <summary>Takes in a key that is new in the window: a row of its own, or a part of a summary. Hits never come here.</summary>
    /// <returns>Where the row lies, or <see cref="RememberedRrset.None"/>.</returns>
    private int CountNew(
        uint free, NameView owner, ulong keyHash, RecordType type, uint head, DnsSection section, int bailiwick, ReadOnlySpan<byte> rdata, long time, uint timeToLive)
    {
        if (_floods is not null && CanBeMadeUp(section, type, rdata) && _floods.Fold(owner, head, bailiwick, rdata, time, timeToLive) is { } group)
        {
            _folded.Count(FoldingFate.FoldedNames);
            if (group.HasAnyData && PointsSomewhere(type, rdata)) _pools!.CountRecords(NameView.Of(group.Owner), head, type, new(rdata), time, timeToLive);
            return Folded();
        }

        if (_pools is not null && _pools.TryFold(owner, head, type, new(rdata), time, timeToLive, out Pool? forgotten))
        {
            _folded.Count(FoldingFate.FoldedSets);
            if (forgotten is not null) _batches.Write([forgotten]);
            return Folded();
        }

        _rowsAdded++;
        int added = _sightings.Add(free, owner.Wire, keyHash, head, rdata, time, timeToLive);
        _firsts?.Note(added, OctetHash.Combine(keyHash, RecordType.None, head), _clock.Now);
        return (int)_sightings.PlaceOf(added);
    }

    private int Folded()
    {
        _isMemorable = false; // the next time there may be a row
        return RememberedRrset.None;
    }

    /// <summary>
    /// Whether the owner name can be one that was asked for and nobody registered: in an answer, or in what denies one (RFC 4034 section 4, RFC 5155). Zones and
    /// their servers are never folded.
    /// </summary>
    private static bool CanBeMadeUp(DnsSection section, RecordType type, ReadOnlySpan<byte> rdata)
    {
        const RecordType Nsec3 = (RecordType)50;
        if (type is RecordType.NS or RecordType.SOA or RecordType.DS or RecordType.DNSKEY) return false;
        if (section == DnsSection.Answer) return true;
        if (type == RecordType.RRSIG && rdata.Length >= 4) type = (RecordType)BinaryPrimitives.ReadUInt16BigEndian(rdata[2..]); // RFC 4034 section 3.1.1
        return section == DnsSection.Authority && type is RecordType.NSEC or Nsec3;
    }

    private static bool PointsSomewhere(RecordType type, ReadOnlySpan<byte> rdata)
    {
        RdataSet.Enumerator records = new RdataSet(rdata).GetEnumerator();
        Span<byte> buffer = stackalloc byte[DomainName.MaxWireLength];
        return records.MoveNext()
            && (RecordData.TryGetAddress(type, records.Current, out _) || RecordData.TryGetTarget(type, records.Current, buffer, out _));
    }

    /// <summary>Makes batches of all that was folded.</summary>
    private void HandOnFolded()
    {
        if (_floods is not null)
        {
            _batches.Write(_floods.Summaries());
            _floods.BeginWindow();
        }

        if (_pools is null) return;
        _batches.Write(_pools.Unions());
        _pools.BeginWindow();
        HandOnRecords(_pools);
    }

    private void HandOnRecords(PoolCap pools) => _batches.WriteOldest(pools.Records, pools.Records.Count, SightingFolding.Records);

    /// <summary>A pool has so many sets a day.</summary>
    private void MoveDay(PoolCap pools)
    {
        if (!pools.IsAnotherDay(_clock.Now)) return;
        _batches.Write(pools.Unions());
        pools.BeginDay(_clock.Now);
    }
}
