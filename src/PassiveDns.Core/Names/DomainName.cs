using System.Diagnostics;

namespace PassiveDns;

/// <summary>
/// A domain name that owns its bytes, in canonical form: uncompressed wire format with the ASCII letters A-Z folded to lower case
/// (RFC 4034 section 6.2, RFC 4343). Every octet value is allowed in a label. <c>default</c> is the root name.
/// </summary>
/// <remarks>
/// Names order as RFC 4034 section 6.1 prescribes, so that a name and everything under it are one contiguous range.
/// For a name inside a message that need not be owned, see <see cref="WireName"/>.
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public readonly partial struct DomainName : IEquatable<DomainName>
{
    /// <summary>The longest name in wire format, in octets, the final root octet included (RFC 1035 section 3.1).</summary>
    public const int MaxWireLength = 255;

    /// <summary>The longest label, in octets (RFC 1035 section 3.1).</summary>
    public const int MaxLabelLength = 63;

    /// <summary>The most labels a name can have, the root not counted: 127 of one octet each.</summary>
    public const int MaxLabels = 127;

    private readonly byte[]? _wire;

    private DomainName(byte[] canonicalWire) => _wire = canonicalWire;

    /// <summary>The root name, ".".</summary>
    public static DomainName Root => default;

    /// <summary>The name in canonical uncompressed wire format: length-prefixed labels, then a zero octet. 1 to 255 octets.</summary>
    public ReadOnlySpan<byte> Wire => _wire is null ? "\0"u8 : _wire;

    /// <summary>Whether this is the root name.</summary>
    public bool IsRoot => _wire is null || _wire.Length == 1;

    /// <summary>The number of labels, the root not counted: 0 for ".", 2 for "example.com.".</summary>
    public int LabelCount => NameWire.CountLabels(Wire);

    /// <summary>The name without its first label. The parent of the root is the root.</summary>
    public DomainName Parent => IsRoot ? default : new(Wire[(Wire[0] + 1)..].ToArray());

    /// <summary>The ancestor (or the name itself) that keeps the last <paramref name="labels"/> labels.</summary>
    /// <param name="labels">How many labels to keep, 0 (the root) to <see cref="LabelCount"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="labels"/> is negative or more than the name has.</exception>
    public DomainName Ancestor(int labels)
    {
        int own = LabelCount;
        ArgumentOutOfRangeException.ThrowIfNegative(labels);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(labels, own);
        return labels == own ? this : new(NameWire.Suffix(Wire, labels).ToArray());
    }

    /// <summary>Whether this name equals <paramref name="ancestor"/> or lies under it, label by label.</summary>
    /// <param name="ancestor">The possible ancestor; every name is at or under the root.</param>
    public bool IsAtOrUnder(DomainName ancestor) => NameWire.IsAtOrUnder(Wire, ancestor.Wire);

    /// <summary>Takes an uncompressed name in wire format and folds it to canonical form.</summary>
    /// <param name="wire">Exactly one uncompressed name, its root octet last.</param>
    /// <param name="name">The name, or the root when the result is <c>false</c>.</param>
    /// <returns><c>false</c> if the octets are not exactly one well-formed uncompressed name of at most 255 octets.</returns>
    public static bool TryFromWire(ReadOnlySpan<byte> wire, out DomainName name)
    {
        if (NameWire.Measure(wire) != wire.Length || wire.IsEmpty)
        {
            name = default;
            return false;
        }

        byte[] canonical = new byte[wire.Length];
        NameWire.Fold(wire, canonical);
        name = new(canonical);
        return true;
    }

    /// <summary>Takes octets that are already canonical uncompressed wire format, without looking at them again.</summary>
    internal static DomainName FromCanonicalWire(ReadOnlySpan<byte> canonicalWire) => canonicalWire.Length <= 1 ? default : new(canonicalWire.ToArray());

    /// <inheritdoc/>
    public bool Equals(DomainName other) => Wire.SequenceEqual(other.Wire);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is DomainName other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.AddBytes(Wire);
        return hash.ToHashCode();
    }

    /// <summary>Whether both names are the same in canonical form.</summary>
    public static bool operator ==(DomainName left, DomainName right) => left.Equals(right);

    /// <summary>Whether the names differ in canonical form.</summary>
    public static bool operator !=(DomainName left, DomainName right) => !left.Equals(right);
}
