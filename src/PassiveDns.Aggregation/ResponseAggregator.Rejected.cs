namespace PassiveDns.Aggregation;

public sealed partial class ResponseAggregator
{
    /// <summary>Counts an RRset that was settled before verification, and keeps it as chaff if it is whole and was taken out by scrubbing.</summary>
    private void CountSettled(in CapturedResponse response, int index, in Rrset rrset, long time)
    {
        _rrsets.Count(rrset.Fate);
        if (rrset.Fate is < RrsetFate.DroppedScrubbedOutOfChain or > RrsetFate.DroppedScrubbedOrphanSignature)
        {
            Remember(index, rrset.Fate);
            return;
        }

        _isMemorable = false;
        _rejected.Count(response.Server);
        if (_chaff is null) return;
        NameView owner = _response.Names[rrset.Owner];
        KeepAsChaff(owner, rrset.Type, _response.Rdata(rrset).Packed, rrset.RdataHash, time, rrset.TimeToLive);
    }

    private void KeepAsChaff(NameView owner, RecordType type, ReadOnlySpan<byte> rdata, ulong rdataHash, long time, uint timeToLive)
    {
        ulong keyHash = SightingTable.KeyHash(owner.Hash, type, rdataHash);
        _chaff!.CountOne(owner.Wire, keyHash, SightingRow.MakeHead(type, 0, Provenance.Unverified), rdata, time, timeToLive);
        if (_chaff.Octets > _options.MemoryBudget / ChaffShare) HandOnChaff((_chaff.Count + 1) / 2);
    }

    private void HandOnChaff(int count) => _chaffBatches!.WriteOldest(_chaff!, count);

    /// <summary>
    /// Takes a negative answer as evidence if the server was verified to speak for the very zone whose SOA record it gave: a parent knows nothing about
    /// names in its child's zone.
    /// </summary>
    private NegativeFate ObserveNegative(in CapturedResponse response, NegativeLedger negatives)
    {
        if (response.IsProbe) return NegativeFate.DroppedProbe;
        int found = Scrubber.FindSoa(_response);
        if (found < 0) return NegativeFate.DroppedNoSoa;
        ref readonly Rrset soa = ref _response.Rrsets[found];
        NameView zone = _response.Names[soa.Owner];
        bool isStated = !response.QueryZone.IsEmpty && response.QueryZone.SequenceEqual(zone.Wire);
        long time = response.UnixSeconds;
        if (!isStated && _delegations.FindZone(zone, zone.Labels, response.Server, time).Labels != zone.Labels) return NegativeFate.DroppedUnverified;
        RecordType type = _response.At.ResponseCode == ResponseCode.NameError ? RecordType.None : _response.At.QuestionType;
        bool isFolded = negatives.Count(_response.Names[_response.At.LastName], type, zone.Labels, _response.Rdata(soa), soa.TimeToLive, time);
        return isFolded ? NegativeFate.ObservedFolded : NegativeFate.Observed;
    }
}
