using System.Diagnostics;

namespace PassiveDns.Storage.Memory;

/// <summary>
/// Makes the next version of an <see cref="OrderedMap"/> from changes in the order of their keys: what lies between them is passed on leaf by leaf, and only leaves
/// that a change falls into are written anew.
/// </summary>
/// <param name="map">The version before.</param>
internal sealed class OrderedMapBuilder(OrderedMap map)
{
    private const int LeafEntries = 64;
    private const int LeafOctets = 16 << 10; // a leaf of few large entries is not copied for a small one
    private const int LeastEntries = LeafEntries / 4; // what fewer are left of joins the leaf behind

    private readonly List<MapLeaf> _leaves = [];
    private long _count = map.Count;
    private long _octets = map.Octets;
    private int _nextSource;

    // The leaf of the version before that is being written anew, as far as it was copied, and what comes in its place.
    private MapLeaf? _open;
    private int _copied;
    private bool _isChanged;
    private byte[] _run = [];
    private int[] _ends = [];
    private int _entries;
    private int _length;

    // What the last key met.
    private Place _place;

    private enum Place
    {
        Absent,
        InOpenLeaf,
        LastWritten,
    }

    private ReadOnlySpan<MapLeaf> Source => map.Leaves;

    /// <summary>Goes to a key, which must not be less than the one before, and looks whether it is there.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">Its value, until the next call.</param>
    public bool Find(ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value)
    {
        value = default;
        if (_entries > 0 && key.SequenceEqual(LastKey))
        {
            _place = Place.LastWritten;
            value = _run.AsSpan(_ends[2 * _entries - 2], _length - _ends[2 * _entries - 2]);
            return true;
        }

        Debug.Assert(_entries == 0 || key.SequenceCompareTo(LastKey) > 0, "keys come in order");
        GoTo(key);
        _place = Place.Absent;
        if (_open is null) return false;
        int entry = _open.Find(key, _copied, out bool isThere);
        CopyTo(entry);
        if (!isThere) return false;
        _place = Place.InOpenLeaf;
        value = _open.Value(entry);
        return true;
    }

    /// <summary>Writes the value of the key that was found or not found just now.</summary>
    public void Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (_place != Place.Absent) Remove();
        _count++;
        _octets += key.Length + value.Length;
        _place = Place.LastWritten;
        _isChanged = true;
        Reserve(key.Length + value.Length, 1);
        key.CopyTo(_run.AsSpan(_length));
        _ends[2 * _entries] = _length + key.Length;
        value.CopyTo(_run.AsSpan(_length + key.Length));
        _length += key.Length + value.Length;
        _ends[2 * _entries + 1] = _length;
        _entries++;
        if (_entries > 2 * LeafEntries || _length > 2 * LeafOctets) Emit(_entries / 2);
    }

    /// <summary>Takes away the key that was found just now.</summary>
    public void Remove()
    {
        Debug.Assert(_place != Place.Absent, "only what was found can be taken away");
        int start;
        if (_place == Place.LastWritten)
        {
            _entries--;
            start = _entries == 0 ? 0 : _ends[2 * _entries - 1];
            _octets -= _length - start;
            _length = start;
        }
        else
        {
            _octets -= _open!.Run(_copied, _copied + 1, out _).Length;
            _copied++;
        }

        _count--;
        _isChanged = true;
        _place = Place.Absent;
    }

    public OrderedMap ToMap()
    {
        while (_open is not null || _entries > 0) Close();
        if (_leaves.Count == 0 && _nextSource == 0) return map;
        _leaves.AddRange(Source[_nextSource..]);
        _nextSource = Source.Length;
        return new([.. _leaves], _count, _octets);
    }

    private ReadOnlySpan<byte> LastKey
    {
        get
        {
            int start = _entries == 1 ? 0 : _ends[2 * _entries - 3];
            return _run.AsSpan(start, _ends[2 * _entries - 2] - start);
        }
    }

    /// <summary>Opens the leaf into which a key falls, after everything before it has been passed on.</summary>
    private void GoTo(ReadOnlySpan<byte> key)
    {
        while (_nextSource < Source.Length && key.SequenceCompareTo(Source[_nextSource].FirstKey) >= 0)
        {
            if (_open is not null || _entries > 0)
            {
                Close();
                continue;
            }

            int leaf = OrderedMap.LeafOf(Source, key, _nextSource);
            _leaves.AddRange(Source[_nextSource..leaf]);
            _nextSource = leaf;
            OpenNext();
        }

        if (_open is null && _entries == 0 && _nextSource < Source.Length) OpenNext(); // before the first key of all
    }

    private void OpenNext()
    {
        _open = Source[_nextSource++];
        _copied = 0;
    }

    /// <summary>Ends the work on a leaf: passes it on as it was, or writes what came in its place. If little is left, the leaf behind is opened to join it.</summary>
    private void Close()
    {
        if (_open is not null)
        {
            if (!_isChanged)
            {
                _leaves.Add(_open);
                _open = null;
                _entries = _length = 0;
                return;
            }

            CopyTo(_open.Count);
            _open = null;
        }

        if (_entries < LeastEntries && _length < LeafOctets / 4 && _nextSource < Source.Length)
        {
            OpenNext();
            return;
        }

        int leaves = Math.Max(1, Math.Max((_entries + LeafEntries - 1) / LeafEntries, Math.Min(_entries, _length / LeafOctets)));
        for (; leaves > 0; leaves--) Emit((_entries + leaves - 1) / leaves);
        _isChanged = false;
    }

    private void CopyTo(int entry)
    {
        if (entry == _copied) return;
        ReadOnlySpan<byte> run = _open!.Run(_copied, entry, out int start);
        Reserve(run.Length, entry - _copied);
        run.CopyTo(_run.AsSpan(_length));
        int shift = _length - start;
        Span<int> to = _ends.AsSpan(2 * _entries);
        ReadOnlySpan<int> from = _open.Ends(_copied, entry);
        for (int i = 0; i < from.Length; i++) to[i] = from[i] + shift;
        _length += run.Length;
        _entries += entry - _copied;
        _copied = entry;
    }

    private void Reserve(int octets, int entries)
    {
        if (_length + octets > _run.Length) Array.Resize(ref _run, Math.Max(checked(_length + octets), 2 * _run.Length));
        if (2 * (_entries + entries) > _ends.Length) Array.Resize(ref _ends, Math.Max(2 * (_entries + entries), 2 * _ends.Length));
    }

    /// <summary>Makes a leaf of the first so many entries.</summary>
    private void Emit(int entries)
    {
        if (entries == 0) return;
        int length = _ends[2 * entries - 1];
        byte[] run = GC.AllocateUninitializedArray<byte>(length);
        _run.AsSpan(0, length).CopyTo(run);
        _leaves.Add(new(run, _ends.AsSpan(0, 2 * entries).ToArray()));
        _run.AsSpan(length, _length - length).CopyTo(_run);
        Span<int> rest = _ends.AsSpan(2 * entries, 2 * (_entries - entries));
        for (int i = 0; i < rest.Length; i++) _ends[i] = rest[i] - length;
        _entries -= entries;
        _length -= length;
    }
}
