namespace PassiveDns.Storage.Embedded.Tables;

/// <summary>
/// Several tables as one: the entries of all of them in the order of their keys, all versions of a row merged by the merge law. A heap by
/// key; the sources that stand at the current key are those that the next move takes along first.
/// </summary>
internal sealed class MergedCursor
{
    private readonly TableCursor[] _heap;
    private readonly byte[]? _to;
    private readonly byte[] _key;
    private readonly HistoryMerge _merge;
    private int _count;
    private int _keyLength;
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
        _merge = new(intervalGap);
        _key = count > 1 ? new byte[TableFormat.MaxKeyLength] : [];
        for (int i = count / 2 - 1; i >= 0; i--) Sink(i);
    }

    public ReadOnlySpan<byte> Key => _keyLength > 0 ? _key.AsSpan(0, _keyLength) : _heap[0].Key;

    public ReadOnlySpan<byte> Value => _merge.Length > 0 ? _merge.Value : _heap[0].Value;

    public bool MoveNext()
    {
        if (_hasStarted && _keyLength == 0 && _count > 0) Advance();
        _hasStarted = true;
        _keyLength = 0;
        _merge.Clear();
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
        _merge.Add(_heap[0].Value);
        bool isSet = _key[0] == (byte)Keys.Keyspace.Sets; // written once: all versions are the same
        Advance();
        while (_count > 0 && _heap[0].Key.SequenceEqual(_key.AsSpan(0, length)))
        {
            if (!isSet) _merge.Add(_heap[0].Value);
            Advance();
        }

        _keyLength = length;
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
