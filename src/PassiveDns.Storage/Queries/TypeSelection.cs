using System.Collections.Immutable;

namespace PassiveDns.Storage;

/// <summary>Which types a query wants.</summary>
public sealed record TypeSelection
{
    private TypeSelection(Kind kind, ImmutableArray<RecordType> types)
    {
        Selection = kind;
        Types = types;
    }

    /// <summary>What kinds of selection there are.</summary>
    public enum Kind : byte
    {
        /// <summary>All types but those of DNSSEC, as DNSDB's ANY.</summary>
        Any,

        /// <summary>The types of DNSSEC and no others, as DNSDB's ANY-DNSSEC.</summary>
        AnyDnssec,

        /// <summary>All types.</summary>
        All,

        /// <summary>The listed types.</summary>
        Listed,
    }

    /// <summary>All types but those of DNSSEC.</summary>
    public static TypeSelection Any { get; } = new(Kind.Any, []);

    /// <summary>The types of DNSSEC and no others.</summary>
    public static TypeSelection AnyDnssec { get; } = new(Kind.AnyDnssec, []);

    /// <summary>All types.</summary>
    public static TypeSelection All { get; } = new(Kind.All, []);

    /// <summary>The kind of selection.</summary>
    public Kind Selection { get; }

    /// <summary>The listed types; empty for the other kinds.</summary>
    public ImmutableArray<RecordType> Types { get; }

    /// <summary>Just these types.</summary>
    /// <param name="types">One or more types.</param>
    /// <exception cref="ArgumentException">No type was given.</exception>
    public static TypeSelection Of(params ReadOnlySpan<RecordType> types) =>
        types.IsEmpty ? throw new ArgumentException("Name at least one type, or use Any or All.", nameof(types)) : new(Kind.Listed, [.. types]);

    /// <summary>Whether a type belongs to the selection.</summary>
    /// <param name="type">The type.</param>
    public bool Includes(RecordType type) => Selection switch
    {
        Kind.Any => !type.IsDnssec(),
        Kind.AnyDnssec => type.IsDnssec(),
        Kind.Listed => Types.AsSpan().Contains(type),
        _ => true,
    };

    /// <inheritdoc/>
    public bool Equals(TypeSelection? other) => other is not null && Selection == other.Selection && Types.AsSpan().SequenceEqual(other.Types.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Selection, Types.Length);
}
