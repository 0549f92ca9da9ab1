using System.Collections.Immutable;

namespace PassiveDns;

/// <summary>One RRset as it was answered, and when: a row that owns its data.</summary>
public sealed record Observation
{
    private readonly int _bailiwickLabels;

    internal Observation(scoped in ObservationRow row)
    {
        RrName = DomainName.FromCanonicalWire(row.RrName);
        Type = row.Type;
        _bailiwickLabels = row.BailiwickLabels;
        Provenance = row.Provenance;
        ImmutableArray<Rdata>.Builder rdata = ImmutableArray.CreateBuilder<Rdata>();
        foreach (ReadOnlySpan<byte> record in row.Rdata) rdata.Add(new(row.Type, record));
        Rdata = rdata.ToImmutable();
        History = SightingCodec.Decode(row.History);
    }

    /// <summary>The owner name.</summary>
    public DomainName RrName { get; }

    /// <summary>The type.</summary>
    public RecordType Type { get; }

    /// <summary>
    /// The apex of the zone in which the answering server speaks for this data: the owner name or an ancestor of it. A delegation seen at the
    /// parent and the same NS set seen at the child are two observations, on purpose.
    /// </summary>
    public DomainName Bailiwick => RrName.Ancestor(_bailiwickLabels);

    /// <summary>How the bailiwick is known.</summary>
    public Provenance Provenance { get; }

    /// <summary>The data of the set in canonical order (RFC 4034 section 6.3); one record in answers to questions about data.</summary>
    public ImmutableArray<Rdata> Rdata { get; }

    /// <summary>When and by whom it was seen.</summary>
    public SightingHistory History { get; }

    /// <inheritdoc/>
    public bool Equals(Observation? other) =>
        other is not null && RrName == other.RrName && Type == other.Type && _bailiwickLabels == other._bailiwickLabels
        && Provenance == other.Provenance && Rdata.AsSpan().SequenceEqual(other.Rdata.AsSpan()) && History.Equals(other.History);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(RrName, Type, _bailiwickLabels, Provenance, Rdata.Length, History);
}
