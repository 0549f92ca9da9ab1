using System.Diagnostics;

namespace PassiveDns;

/// <summary>The canonical data of one record, owned.</summary>
[DebuggerDisplay("{Type} {ToString(),nq}")]
public readonly struct Rdata : IEquatable<Rdata>
{
    private readonly byte[]? _canonical;

    internal Rdata(RecordType type, ReadOnlySpan<byte> canonical)
    {
        Type = type;
        _canonical = canonical.ToArray();
    }

    /// <summary>The type that the data belongs to.</summary>
    public RecordType Type { get; }

    /// <summary>The canonical rdata: names uncompressed, and in lower case for the types of RFC 4034 section 6.2.</summary>
    public ReadOnlySpan<byte> Canonical => _canonical;

    /// <summary>The presentation form, or <c>\# length hex</c> for a type without one (RFC 3597 section 5).</summary>
    public override string ToString() => RdataText.Format(Type, Canonical);

    /// <inheritdoc/>
    public bool Equals(Rdata other) => Type == other.Type && Canonical.SequenceEqual(other.Canonical);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Rdata other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.Add(Type);
        hash.AddBytes(Canonical);
        return hash.ToHashCode();
    }

    /// <summary>Whether type and data are the same.</summary>
    public static bool operator ==(Rdata left, Rdata right) => left.Equals(right);

    /// <summary>Whether type or data differ.</summary>
    public static bool operator !=(Rdata left, Rdata right) => !left.Equals(right);
}
