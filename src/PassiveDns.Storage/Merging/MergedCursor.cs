using PassiveDns.Storage.Keys;

namespace PassiveDns.Storage.Merging;

/// <summary>
/// Several cursors as one: always the least key next, its histories merged. There are few sources, so the least is found by looking at all.
/// </summary>
internal sealed class MergedCursor(IKeyedCursor[] sources, TimeSpan intervalGap) : IKeyedCursor
{
    private readonly bool[] _stands = new bool[sources.Length];
    private readonly bool[] _isCurrent = new bool[sources.Length];
    private byte[] _merged = new byte[256];
    private byte[] _spare = new byte[256];
    private int _mergedLength;
    private int _first = -1;
    private bool _hasStarted;

    public ReadOnlySpan<byte> Key => sources[_first].Key;

    public ReadOnlySpan<byte> Value => _mergedLength > 0 ? _merged.AsSpan(0, _mergedLength) : sources[_first].Value;

    public bool MoveNext()
    {
        for (int i = 0; i < sources.Length; i++)
        {
            if (!_hasStarted || _isCurrent[i]) _stands[i] = sources[i].MoveNext();
        }

        _hasStarted = true;
        _first = -1;
        for (int i = 0; i < sources.Length; i++)
        {
            int order = !_stands[i] ? 1 : _first < 0 ? -1 : sources[i].Key.SequenceCompareTo(sources[_first].Key);
            if (order < 0)
            {
                Array.Clear(_isCurrent, 0, i);
                _first = i;
            }

            _isCurrent[i] = order <= 0;
        }

        if (_first < 0) return false;
        MergeValues();
        return true;
    }

    public void Dispose()
    {
        foreach (IKeyedCursor source in sources) source.Dispose();
    }

    private void MergeValues()
    {
        _mergedLength = 0;
        for (int i = _first + 1; i < sources.Length; i++)
        {
            if (!_isCurrent[i]) continue;
            ReadOnlySpan<byte> left = Value, right = sources[i].Value;
            int room = SightingMerge.MaxMergedLength(left.Length, right.Length);
            if (_spare.Length < room) _spare = new byte[2 * room];
            _mergedLength = SightingMerge.Merge(left, right, intervalGap, _spare);
            (_merged, _spare) = (_spare, _merged);
        }
    }
}
