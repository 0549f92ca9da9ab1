using System.Net;

namespace PassiveDns.Storage;

/// <summary>Where a query looks. The set of anchors is closed: a store knows all of them, and each maps to a range of keys.</summary>
public abstract record QueryAnchor
{
    private QueryAnchor()
    {
    }

    /// <summary>RRsets of one owner name.</summary>
    /// <param name="Name">The owner name.</param>
    public sealed record OwnerName(DomainName Name) : QueryAnchor;

    /// <summary>RRsets of an owner name and of everything under it: <c>*.example.com</c>.</summary>
    /// <param name="Apex">The name at the top.</param>
    public sealed record Subtree(DomainName Apex) : QueryAnchor;

    /// <summary>RRsets whose owner name starts with these labels: <c>www.example.*</c>.</summary>
    /// <param name="Labels">The labels, as a name.</param>
    public sealed record NamePrefix(DomainName Labels) : QueryAnchor;

    /// <summary>Single records that point to a name: NS, CNAME, DNAME, PTR, MX, SRV, SVCB, HTTPS, SOA and the like.</summary>
    /// <param name="Name">The name pointed to.</param>
    /// <param name="IncludeSubtree">Whether names under it count too.</param>
    public sealed record Target(DomainName Name, bool IncludeSubtree = false) : QueryAnchor;

    /// <summary>Single A or AAAA records with an address in a range; both ends belong to it and are of one family.</summary>
    /// <param name="First">The lowest address.</param>
    /// <param name="Last">The highest address.</param>
    public sealed record AddressRange(HostAddress First, HostAddress Last) : QueryAnchor;

    /// <summary>Single records of one type whose canonical rdata equals or starts with these octets.</summary>
    /// <param name="Type">The type.</param>
    /// <param name="Octets">Canonical rdata, or the start of it.</param>
    /// <param name="IsPrefix">Whether longer rdata that starts with the octets counts too.</param>
    public sealed record RawRdata(RecordType Type, ReadOnlyMemory<byte> Octets, bool IsPrefix) : QueryAnchor;

    /// <summary>RRsets whose first sighting lies in a window.</summary>
    /// <param name="From">The earliest first sighting, in Unix seconds, inclusive.</param>
    /// <param name="To">The latest first sighting, in Unix seconds, inclusive, <paramref name="From"/> or later.</param>
    public sealed record FirstSeen(long From, long To) : QueryAnchor;

    /// <summary>
    /// RRsets with an interval that begins or ends in a window: what appeared, came back or fell silent in it. An interval ends with its latest
    /// sighting, so rows that are still seen end near <see cref="RecordPage.AsOf"/>; a silence is known to be one when the store's interval gap has passed.
    /// </summary>
    /// <param name="From">The start of the window, in Unix seconds, inclusive.</param>
    /// <param name="To">The end of the window, in Unix seconds, inclusive, <paramref name="From"/> or later.</param>
    public sealed record Changed(long From, long To) : QueryAnchor;

    /// <summary>All RRsets.</summary>
    public sealed record Everything : QueryAnchor;

    /// <summary>Single A or AAAA records with this address.</summary>
    /// <param name="address">The address.</param>
    public static QueryAnchor Address(HostAddress address) => new AddressRange(address, address);

    /// <summary>Single A or AAAA records with an address in a network.</summary>
    /// <param name="network">The network.</param>
    public static QueryAnchor Network(IPNetwork network)
    {
        HostAddress first = HostAddress.From(network.BaseAddress);
        return new AddressRange(first, first.LastOf(network.PrefixLength));
    }
}
