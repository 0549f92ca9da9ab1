namespace PassiveDns;

public readonly partial struct DomainName : IComparable<DomainName>
{
    /// <summary>Compares in the canonical order of RFC 4034 section 6.1: label by label from the root, shorter names first.</summary>
    public int CompareTo(DomainName other)
    {
        Span<byte> mine = stackalloc byte[NameKey.MaxLength];
        Span<byte> theirs = stackalloc byte[NameKey.MaxLength];
        return mine[..NameKey.Write(Wire, mine)].SequenceCompareTo(theirs[..NameKey.Write(other.Wire, theirs)]);
    }

    /// <summary>Whether <paramref name="left"/> sorts before <paramref name="right"/> (RFC 4034 section 6.1).</summary>
    public static bool operator <(DomainName left, DomainName right) => left.CompareTo(right) < 0;

    /// <summary>Whether <paramref name="left"/> sorts after <paramref name="right"/> (RFC 4034 section 6.1).</summary>
    public static bool operator >(DomainName left, DomainName right) => left.CompareTo(right) > 0;

    /// <summary>Whether <paramref name="left"/> sorts before <paramref name="right"/> or equals it (RFC 4034 section 6.1).</summary>
    public static bool operator <=(DomainName left, DomainName right) => left.CompareTo(right) <= 0;

    /// <summary>Whether <paramref name="left"/> sorts after <paramref name="right"/> or equals it (RFC 4034 section 6.1).</summary>
    public static bool operator >=(DomainName left, DomainName right) => left.CompareTo(right) >= 0;
}
