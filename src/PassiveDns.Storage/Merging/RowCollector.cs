namespace PassiveDns.Storage.Merging;

/// <summary>Gathers rows for a batch. Rows with one key become one row by the merge law, because a batch must not hold a key twice.</summary>
internal sealed class RowCollector
{
    private const int FirstBuckets = 1 << 12;

    private readonly List<Entry> _entries = [];
    private int[] _buckets = new int[FirstBuckets]; // an entry's index + 1
    private byte[] _octets = new byte[1 << 16]; // of each entry: name, set, history; a history that grew stands anew at the end
    private byte[] _merged = new byte[1 << 10];
    private int _length;

    /// <summary>Rows gathered.</summary>
    public int Count => _entries.Count;

    /// <summary>The octets they take.</summary>
    public int Octets => _length;

    /// <summary>Adds a row.</summary>
    /// <returns><c>false</c> if there was a row with this key: now it has both histories.</returns>
    public bool Add(scoped in ObservationRow row)
    {
        int hash = Hash(row);
        for (int at = Bucket(hash) - 1; at >= 0; at = _entries[at].Next)
        {
            if (_entries[at].Hash != hash || !HasKey(_entries[at], row)) continue;
            Merge(at, row.History);
            return false;
        }

        Reserve(row.RrName.Length + row.Rdata.Packed.Length + row.History.Length);
        int offset = _length;
        Append(row.RrName);
        Append(row.Rdata.Packed);
        Append(row.History);
        int history = _length - row.History.Length;
        _entries.Add(new(
            hash, Bucket(hash) - 1, row.Type, row.BailiwickLabels, row.Provenance, offset, row.RrName.Length, row.Rdata.Packed.Length, history, row.History.Length));
        Bucket(hash) = _entries.Count;
        if (_entries.Count > _buckets.Length) Rehash();
        return true;
    }

    /// <summary>Hands on the rows in the order in which their keys came, and forgets them.</summary>
    public ObservationRows Take()
    {
        ObservationRows rows = new(_length + 16 * _entries.Count);
        foreach (Entry entry in _entries)
        {
            rows.Add(new()
            {
                RrName = Name(entry),
                Type = entry.Type,
                BailiwickLabels = entry.BailiwickLabels,
                Provenance = entry.Provenance,
                Rdata = new(Rdata(entry)),
                History = _octets.AsSpan(entry.History, entry.HistoryLength),
            });
        }

        _entries.Clear();
        Array.Clear(_buckets);
        _length = 0;
        return rows;
    }

    private ReadOnlySpan<byte> Name(in Entry entry) => _octets.AsSpan(entry.Offset, entry.NameLength);

    private ReadOnlySpan<byte> Rdata(in Entry entry) => _octets.AsSpan(entry.Offset + entry.NameLength, entry.RdataLength);

    private bool HasKey(in Entry entry, scoped in ObservationRow row) =>
        entry.Type == row.Type && entry.BailiwickLabels == row.BailiwickLabels && entry.Provenance == row.Provenance
        && Name(entry).SequenceEqual(row.RrName) && Rdata(entry).SequenceEqual(row.Rdata.Packed)
        && SightingCodec.ReadFolding(_octets.AsSpan(entry.History, entry.HistoryLength)) == row.Folding;

    // Any store's gap is at least this long, so that joining here changes nothing of what the store would make of the rows one by one.
    private void Merge(int at, ReadOnlySpan<byte> history)
    {
        Entry entry = _entries[at];
        int most = SightingMerge.MaxMergedLength(entry.HistoryLength, history.Length);
        if (most > _merged.Length) _merged = new byte[2 * most];
        int length = SightingMerge.Merge(_octets.AsSpan(entry.History, entry.HistoryLength), history, SightingHistory.MinIntervalGap, _merged);
        if (length > entry.HistoryLength)
        {
            Reserve(length);
            entry = entry with { History = _length };
            _length += length;
        }

        _merged.AsSpan(0, length).CopyTo(_octets.AsSpan(entry.History));
        _entries[at] = entry with { HistoryLength = length };
    }

    // Seeded anew for each process, so that nobody can choose names that fall into one bucket.
    private static int Hash(scoped in ObservationRow row)
    {
        HashCode hash = default;
        hash.Add((int)row.Type << 16 | row.BailiwickLabels << 8 | (int)row.Provenance);
        hash.AddBytes(row.RrName);
        hash.AddBytes(row.Rdata.Packed);
        return hash.ToHashCode();
    }

    private ref int Bucket(int hash) => ref _buckets[hash & (_buckets.Length - 1)];

    private void Rehash()
    {
        _buckets = new int[2 * _buckets.Length];
        for (int i = 0; i < _entries.Count; i++)
        {
            ref int bucket = ref Bucket(_entries[i].Hash);
            _entries[i] = _entries[i] with { Next = bucket - 1 };
            bucket = i + 1;
        }
    }

    private void Append(ReadOnlySpan<byte> octets)
    {
        octets.CopyTo(_octets.AsSpan(_length));
        _length += octets.Length;
    }

    private void Reserve(int length)
    {
        int end = checked(_length + length);
        if (end > _octets.Length) Array.Resize(ref _octets, (int)Math.Min(Math.Max(2L * _octets.Length, end), Array.MaxLength));
    }

    private readonly record struct Entry(
        int Hash, int Next, RecordType Type, byte BailiwickLabels, Provenance Provenance, int Offset, int NameLength, int RdataLength, int History, int HistoryLength);
}
