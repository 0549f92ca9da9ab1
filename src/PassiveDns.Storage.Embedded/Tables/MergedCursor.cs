namespace PassiveDns.Storage.Embedded.Tables;

/// <summary>
/// Several tables as one: the entries of all of them in the order of their keys, all versions of a row merged by the merge law. A heap by
/// key; the sources that stand at the current key are those that the next move takes along first.
/// </summary>
internal sealed class MergedCursor
{
    private readonly TableCursor[] _heap;
    private readonly TimeSpan _intervalGap;
    private readonly byte[]? _to;
    private readonly byte[] _key;
    private int _count;
    private int _keyLength;
    private byte[] _merged = [];
    private byte[] _spare = [];
    private int _mergedLength;
    private bool _hasStarted;

    /// <param name="sources">Cursors that stand at their first entry; the array is the cursor's from now on.</param>
    /// <param name="count">How many of them there are.</param>
    /// <param name="to">The end, exclusive, or <c>null</c>.</param>
    /// <param name="intervalGap">The store's interval gap.</param>
    public MergedCursor(TableCursor[] sources, int count, byte[]? to, TimeSpan intervalGap)
    {
        _heap = sources;
        _count = count;
        _to = to;
        _intervalGap = intervalGap;
        _key = count > 1 ? new byte[TableFormat.MaxKeyLength] : [];
        for (int i = count / 2 - 1; i >= 0; i--) Sink(i);
    }

    public ReadOnlySpan<byte> Key => _keyLength > 0 ? _key.AsSpan(0, _keyLength) : _heap[0].Key;

    public ReadOnlySpan<byte> Value => _mergedLength > 0 ? _merged.AsSpan(0, _mergedLength) : _heap[0].Value;

    public bool MoveNext()
    {
        if (_hasStarted && _keyLength == 0 && _count > 0) Advance();
        _hasStarted = true;
        _keyLength = 0;
        _mergedLength = 0;
        if (_count == 0 || (_to is not null && _heap[0].Key.SequenceCompareTo(_to) >= 0)) return false;
        if (SecondIsSame()) MergeVersions();
        return true;
    }

    /// <summary>Copies key and value, since the sources move on while their versions are gathered.</summary>
    private void MergeVersions()
    {
        ReadOnlySpan<byte> key = _heap[0].Key;
        key.CopyTo(_key);
        int length = key.Length;
        Keep(_heap[0].Value);
        bool isSet = _key[0] == (byte)Keys.Keyspace.Sets; // written once: all versions are the same
        Advance();
        while (_count > 0 && _heap[0].Key.SequenceEqual(_key.AsSpan(0, length)))
        {
            if (!isSet) Merge(_heap[0].Value);
            Advance();
        }

        _keyLength = length;
    }

    private void Keep(ReadOnlySpan<byte> value)
    {
        if (_merged.Length < value.Length) _merged = new byte[2 * value.Length + 256];
        value.CopyTo(_merged);
        _mergedLength = value.Length;
    }

    private void Merge(ReadOnlySpan<byte> value)
    {
        int room = SightingMerge.MaxMergedLength(_mergedLength, value.Length);
        if (_spare.Length < room) _spare = new byte[2 * room];
        try
        {
            _mergedLength = SightingMerge.Merge(_merged.AsSpan(0, _mergedLength), value, _intervalGap, _spare);
        }
        catch (FormatException damage)
        {
            throw new ObservationStoreException("The store is damaged: a history cannot be read. Restore it from a backup.", false, damage);
        }

        (_merged, _spare) = (_spare, _merged);
    }

    /// <summary>In a heap the equals of the first one are among its children, if there are any.</summary>
    private bool SecondIsSame()
    {
        if (_count < 2) return false;
        ReadOnlySpan<byte> key = _heap[0].Key;
        return key.SequenceEqual(_heap[1].Key) || (_count > 2 && key.SequenceEqual(_heap[2].Key));
    }

    private void Advance()
    {
        if (!_heap[0].MoveNext()) _heap[0] = _heap[--_count];
        if (_count > 1) Sink(0);
    }

    private void Sink(int index)
    {
        TableCursor sinking = _heap[index];
        while (true)
        {
            int child = 2 * index + 1;
            if (child >= _count) break;
            if (child + 1 < _count && _heap[child + 1].Key.SequenceCompareTo(_heap[child].Key) < 0) child++;
            if (_heap[child].Key.SequenceCompareTo(sinking.Key) >= 0) break;
            _heap[index] = _heap[child];
            index = child;
        }

        _heap[index] = sinking;
    }
}
