namespace PassiveDns.Aggregation;

// The short way for a response that came before within the window: its rows are known, and so is whether anything was learnt since that could change
// what becomes of it. It does exactly what the long way would do, or nothing.
public sealed partial class ResponseAggregator
{
    private const int MemoShare = 8;
    private const int MaxMemo = 32 << 20;

    private readonly ResponseMemo? _memo;
    private readonly RememberedRrset[] _remembered = new RememberedRrset[ResponseMemo.MaxRrsets];
    private Validity _validity;
    private ulong _change;
    private bool _isMemorable; // whether all that became of the response at hand can be done again from memory

    /// <summary>Counts a response that came before.</summary>
    /// <returns>Whether it did, and nothing stands against doing the same again; otherwise nothing has been done.</returns>
    private bool TryRepeat(ResponseAtHand atHand, in CapturedResponse response)
    {
        uint place = _memo!.Find(in response, atHand.Hash);
        if (place == 0) return false;
        ref readonly RememberedResponse found = ref _memo.At(place);
        long time = response.UnixSeconds;
        if (!found.Validity.Contains(time) || !_delegations.HoldsFor(atHand.ServerHash, found.Change)) return false;
        ReadOnlySpan<RememberedRrset> rrsets = _memo.RrsetsOf(place);
        foreach (ref readonly RememberedRrset rrset in rrsets)
        {
            bool isSame = rrset.Lesson switch
            {
                Lesson.Links => _delegations.IsKnown(rrset.Node, rrset.Type, rrset.Hash, time),
                Lesson.NotYet => _delegations.HoldsForName(rrset.Hash, found.Change),
                _ => true,
            };
            if (!isSame) return false;
        }

        foreach (ref readonly RememberedRrset rrset in rrsets)
        {
            _rrsets.Count(rrset.Fate);
            if (rrset.Place != RememberedRrset.None) _sightings.CountAgain((uint)rrset.Place, time);
            if (rrset.Zone != RememberedRrset.None) _delegations.Use(rrset.Zone, time);
            if (rrset.Node != RememberedRrset.None) _delegations.Use(rrset.Node, time);
        }

        if (found.HasTrailingBytes) _trailing++;
        _responses.Count(found.Fate);
        return true;
    }

    /// <summary>Notes what became of the RRset at hand.</summary>
    private void Remember(int index, in RememberedRrset rrset)
    {
        if (index < _remembered.Length) _remembered[index] = rrset;
        else _isMemorable = false;
    }

    private void Remember(ulong hash, in CapturedResponse response, ResponseFate fate) => _memo!.Keep(
        new() { Hash = hash, Change = _change, Validity = _validity, Fate = fate, HasTrailingBytes = _response.HasTrailingBytes },
        in response,
        _remembered.AsSpan(0, _response.RrsetCount));
}
