namespace PassiveDns.Aggregation;

// A response waits for memory more than for anything else: for its place in the memo, for the rows and zones of its RRsets. So several are at hand at one
// time, each at another stage: what the next stage will look at is sent for while the others are worked on. The last stage goes in the order of the data.
public sealed partial class ResponseAggregator
{
    private const int Ahead = 5;

    private readonly ResponseAtHand[] _atHand;

    /// <summary>Takes in responses, in their order: the same as one by one, but faster.</summary>
    /// <param name="responses">Responses that passed the capture room.</param>
    public void AddAll(ICapturedResponses responses)
    {
        ArgumentNullException.ThrowIfNull(responses);
        AddAll(responses, null);
    }

    /// <summary>Takes in responses that were taken apart before, in their order: the same again, but faster on this thread.</summary>
    /// <param name="responses">Responses that were made for this aggregator. They are not cleared.</param>
    public void AddAll(DissectedResponses responses)
    {
        ArgumentNullException.ThrowIfNull(responses);
        if (responses.Responses is { } whole) AddAll(whole, responses);
    }

    private void AddAll(ICapturedResponses responses, DissectedResponses? dissected)
    {
        int count = responses.Count;
        for (int i = 0; i < count + Ahead; i++)
        {
            if (i >= 4 && i - 4 < count && AtHand(i - 4).Zone >= 0) _delegations.FetchName(AtHand(i - 4).Zone);
            if (i >= Ahead) Settle(AtHand(i - Ahead), responses[i - Ahead]);
            if (i < count) Meet(AtHand(i), responses[i], dissected, i);
            if (i >= 1 && i - 1 < count && AtHand(i - 1).Key.IsMemorable) _memo!.FetchFound(AtHand(i - 1).Key.Hash);
            if (i >= 2 && i - 2 < count) Prepare(AtHand(i - 2), responses[i - 2]);
            if (i >= 3 && i - 3 < count && AtHand(i - 3).IsApart) FetchRows(AtHand(i - 3));
        }
    }

    private ResponseAtHand AtHand(int index) => _atHand[index % Ahead];

    /// <summary>The first stage: its hash, by which it may be known.</summary>
    private void Meet(ResponseAtHand atHand, scoped in CapturedResponse response, DissectedResponses? dissected, int index)
    {
        if (dissected is not null) dissected.Begin(index, atHand);
        else atHand.Begin(_memo is null ? default : ResponseMemo.KeyOf(in response));
        if (!atHand.Key.IsMemorable) return;
        _memo!.FetchBucket(atHand.Key.Hash);
        _delegations.FetchChange(atHand.Key.ServerHash);
    }

    /// <summary>If it is known, its rows and zones are sent for; else it is taken apart, and the places where its rows and zones can be found are.</summary>
    private void Prepare(ResponseAtHand atHand, scoped in CapturedResponse response)
    {
        if (atHand.Key.IsMemorable && atHand.Find(_memo!, in response))
        {
            foreach (ref readonly RememberedRrset rrset in _memo!.RrsetsOf(atHand.Place))
            {
                if (rrset.Place != RememberedRrset.None) _sightings.FetchRow((uint)rrset.Place);
                if (rrset.Zone != RememberedRrset.None)
                {
                    _delegations.FetchNode(rrset.Zone);
                    _delegations.FetchChange(atHand.Key.ServerHash, rrset.Zone);
                }

            }

            return;
        }

        if (!atHand.IsApart) atHand.TakeApart(response.Message);
        Dissection parts = atHand.Open();
        _delegations.FetchSlot(parts.At.ZoneHash);
        foreach (ref readonly Rrset rrset in parts.Rrsets)
        {
            if (rrset.IsSettled) continue;
            _sightings.FetchSlot(rrset.KeyHash);
            _delegations.FetchSlot(parts.Names.Hash(rrset.Owner));
            if (rrset.Section != DnsSection.Answer) _delegations.FetchLesson(rrset.KeyHash);
        }
    }

    private void FetchRows(ResponseAtHand atHand)
    {
        Dissection parts = atHand.Open();
        atHand.Zone = _delegations.FetchZone(parts.At.ZoneHash, atHand.Key.ServerHash);
        foreach (ref readonly Rrset rrset in parts.Rrsets)
        {
            if (rrset.IsSettled) continue;
            _sightings.FetchFound(rrset.KeyHash);
            _delegations.FetchFound(parts.Names.Hash(rrset.Owner));
        }
    }

    /// <summary>The last stage: what becomes of it.</summary>
    private void Settle(ResponseAtHand atHand, scoped in CapturedResponse response)
    {
        MoveClock(response.UnixSeconds);
        _number++;
        _isMemorable = atHand.Key.IsMemorable;
        _validity = Validity.Always;
        if (atHand.Place != 0 && TryRepeat(atHand, in response)) return;
        if (!atHand.IsApart) atHand.TakeApart(response.Message);
        _response = atHand.Open();
        ref readonly DissectedResponse apart = ref _response.At;
        ResponseFate fate = apart.Fate;
        if (fate == ResponseFate.Accepted)
        {
            if (apart.HasTrailingBytes) _trailing++;
            if (apart.CompressedRrsets > 0)
            {
                _compressed += apart.CompressedRrsets;
                _isMemorable = false; // rare, and only the long way counts it
            }

            if (apart.IsNegative) fate = ResponseFate.Negative;
            Observe(in response);
            if (apart.IsNegative && _negatives is not null)
            {
                _isMemorable = false;
                _negatives.Fates.Count(ObserveNegative(in response, _negatives));
            }

            SpreadNews(toCrowds: false);
            if (_isMemorable) Remember(atHand.Key.Hash, in response, fate);
        }

        _responses.Count(fate);
        if (_trace is not null) Tell(in response, fate);
        if (_sightings.Octets + FoldingOctets > _options.MemoryBudget) RelieveMemory();
    }
}
