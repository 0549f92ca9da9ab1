using System.Collections.Immutable;

namespace PassiveDns.Analysis;

/// <summary>One address and the names that share it.</summary>
public sealed record AddressShare
{
    /// <summary>The address.</summary>
    public required HostAddress Address { get; init; }

    /// <summary>How widely it is used, aliases not counted: what a link through it is worth, and a warning before anybody blocks it.</summary>
    public required Degree Degree { get; init; }

    /// <summary>What is known of the address at its last sighting in the window, or <c>null</c>.</summary>
    public AddressFacts? Facts { get; init; }

    /// <summary>The names in canonical order (RFC 4034 section 6.1), those with address records of their own first.</summary>
    public required ImmutableArray<AddressName> Names { get; init; }

    /// <summary>Whether there are more names than were kept.</summary>
    public bool IsCut { get; init; }

    /// <summary>Whether aliases were looked for; not for mass hosting, where they would be everybody.</summary>
    public bool AreAliasesIncluded { get; init; }

    /// <summary>
    /// How long two names had this address at the same time, in seconds: the overlap of their lifetimes. Two that follow each other on an address
    /// share nothing.
    /// </summary>
    public static long Overlap(AddressName one, AddressName other)
    {
        ArgumentNullException.ThrowIfNull(one);
        ArgumentNullException.ThrowIfNull(other);
        return one.Presence.Intersect(other.Presence).Seconds;
    }
}
