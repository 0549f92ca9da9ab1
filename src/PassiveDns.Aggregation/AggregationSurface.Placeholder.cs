// Stands in for the aggregation room until it lands, so that what builds on its surface compiles. It observes nothing.
#pragma warning disable CS1591, CA1822, CA1716
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace PassiveDns.Aggregation;

/// <summary>How a <see cref="ResponseAggregator"/> verifies, holds and hands on what it is given. The defaults suit one busy sensor.</summary>
public sealed record AggregationOptions
{
    /// <summary>The sensor whose rows and batches these are.</summary>
    public SensorId Sensor { get; init; }

    /// <summary>The run of the sensor (see <see cref="BatchId.Epoch"/>): the same for the same input where a repeated import must not count twice.</summary>
    public ulong Epoch { get; init; }

    /// <summary>
    /// How long sightings are summed before they are handed on, in the time of the data. Windows are aligned to 1970, so that their borders depend
    /// on the data alone. One second or more; default one hour.
    /// </summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromHours(1);

    /// <summary>
    /// Octets that the rows held may take, 1 MiB or more. When they are used up, the older half of the rows leaves early as batches. Default 256 MiB.
    /// The verifier's cache and the waiting room have bounds of their own.
    /// </summary>
    public long MemoryBudget { get; init; } = 256L << 20;

    /// <summary>The most rows of one batch, 1 or more. Default 50,000.</summary>
    public int MaxRowsPerBatch { get; init; } = 50_000;

    /// <summary>Where verification starts: the root servers. Default: the real ones.</summary>
    public RootHints RootHints { get; init; } = RootHints.Default;

    /// <summary>
    /// Whether RRsets that nothing supports become rows with <see cref="Provenance.Unverified"/>. <c>false</c>: they are dropped and counted.
    /// Default <c>true</c>.
    /// </summary>
    public bool KeepUnverified { get; init; } = true;

    /// <summary>
    /// The most records an RRset may have; a larger one is rejected whole and counted, never clipped (a clipped set is not the set that was
    /// published). Default 4096, which is all that a message can hold.
    /// </summary>
    public int MaxRrsetRecords { get; init; } = DnsReader.MaxRecords;

    /// <summary>
    /// How long a name server's name or address, once verified, stays good after it was last seen, in the time of the data. Default 7 days: the
    /// TTLs of delegations reach 2 days, and resolvers hold on to them.
    /// </summary>
    public TimeSpan DelegationGrace { get; init; } = TimeSpan.FromDays(7);

    /// <summary>The most names the verifier remembers (zones and their name servers); the least recently used leave first. Default 1,000,000.</summary>
    public int MaxDelegationNames { get; init; } = 1_000_000;

    /// <summary>
    /// How long an RRset waits for the delegation that would verify it, in the time of the data; it is also how much earlier than a delegation's
    /// first sight data may be verified by it. Default one hour.
    /// </summary>
    public TimeSpan WaitingTime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The most RRsets that wait at one time; the oldest is decided first. Default 200,000.</summary>
    public int MaxWaiting { get; init; } = 200_000;

    /// <summary>Octets that waiting RRsets may take, 1 MiB or more; the oldest is decided first. Default 64 MiB.</summary>
    public long MaxWaitingBytes { get; init; } = 64L << 20;

    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(RootHints);
        ArgumentOutOfRangeException.ThrowIfLessThan(Window, TimeSpan.FromSeconds(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(MemoryBudget, 1L << 20);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxRowsPerBatch, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxRrsetRecords, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(DelegationGrace, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxDelegationNames, 1024);
        ArgumentOutOfRangeException.ThrowIfLessThan(WaitingTime, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxWaiting, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxWaitingBytes, 1L << 20);
    }
}

/// <summary>The name servers of the root zone and their addresses: what bailiwick verification starts from and never forgets.</summary>
public sealed class RootHints
{
    private static readonly Lazy<RootHints> s_default = new(ReadDefault);

    private RootHints(IReadOnlyList<DomainName> servers, IReadOnlyList<(DomainName Server, HostAddress Address)> addresses)
    {
        Servers = servers;
        Addresses = addresses;
    }

    /// <summary>The real root servers, as IANA publishes them.</summary>
    public static RootHints Default => s_default.Value;

    /// <summary>The names of the root servers, at least one.</summary>
    public IReadOnlyList<DomainName> Servers { get; }

    /// <summary>Their addresses, at least one.</summary>
    public IReadOnlyList<(DomainName Server, HostAddress Address)> Addresses { get; }

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
        List<DomainName> servers = [];
        List<(DomainName Server, HostAddress Address)> addresses = [];
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
                    : DomainName.TryParse(fields[0], null, out DomainName name) ? name
                    : throw Bad(source, number, $"'{fields[0]}' is no domain name");
                at = 1;
            }

            while (at < fields.Length && IsTtlOrClass(fields[at])) at++;
            if (at + 2 > fields.Length) throw Bad(source, number, "a record needs a name, a type and data");
            ReadRecord(source, number, last, fields[at], fields[at + 1], servers, addresses);
        }

        addresses.RemoveAll(a => !servers.Contains(a.Server));
        if (servers.Count == 0) throw new FormatException($"{source}: no NS record of the root (as in '. NS a.root-servers.net.').");
        if (addresses.Count == 0) throw new FormatException($"{source}: no A or AAAA record of a root server.");
        return new(servers, addresses);
    }

    private static void ReadRecord(
        string source, int number, DomainName owner, string type, string data, List<DomainName> servers, List<(DomainName, HostAddress)> addresses)
    {
        switch (type.ToUpperInvariant())
        {
            case "NS" when owner.IsRoot:
                if (!DomainName.TryParse(data, null, out DomainName server)) throw Bad(source, number, $"'{data}' is no domain name");
                if (!servers.Contains(server)) servers.Add(server);
                break;
            case "NS":
                throw Bad(source, number, $"hints hold NS records of the root only, not of '{owner}'");
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
        using Stream stream = typeof(RootHints).Assembly.GetManifestResourceStream("x")!;
        using StreamReader reader = new(stream);
        return Parse(reader);
    }
}

public sealed record AggregationReport
{
    public long Responses { get; init; }

    public required IReadOnlyList<StageCount> Account { get; init; }
}

public sealed class ResponseAggregator(AggregationOptions options)
{
    private long _responses;

    public AggregationOptions Options { get; } = options;

    public void Add(scoped in CapturedResponse response) => _responses++;

    public bool TryTake([NotNullWhen(true)] out ObservationBatch? batch)
    {
        batch = null;
        return false;
    }

    public void Complete()
    {
    }

    public AggregationReport GetReport() => new() { Responses = _responses, Account = [] };
}
