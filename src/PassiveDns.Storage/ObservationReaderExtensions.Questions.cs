using System.Net;

namespace PassiveDns.Storage;

public static partial class ObservationReaderExtensions
{
    /// <summary>What is known of one name.</summary>
    /// <param name="reader">The store or reader.</param>
    /// <param name="name">The name, such as <c>www.example.com</c>, in presentation form (RFC 1035 section 5.1).</param>
    /// <param name="types">The types wanted; all but those of DNSSEC if none is given.</param>
    /// <exception cref="FormatException">The text is no domain name.</exception>
    public static IAsyncEnumerable<Observation> FindNameAsync(this IObservationReader reader, string name, params ReadOnlySpan<RecordType> types) =>
        reader.FindAsync(Ask(new QueryAnchor.OwnerName(DomainName.Parse(name)), types));

    /// <summary>What is known of a name and of everything under it.</summary>
    /// <param name="reader">The store or reader.</param>
    /// <param name="apex">The name at the top.</param>
    /// <param name="types">The types wanted; all but those of DNSSEC if none is given.</param>
    /// <exception cref="FormatException">The text is no domain name.</exception>
    public static IAsyncEnumerable<Observation> FindSubtreeAsync(this IObservationReader reader, string apex, params ReadOnlySpan<RecordType> types) =>
        reader.FindAsync(Ask(new QueryAnchor.Subtree(DomainName.Parse(apex)), types));

    /// <summary>Which names had an address: single A or AAAA records.</summary>
    /// <param name="reader">The store or reader.</param>
    /// <param name="address">The address.</param>
    public static IAsyncEnumerable<Observation> FindAddressAsync(this IObservationReader reader, IPAddress address) =>
        reader.FindAsync(Ask(QueryAnchor.Address(HostAddress.From(address)), []));

    /// <summary>Which names had an address of a network: single A or AAAA records.</summary>
    /// <param name="reader">The store or reader.</param>
    /// <param name="network">The network.</param>
    public static IAsyncEnumerable<Observation> FindNetworkAsync(this IObservationReader reader, IPNetwork network) =>
        reader.FindAsync(Ask(QueryAnchor.Network(network), []));

    /// <summary>Which names point to a name: single records, such as the NS of all zones that a name server serves.</summary>
    /// <param name="reader">The store or reader.</param>
    /// <param name="target">The name pointed to, such as <c>ns1.example.net</c>.</param>
    /// <param name="types">The types wanted, such as <see cref="RecordType.NS"/> or <see cref="RecordType.MX"/>; all if none is given.</param>
    /// <exception cref="FormatException">The text is no domain name.</exception>
    public static IAsyncEnumerable<Observation> FindTargetAsync(this IObservationReader reader, string target, params ReadOnlySpan<RecordType> types) =>
        reader.FindAsync(Ask(new QueryAnchor.Target(DomainName.Parse(target)), types));

    private static ObservationQuery Ask(QueryAnchor anchor, ReadOnlySpan<RecordType> types) =>
        types.IsEmpty ? new(anchor) : new(anchor) { Types = TypeSelection.Of(types) };
}
