namespace PassiveDns.Aggregation;

/// <summary>Names below one parent that may be a flood, or are one.</summary>
internal sealed class FloodGroup(ulong key)
{
    /// <summary>Octets of a group without its owner and data.</summary>
    public const int Octets = NameSketch.MaxPackedLength * 2;

    public ulong Key { get; } = key;

    /// <summary>The names: seen so far in this window, or folded in it.</summary>
    public NameSketch Names { get; } = new();

    /// <summary>Whether the names are folded.</summary>
    public bool IsFolded => Owner.Length > 0;

    /// <summary>Whether names with any data belong to it.</summary>
    public bool HasAnyData { get; init; }

    /// <summary>The wildcard that stands for the names; empty until they are folded.</summary>
    public byte[] Owner { get; private set; } = [];

    /// <summary>The data: of all names, or of the first one.</summary>
    public byte[] Rdata { get; private set; } = [];

    /// <summary>Type, bailiwick and provenance (see <see cref="SightingRow.MakeHead"/>).</summary>
    public uint Head { get; private set; }

    /// <summary>What was folded in this window.</summary>
    public Sighting Sighting { get; private set; }

    /// <summary>Begins to fold.</summary>
    public void Fold(ReadOnlySpan<byte> parent, uint head, ReadOnlySpan<byte> rdata)
    {
        Owner = [1, (byte)'*', .. parent];
        Head = head;
        Rdata = rdata.ToArray();
        BeginWindow();
    }

    /// <summary>Whether a name with this key goes into the group: hashes find a group, octets decide.</summary>
    public bool Holds(ReadOnlySpan<byte> parent, uint head, ReadOnlySpan<byte> rdata) =>
        IsFolded && Head == head && Owner.AsSpan(2).SequenceEqual(parent) && (HasAnyData || Rdata.AsSpan().SequenceEqual(rdata));

    public void Count(ReadOnlySpan<byte> name, long time, uint timeToLive)
    {
        Names.Add(name);
        Sighting = Sighting.Count == 0 ? new(time, time, 1, timeToLive, timeToLive) : Sighting.With(time, timeToLive);
    }

    public void BeginWindow()
    {
        Names.Clear();
        Sighting = default;
    }
}
