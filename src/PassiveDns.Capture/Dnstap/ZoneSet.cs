using System.Diagnostics.CodeAnalysis;

namespace PassiveDns.Capture;

/// <summary>Zones by their names, to find the closest one above a name without allocating.</summary>
internal sealed class ZoneSet
{
    private readonly HashSet<byte[]> _zones = new(new Comparer());
    private readonly HashSet<byte[]>.AlternateLookup<ReadOnlySpan<byte>> _lookup;

    public ZoneSet(IEnumerable<string> zones)
    {
        foreach (string zone in zones) _zones.Add(DomainName.Parse(zone).Wire.ToArray());
        _lookup = _zones.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <summary>The zone at or closest above a name, as a part of the name; empty if there is none.</summary>
    /// <param name="name">A canonical, uncompressed name.</param>
    public ReadOnlySpan<byte> FindClosest(ReadOnlySpan<byte> name)
    {
        if (_zones.Count == 0) return default;
        while (!_lookup.Contains(name))
        {
            if (name[0] == 0) return default;
            name = name[(name[0] + 1)..];
        }

        return name;
    }

    private sealed class Comparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        private readonly SeededHash _hash = SeededHash.Create();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode([DisallowNull] byte[] obj) => GetHashCode(obj.AsSpan());

        public int GetHashCode(ReadOnlySpan<byte> alternate) => (int)_hash.Of(alternate);

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
