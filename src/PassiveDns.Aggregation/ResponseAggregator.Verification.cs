using System.Runtime.CompilerServices;

namespace PassiveDns.Aggregation;

public sealed partial class ResponseAggregator
{
    private readonly int[] _apexes = new int[8];
    private int _apexCount;

    private void Observe(in CapturedResponse response)
    {
        _apexCount = -1;
        _change = _delegations.Change;
        _lessons = _delegations.Lessons;
        _teaches = false;
        _learnt = Validity.Always;
        long time = response.UnixSeconds;
        Span<Rrset> rrsets = _response.Rrsets;
        for (int i = 0; i < rrsets.Length; i++)
        {
            ref Rrset rrset = ref rrsets[i];
            if (!rrset.IsSettled && rrset.IsRepeated) Dissection.Settle(ref rrset, RrsetFate.Repeated);
            if (!rrset.IsSettled)
            {
                Decide(in response, i, in rrset, time);
                continue;
            }

            CountSettled(in response, i, in rrset, time);
            if (_trace is not null) Tell(in response, in rrset, rrset.Fate);
        }
    }

    private void Decide(in CapturedResponse response, int index, in Rrset rrset, long time)
    {
        // What is rare stands in methods of its own: what they keep on the stack need not be cleared for each RRset.
        if ((response.IsProbe || !response.QueryZone.IsEmpty) && DecideByStatedZone(in response, index, in rrset, time)) return;
        NameView owner = _response.Names[rrset.Owner];
        int start = rrset.StartLabels;
        ZoneVerdict verdict = start < 0 ? ZoneVerdict.None : _delegations.FindZone(owner, start, response.Server, time);
        if (verdict.Labels < 0)
        {
            DecideUnverified(in response, in rrset, verdict.Node, time);
            return;
        }

        _rrsets.Count(RrsetFate.ObservedVerified);
        if (_trace is not null) Tell(in response, in rrset, RrsetFate.ObservedVerified, verdict.Labels);
        ReadOnlySpan<byte> rdata = _response.Rdata(rrset).Packed;
        int row = Count(owner, rrset.KeyHash, rrset.Type, rrset.Section, verdict.Labels, Provenance.VerifiedTraffic, rdata, time, rrset.TimeToLive);
        _validity = _validity.And(verdict.Validity);
        if (Teaches(in rrset, verdict.Node))
        {
            _learnt = _learnt.And(Learn(owner, verdict.Node, rrset.Type, rdata, rrset.KeyHash, time));
            _teaches = true;
            Remember(index, RrsetFate.ObservedVerified, row, verdict.Zone, teaches: true);
        }
        else
        {
            uint ownerHash = rrset.Type is RecordType.A or RecordType.AAAA ? (uint)owner.Hash | RememberedRrset.IsHash : 0;
            Remember(index, RrsetFate.ObservedVerified, row, verdict.Zone, ownerHash);
        }
    }

    /// <returns>Whether it is decided: if the zone that the server was asked for holds it, or we asked ourselves.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool DecideByStatedZone(in CapturedResponse response, int index, in Rrset rrset, long time)
    {
        NameView owner = _response.Names[rrset.Owner];
        ReadOnlySpan<byte> rdata = _response.Rdata(rrset).Packed;
        bool isInStatedZone = IsUnder(owner, rrset.StartLabels, response.QueryZone, out int stated);
        if (response.IsProbe)
        {
            // Kept apart, and nothing is learnt from it: what we asked ourselves must not decide about what others were told.
            RrsetFate fate = isInStatedZone ? RrsetFate.ObservedProbe : RrsetFate.DroppedProbeOutOfZone;
            _rrsets.Count(fate);
            if (_trace is not null) Tell(in response, in rrset, fate, isInStatedZone ? stated : WaitingRrset.NoEstimate);
            if (isInStatedZone) Count(owner, rrset.KeyHash, rrset.Type, rrset.Section, stated, Provenance.Probe, rdata, time, rrset.TimeToLive);
            return true; // not memorable from the start
        }

        if (!isInStatedZone) return false;
        _rrsets.Count(RrsetFate.ObservedResolverStated);
        if (_trace is not null) Tell(in response, in rrset, RrsetFate.ObservedResolverStated, stated);
        int row = Count(owner, rrset.KeyHash, rrset.Type, rrset.Section, stated, Provenance.ResolverStated, rdata, time, rrset.TimeToLive);
        Remember(index, RrsetFate.ObservedResolverStated, row);
        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void DecideUnverified(in CapturedResponse response, in Rrset rrset, int node, long time)
    {
        _isMemorable = false;
        NameView owner = _response.Names[rrset.Owner];
        ReadOnlySpan<byte> rdata = _response.Rdata(rrset).Packed;
        int start = rrset.StartLabels;
        WaitingRrset waiting = new()
        {
            Server = response.Server,
            Response = _number,
            Section = rrset.Section,
            Time = time,
            Since = _clock.Now,
            RdataHash = rrset.RdataHash,
            Type = rrset.Type,
            TimeToLive = rrset.TimeToLive,
            StartLabels = (byte)Math.Max(start, 0),
            EstimatedLabels = (byte)Estimate(in rrset, owner, start),
            Teaches = Teaches(in rrset, node),
        };
        if (start < 0 || !response.QueryZone.IsEmpty) DecideWithoutZone(in waiting, owner, rdata);
        else Wait(in waiting, owner.Wire, rdata);
    }

    private static bool IsUnder(NameView owner, int start, ReadOnlySpan<byte> zone, out int labels)
    {
        labels = 0;
        if (zone.IsEmpty) return false;
        for (int at = 0; zone[at] != 0; at += zone[at] + 1) labels++;
        return labels <= start && owner.Suffix(labels).SequenceEqual(zone);
    }

    /// <summary>
    /// Whether the verifier may learn from an RRset once it is verified: NS sets of referrals and of authoritative answers, and addresses of name
    /// servers. An NS set that a server adds to a positive answer without authority is data, but teaches nothing.
    /// </summary>
    private bool Teaches(in Rrset rrset, int node) => rrset.Type switch
    {
        RecordType.NS => _response.At.IsAuthoritative || (rrset.Section == DnsSection.Authority && _response.At.IsReferral),
        RecordType.A or RecordType.AAAA => (_response.Names.Marks(rrset.Owner) & NameMarks.NameServer) != 0
            || _delegations.IsServerName(node),
        _ => false,
    };

    private Validity Learn(NameView owner, int node, RecordType type, ReadOnlySpan<byte> rdata, ulong keyHash, long time) => type == RecordType.NS
        ? _delegations.LearnServers(owner, node, new(rdata), keyHash, time)
        : _delegations.LearnAddresses(owner, node, new(rdata), keyHash, time);

    /// <summary>
    /// What the response itself says about the zone: the signer of an RRSIG, else the apex that an authoritative answer names in its SOA or NS set.
    /// </summary>
    private int Estimate(in Rrset rrset, NameView owner, int start)
    {
        if (!_response.At.IsAuthoritative) return WaitingRrset.NoEstimate;
        int signature = rrset.Type == RecordType.RRSIG ? -1 : _response.Find(rrset.Section, rrset.Owner, RecordType.RRSIG, rrset.Type);
        int best = rrset.Type == RecordType.RRSIG ? _response.SignerLabels(in rrset, owner)
            : signature >= 0 && !_response.Rrsets[signature].IsSettled ? _response.SignerLabels(in _response.Rrsets[signature], owner)
            : -1;
        if (best >= 0 && best <= start) return best;
        best = -1;
        foreach (int name in Apexes())
        {
            NameView apex = _response.Names[name];
            if (apex.Labels > best && apex.Labels <= start && owner.IsAtOrUnder(apex)) best = apex.Labels;
        }

        return best < 0 ? WaitingRrset.NoEstimate : best;
    }

    /// <summary>The owners of the first few SOA and NS sets of the response, looked for once.</summary>
    private ReadOnlySpan<int> Apexes()
    {
        if (_apexCount < 0)
        {
            _apexCount = 0;
            foreach (ref readonly Rrset rrset in _response.Rrsets)
            {
                if (rrset.Type is not (RecordType.SOA or RecordType.NS) || rrset.IsSettled) continue;
                _apexes[_apexCount++] = rrset.Owner;
                if (_apexCount == _apexes.Length) break;
            }
        }

        return _apexes.AsSpan(0, _apexCount);
    }

    private void Wait(in WaitingRrset waiting, ReadOnlySpan<byte> name, ReadOnlySpan<byte> rdata)
    {
        while (_waiting.IsFull(name.Length + rdata.Length) && _waiting.TryPeek(out long oldest))
        {
            _waiting.Overflowed++;
            GiveUp(oldest);
        }

        _waiting.Add(in waiting, name, rdata);
    }

    /// <summary>Lets the news reach those who wait for it, until there is no more.</summary>
    private void SpreadNews(bool toCrowds)
    {
        do
        {
            if (_waiting.Count > 0)
            {
                foreach (HostAddress server in _news) _waiting.Stir(server);
            }

            _news.Clear();
            while (_waiting.TryTakeStirred(toCrowds, out HostAddress server)) Review(server);
        }
        while (_news.Count > 0);
    }

    private void Review(HostAddress server)
    {
        long before = -1;
        for (long number = _waiting.First(server), next; number >= 0; number = next)
        {
            ref WaitingRrset rrset = ref _waiting[number];
            next = rrset.NextOfServer;
            NameView owner = NameView.Of(_waiting.Name(rrset));
            ZoneVerdict verdict = _delegations.FindZone(owner, rrset.StartLabels, server, rrset.Time);
            if (verdict.Labels < 0)
            {
                before = number;
                continue;
            }

            ReadOnlySpan<byte> rdata = _waiting.Rdata(rrset);
            _rrsets.Count(RrsetFate.ObservedVerified);
            if (_trace is not null) Tell(in rrset, owner, RrsetFate.ObservedVerified, verdict.Labels);
            ulong keyHash = SightingTable.KeyHash(owner.Hash, rrset.Type, rrset.RdataHash);
            Count(owner, keyHash, rrset.Type, rrset.Section, verdict.Labels, Provenance.VerifiedTraffic, rdata, rrset.Time, rrset.TimeToLive);
            if (rrset.Teaches) Learn(owner, verdict.Node, rrset.Type, rdata, keyHash, rrset.Time);
            _waiting.Remove(before, number);
        }
    }

    /// <summary>Decides the oldest that waits: nothing has come that verifies it.</summary>
    private void GiveUp(long number)
    {
        ref WaitingRrset rrset = ref _waiting[number];
        NameView owner = NameView.Of(_waiting.Name(rrset));
        DecideWithoutZone(in rrset, owner, _waiting.Rdata(rrset));
        _waiting.RemoveOldest();
    }

    private void DecideWithoutZone(in WaitingRrset rrset, NameView owner, ReadOnlySpan<byte> rdata)
    {
        bool isEstimated = rrset.EstimatedLabels != WaitingRrset.NoEstimate;
        if (!isEstimated) _rejected.Count(rrset.Server);
        bool isChaff = !isEstimated && _chaff is not null;
        if (isChaff) KeepAsChaff(owner, rrset.Type, rdata, rrset.RdataHash, rrset.Time, rrset.TimeToLive);
        if (isChaff || !_options.KeepUnverified)
        {
            _rrsets.Count(RrsetFate.DroppedUnverified);
            if (_trace is not null) Tell(in rrset, owner, RrsetFate.DroppedUnverified, _delegations.FindKnown(owner, rrset.StartLabels));
            return;
        }

        RrsetFate fate = isEstimated ? RrsetFate.ObservedEstimated : RrsetFate.ObservedUnverified;
        _rrsets.Count(fate);
        if (_trace is not null) Tell(in rrset, owner, fate, isEstimated ? rrset.EstimatedLabels : _delegations.FindKnown(owner, rrset.StartLabels));
        Count(
            owner,
            SightingTable.KeyHash(owner.Hash, rrset.Type, rrset.RdataHash),
            rrset.Type,
            rrset.Section,
            isEstimated ? rrset.EstimatedLabels : 0,
            isEstimated ? Provenance.Estimated : Provenance.Unverified,
            rdata,
            rrset.Time,
            rrset.TimeToLive);
    }

    /// <returns>Where the row lies, or <see cref="RememberedRrset.None"/> if it became a part of a summary.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Count(
        NameView owner, ulong keyHash, RecordType type, DnsSection section, int bailiwick, Provenance provenance, ReadOnlySpan<byte> rdata, long time, uint timeToLive)
    {
        uint head = SightingRow.MakeHead(type, bailiwick, provenance);
        return _sightings.TryCount(owner.Wire, keyHash, head, rdata, time, timeToLive, out uint at) ? (int)at
            : CountNew(at, owner, keyHash, type, head, section, bailiwick, rdata, time, timeToLive);
    }
}
