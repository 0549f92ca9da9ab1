namespace PassiveDns.Aggregation;

/// <summary>The sets of one owner, type, bailiwick and provenance on one day.</summary>
internal sealed class Pool(ulong key)
{
    /// <summary>About as many octets as a full pool takes.</summary>
    public const int Octets = 256 << 10;

    private const int MaxRecords = 4096;
    private const int MaxPacked = 60_000;

    private readonly HashSet<byte[]> _records = new(RecordComparer.Instance);
    private int _packedLength;

    public ulong Key { get; } = key;

    /// <summary>Hashes of the sets that are kept one by one.</summary>
    public HashSet<ulong> Sets { get; } = [];

    /// <summary>The owner name; empty until sets are folded.</summary>
    public byte[] Owner { get; private set; } = [];

    /// <summary>Type, bailiwick and provenance (see <see cref="SightingRow.MakeHead"/>).</summary>
    public uint Head { get; private set; }

    /// <summary>What was folded in this window.</summary>
    public Sighting Sighting { get; private set; }

    public void Count(ReadOnlySpan<byte> owner, uint head, RdataSet set, long time, uint timeToLive)
    {
        if (Owner.Length == 0) (Owner, Head) = (owner.ToArray(), head);
        Sighting = Sighting.Count == 0 ? new(time, time, 1, timeToLive, timeToLive) : Sighting.With(time, timeToLive);
        HashSet<byte[]>.AlternateLookup<ReadOnlySpan<byte>> records = _records.GetAlternateLookup<ReadOnlySpan<byte>>();
        foreach (ReadOnlySpan<byte> record in set)
        {
            // What no longer fits into one set is still kept as a record of its own.
            if (_records.Count == MaxRecords || _packedLength + 2 + record.Length > MaxPacked) continue;
            if (records.Add(record)) _packedLength += 2 + record.Length;
        }
    }

    /// <summary>The union of the sets folded on this day, packed in canonical order (RFC 4034 section 6.3).</summary>
    public byte[] Union()
    {
        byte[] data = new byte[_packedLength];
        (int Offset, int Length)[] places = new (int, int)[_records.Count];
        int used = 0, at = 0;
        foreach (byte[] record in _records)
        {
            record.CopyTo(data, used);
            places[at++] = (used, record.Length);
            used += record.Length;
        }

        byte[] packed = new byte[_packedLength];
        return packed[..RdataSet.Pack(data, places, packed)];
    }

    public void BeginWindow() => Sighting = default;

    private sealed class RecordComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static readonly RecordComparer Instance = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(byte[] record) => (int)OctetHash.Compute(record);

        public int GetHashCode(ReadOnlySpan<byte> alternate) => (int)OctetHash.Compute(alternate);

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
