using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace PassiveDns.Aggregation;

/// <summary>The name servers of the root zone and their addresses: what bailiwick verification starts from and never forgets.</summary>
/// <remarks>
/// A file may hold delegations of other zones too. The root zone as IANA publishes it, for example, spares a new sensor the time until it has seen
/// the servers of each top-level domain. What stands in the hints is believed for all times, so give it no more than that.
/// </remarks>
public sealed class RootHints
{
    private static readonly Lazy<RootHints> s_default = new(ReadDefault);

    private RootHints(IReadOnlyList<(DomainName Zone, DomainName Server)> servers, IReadOnlyList<(DomainName Server, HostAddress Address)> addresses)
    {
        Servers = servers;
        Addresses = addresses;
    }

    /// <summary>The real root servers, as IANA publishes them.</summary>
    public static RootHints Default => s_default.Value;

    /// <summary>Zones and the names of their servers; at least one of the root.</summary>
    public IReadOnlyList<(DomainName Zone, DomainName Server)> Servers { get; }

    /// <summary>Their addresses, at least one.</summary>
    public IReadOnlyList<(DomainName Server, HostAddress Address)> Addresses { get; }

    /// <summary>The addresses of the servers of the root alone, where a walk down begins.</summary>
    public IEnumerable<HostAddress> RootServers =>
        Addresses.Where(address => Servers.Contains((DomainName.Root, address.Server))).Select(address => address.Address).Distinct();

    /// <summary>Reads hints from a file in zone-file form.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="FormatException">A line is not <c>name [ttl] [class] type rdata</c>, or there is no NS or no address; the message names file and line.</exception>
    public static RootHints Load(string path)
    {
        using StreamReader reader = new(path);
        return Parse(reader, path);
    }

    /// <summary>Reads hints in zone-file form: one record a line as <c>name [ttl] [class] type rdata</c>, comments after <c>;</c>. Types other than NS, A and AAAA are passed over.</summary>
    /// <param name="reader">The text.</param>
    /// <exception cref="FormatException">A line has another form, or there is no NS of the root or no address for it; the message names the line.</exception>
    public static RootHints Parse(TextReader reader) => Parse(reader, "root hints");

    private static RootHints Parse(TextReader reader, string source)
    {
        HashSet<(DomainName Zone, DomainName Server)> servers = [];
        HashSet<(DomainName Server, HostAddress Address)> addresses = [];
        int number = 0;
        DomainName last = default;
        while (reader.ReadLine() is { } line)
        {
            number++;
            int comment = line.IndexOf(';', StringComparison.Ordinal);
            if (comment >= 0) line = line[..comment];
            if (string.IsNullOrWhiteSpace(line) || line[0] == '$') continue; // $TTL and $ORIGIN . change nothing here
            string[] fields = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            int at = 0;
            if (!char.IsWhiteSpace(line[0]))
            {
                last = fields[0] is "." or "@" ? default
                    : DomainName.TryParse(fields[0], out DomainName name) ? name
                    : throw Bad(source, number, $"'{fields[0]}' is no domain name");
                at = 1;
            }

            while (at < fields.Length && IsTtlOrClass(fields[at])) at++;
            if (at + 2 > fields.Length) throw Bad(source, number, "a record needs a name, a type and data");
            ReadRecord(source, number, last, fields[at], fields[at + 1], servers, addresses);
        }

        HashSet<DomainName> names = [.. servers.Select(s => s.Server)];
        HashSet<DomainName> roots = [.. servers.Where(s => s.Zone.IsRoot).Select(s => s.Server)];
        addresses.RemoveWhere(a => !names.Contains(a.Server));
        if (roots.Count == 0) throw new FormatException($"{source}: no NS record of the root (as in '. NS a.root-servers.net.').");
        if (!addresses.Any(a => roots.Contains(a.Server))) throw new FormatException($"{source}: no A or AAAA record of a root server.");
        return new([.. servers], [.. addresses]);
    }

    private static void ReadRecord(
        string source, int number, DomainName owner, string type, string data, HashSet<(DomainName, DomainName)> servers, HashSet<(DomainName, HostAddress)> addresses)
    {
        switch (type.ToUpperInvariant())
        {
            case "NS":
                servers.Add((owner, DomainName.TryParse(data, out DomainName server) ? server : throw Bad(source, number, $"'{data}' is no domain name")));
                break;
            case "A":
            case "AAAA":
                AddressFamily family = type.Length == 1 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6;
                if (!IPAddress.TryParse(data, out IPAddress? address) || address.AddressFamily != family)
                {
                    throw Bad(source, number, $"'{data}' is no address for a record of type {type}");
                }

                addresses.Add((owner, HostAddress.From(address)));
                break;
            default:
                if (!type.All(c => char.IsAsciiLetterOrDigit(c))) throw Bad(source, number, $"'{type}' is no record type");
                break;
        }
    }

    private static bool IsTtlOrClass(string field) =>
        uint.TryParse(field, NumberStyles.None, CultureInfo.InvariantCulture, out _)
        || field.ToUpperInvariant() is "IN" or "CH" or "HS"
        || (char.IsAsciiDigit(field[0]) && field.All(c => char.IsAsciiDigit(c) || "wdhmsWDHMS".Contains(c, StringComparison.Ordinal)));

    private static FormatException Bad(string source, int line, string problem) =>
        new($"{source}, line {line}: {problem}. Hints have the form 'name [ttl] [class] type data' with types NS, A and AAAA.");

    private static RootHints ReadDefault()
    {
        using Stream stream = typeof(RootHints).Assembly.GetManifestResourceStream("PassiveDns.Aggregation.root.hints")!;
        using StreamReader reader = new(stream);
        return Parse(reader);
    }
}
