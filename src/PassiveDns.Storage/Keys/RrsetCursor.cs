namespace PassiveDns.Storage.Keys;

/// <summary>The RRset rows of DNSSEC types among the others, in the order of their keys, which are of one layout and never the same.</summary>
internal sealed class RrsetCursor(IKeyedCursor others, IKeyedCursor dnssec) : IKeyedCursor
{
    private IKeyedCursor? _next; // the one at the current entry
    private bool _hasOthers, _hasDnssec;

    public ReadOnlySpan<byte> Key => _next!.Key;

    public ReadOnlySpan<byte> Value => _next!.Value;

    public bool MoveNext()
    {
        if (_next != dnssec) _hasOthers = others.MoveNext();
        if (_next != others) _hasDnssec = dnssec.MoveNext();
        _next = _hasOthers && (!_hasDnssec || others.Key.SequenceCompareTo(dnssec.Key) < 0) ? others : dnssec;
        return _hasOthers || _hasDnssec;
    }

    public void Dispose()
    {
        others.Dispose();
        dnssec.Dispose();
    }
}
