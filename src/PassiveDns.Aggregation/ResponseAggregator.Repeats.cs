namespace PassiveDns.Aggregation;

// The short way for a response that came before within the window: its rows are known, and so is whether anything was learnt since that could change
// what becomes of it. It does exactly what the long way would do, or nothing.
public sealed partial class ResponseAggregator
{
    private const int MemoShare = 8;
    private const int MaxMemo = 32 << 20;

    private readonly ResponseMemo? _memo;

    /// <summary>The memo, or <c>null</c> without one. On other threads only <see cref="ResponseMemo.FetchBucket"/> and <see cref="ResponseMemo.MayHold"/> may be called.</summary>
    internal ResponseMemo? Memo => _memo;

    private readonly RememberedRrset[] _remembered = new RememberedRrset[ResponseMemo.MaxRrsets];
    private Validity _validity;
    private ulong _change;
    private ulong _lessons;
    private bool _teaches; // whether something was, or could have been, learnt from the response at hand
    private Validity _learnt;
    private bool _isMemorable; // whether all that became of the response at hand can be done again from memory

    /// <summary>Counts a response that came before.</summary>
    /// <returns>Whether it did, and nothing stands against doing the same again; otherwise nothing has been done.</returns>
    private bool TryRepeat(ResponseAtHand atHand, in CapturedResponse response)
    {
        uint place = atHand.Place;
        if (!_memo!.Holds(place, atHand.Clearings)) return false; // others have taken its room since
        ref RememberedResponse found = ref _memo.At(place);
        long time = response.UnixSeconds;
        if (!found.Validity.Contains(time) || !_delegations.HoldsFor(atHand.Key.ServerHash, found.Change)) return false;
        ReadOnlySpan<RememberedRrset> rrsets = _memo.RrsetsOf(place);
        if (found.Lessons != 0 && (!found.Learnt.Contains(time) || !_delegations.TeachNothing(found.Lessons)) && !IsLearnt(ref found, rrsets, time)) return false;
        int zone = RememberedRrset.None;
        foreach (ref readonly RememberedRrset rrset in rrsets)
        {
            if (rrset.Zone != RememberedRrset.None && rrset.Zone != zone)
            {
                zone = rrset.Zone;
                if (!_delegations.HoldsForZone(atHand.Key.ServerHash, zone, found.Change)) return false;
            }

            if (rrset.OwnerHash != 0 && !_delegations.HoldsForName(rrset.OwnerHash, found.Change)) return false;
        }

        foreach (ref readonly RememberedRrset rrset in rrsets)
        {
            _rrsets.Count(rrset.Fate);
            if (rrset.Place != RememberedRrset.None) _sightings.CountAgain((uint)rrset.Place, time);
            if (rrset.Zone != RememberedRrset.None) _delegations.Use(rrset.Zone, time);
        }

        if (found.HasTrailingBytes) _trailing++;
        _responses.Count(found.Fate);
        return true;
    }

    /// <summary>Whether another response with the same sets has taught what there was to learn since.</summary>
    private bool IsLearnt(ref RememberedResponse response, ReadOnlySpan<RememberedRrset> rrsets, long time)
    {
        Validity learnt = Validity.Always;
        foreach (ref readonly RememberedRrset rrset in rrsets)
        {
            if (!rrset.Teaches) continue;
            if (!_delegations.IsLearnt(_sightings.HashAt((uint)rrset.Place), time, out Validity times)) return false;
            learnt = learnt.And(times);
        }

        response.Learnt = learnt;
        response.Lessons = _delegations.Lessons;
        return true;
    }

    /// <summary>Notes what became of the RRset at hand, each number straight into its place: a copy of a struct just written would have to wait for the writing.</summary>
    private void Remember(
        int index, RrsetFate fate, int place = RememberedRrset.None, int zone = RememberedRrset.None, uint ownerHash = 0, bool teaches = false)
    {
        if (index >= _remembered.Length)
        {
            _isMemorable = false;
            return;
        }

        ref RememberedRrset remembered = ref _remembered[index];
        remembered.OwnerHash = ownerHash;
        remembered.Place = place;
        remembered.Zone = zone;
        remembered.Fate = fate;
        remembered.Teaches = teaches;
    }

    private void Remember(ulong hash, in CapturedResponse response, ResponseFate fate) => _memo!.Keep(
        new() { Hash = hash, Change = _change, Validity = _validity, Lessons = _teaches ? _lessons : 0, Learnt = _learnt, Fate = fate, HasTrailingBytes = _response.At.HasTrailingBytes },
        in response,
        _remembered.AsSpan(0, _response.At.RrsetCount));
}
