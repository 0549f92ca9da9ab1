namespace PassiveDns.Aggregation;

// A response waits for memory more than for anything else: for its place in the memo, for the rows and zones of its RRsets. So several are at hand at one
// time, each at another stage: what the next stage will look at is sent for while the others are worked on. The last stage goes in the order of the data.
public sealed partial class ResponseAggregator
{
    private const int Ahead = 4;

    private readonly ResponseAtHand[] _atHand;

    /// <summary>Takes in responses, in their order: the same as one by one, but faster.</summary>
    /// <param name="responses">Responses that passed the capture room.</param>
    public void AddAll(ICapturedResponses responses)
    {
        ArgumentNullException.ThrowIfNull(responses);
        int count = responses.Count;
        for (int i = 0; i < count + Ahead; i++)
        {
            if (i >= Ahead) Settle(AtHand(i - Ahead), responses[i - Ahead]);
            if (i < count) Meet(AtHand(i), responses[i]);
            if (i >= 1 && i - 1 < count && AtHand(i - 1).IsMemorable) _memo!.FetchFound(AtHand(i - 1).Hash);
            if (i >= 2 && i - 2 < count) Prepare(AtHand(i - 2), responses[i - 2]);
            if (i >= 3 && i - 3 < count && AtHand(i - 3).IsApart) FetchRows(AtHand(i - 3).Response);
        }
    }

    private ResponseAtHand AtHand(int index) => _atHand[index % Ahead];

    /// <summary>The first stage: its hash, by which it may be known.</summary>
    private void Meet(ResponseAtHand atHand, scoped in CapturedResponse response)
    {
        atHand.IsApart = false;
        atHand.IsMemorable = _memo is not null && !response.IsProbe && response.Message.Length is >= DnsHeader.Length and <= ResponseMemo.MaxMessageLength;
        if (!atHand.IsMemorable) return;
        atHand.ServerHash = response.Server.GetHashCode();
        atHand.Hash = ResponseMemo.HashOf(in response, atHand.ServerHash);
        _memo!.FetchBucket(atHand.Hash);
    }

    /// <summary>If it is known, its rows and zones are sent for; else it is taken apart, and the places where its rows and zones can be found are.</summary>
    private void Prepare(ResponseAtHand atHand, scoped in CapturedResponse response)
    {
        uint place = atHand.IsMemorable ? _memo!.Find(in response, atHand.Hash) : 0;
        if (place != 0)
        {
            foreach (ref readonly RememberedRrset rrset in _memo!.RrsetsOf(place))
            {
                if (rrset.Place != RememberedRrset.None) _sightings.FetchRow((uint)rrset.Place);
                if (rrset.Zone != RememberedRrset.None) _delegations.FetchNode(rrset.Zone);
                if (rrset.Node != RememberedRrset.None) _delegations.FetchNode(rrset.Node);
            }

            return;
        }

        TakeApart(atHand, in response);
        if (atHand.Fate != ResponseFate.Accepted) return;
        foreach (ref readonly Rrset rrset in atHand.Response.Rrsets)
        {
            if (rrset.IsSettled) continue;
            _sightings.FetchSlot(rrset.KeyHash);
            _delegations.FetchSlot(atHand.Response.Names.Hash(rrset.Owner));
        }
    }

    private void FetchRows(DissectedResponse response)
    {
        foreach (ref readonly Rrset rrset in response.Rrsets)
        {
            if (rrset.IsSettled) continue;
            _sightings.FetchFound(rrset.KeyHash);
            _delegations.FetchFound(response.Names.Hash(rrset.Owner));
        }
    }

    private static void TakeApart(ResponseAtHand atHand, scoped in CapturedResponse response)
    {
        DissectedResponse apart = atHand.Response;
        atHand.IsApart = true;
        atHand.Fate = apart.Read(response.Message);
        if (atHand.Fate != ResponseFate.Accepted) return;
        atHand.Scrubber.Scrub(apart);
        foreach (ref Rrset rrset in apart.Rrsets)
        {
            if (!rrset.IsSettled) rrset.KeyHash = SightingTable.KeyHash(apart.Names.Hash(rrset.Owner), rrset.Type, rrset.RdataHash);
        }
    }

    /// <summary>The last stage: what becomes of it.</summary>
    private void Settle(ResponseAtHand atHand, scoped in CapturedResponse response)
    {
        MoveClock(response.UnixSeconds);
        _number++;
        _isMemorable = atHand.IsMemorable;
        _validity = Validity.Always;
        if (!atHand.IsApart)
        {
            if (_isMemorable && TryRepeat(atHand, in response)) return;
            TakeApart(atHand, in response);
        }

        (_response, _scrubber) = (atHand.Response, atHand.Scrubber);
        ResponseFate fate = atHand.Fate;
        if (fate == ResponseFate.Accepted)
        {
            if (_response.HasTrailingBytes) _trailing++;
            if (_response.CompressedRrsets > 0)
            {
                _compressed += _response.CompressedRrsets;
                _isMemorable = false; // rare, and only the long way counts it
            }

            if (_scrubber.IsNegative) fate = ResponseFate.Negative;
            Observe(in response);
            if (_scrubber.IsNegative && _negatives is not null)
            {
                _isMemorable = false;
                _negatives.Fates.Count(ObserveNegative(in response, _negatives));
            }

            SpreadNews(toCrowds: false);
            if (_isMemorable) Remember(atHand.Hash, in response, fate);
        }

        _responses.Count(fate);
        if (_trace is not null) Tell(in response, fate);
        if (_sightings.Octets + FoldingOctets > _options.MemoryBudget) RelieveMemory();
    }
}
