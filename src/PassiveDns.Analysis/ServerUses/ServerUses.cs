using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace PassiveDns.Analysis;

/// <summary>Who uses this name server or mail server.</summary>
/// <param name="reader">The store.</param>
/// <param name="options">What all analyses share.</param>
public sealed class ServerUses(IObservationReader reader, AnalysisOptions? options = null)
{
    private readonly AnalysisOptions _options = options ?? new();

    /// <summary>Finds the names, server by server in canonical order, and each name once for each side that says so.</summary>
    /// <param name="query">The question.</param>
    /// <exception cref="ArgumentException">The window is none.</exception>
    public AnswerStream<ServerUse> Find(ServerUseQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        query.Window.Validate();
        return new(() => new(reader, _options), (evidence, cancellationToken) => WalkAsync(query, query.Window.Presence, null, [], evidence, cancellationToken));
    }

    /// <summary>
    /// Finds the names whose servers had an address in a range at the time: two hops, joined in time. It finds zones that used a rogue server even when the
    /// server had a name of its own for each of them.
    /// </summary>
    /// <param name="range">The addresses and the window.</param>
    /// <param name="role">What the servers do.</param>
    /// <exception cref="ArgumentException">The range or the window is none.</exception>
    public AnswerStream<ServerUse> FindByAddress(SharedAddressQuery range, ServerRole role)
    {
        ArgumentNullException.ThrowIfNull(range);
        range.Validate();
        return new(() => new(reader, _options), (evidence, cancellationToken) => WalkAsync(range, role, evidence, cancellationToken));
    }

    private async IAsyncEnumerable<ServerUse> WalkAsync(
        SharedAddressQuery range, ServerRole role, EvidenceReader evidence, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (List<Observation> rows in HostsAsync(range, evidence, cancellationToken).ConfigureAwait(false))
        {
            Presence presence = Presence.Of(rows.SelectMany(static row => Presence.Of(row.History).Stretches)).Intersect(range.Window.Presence);
            RecordData.TryGetAddress(rows[0].Type, rows[0].Rdata[0].Canonical, out HostAddress address);
            ServerUseQuery second = new(rows[0].RrName, role) { Window = range.Window };
            await foreach (ServerUse use in WalkAsync(second, presence, address, [.. rows], evidence, cancellationToken).ConfigureAwait(false)) yield return use;
        }
    }

    // One host at one address can have several rows: its zone's, the parent's glue, other provenance. They follow each other.
    private static async IAsyncEnumerable<List<Observation>> HostsAsync(SharedAddressQuery range, EvidenceReader evidence, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ObservationQuery addresses = new(new QueryAnchor.AddressRange(range.First, range.Last)) { Time = range.Window.Filter };
        List<Observation> host = [];
        await foreach (Observation row in evidence.ReadAsync(addresses, cancellationToken).ConfigureAwait(false))
        {
            if (host.Count > 0 && (host[0].RrName != row.RrName || host[0].Rdata[0] != row.Rdata[0]))
            {
                yield return host;
                host = [];
            }

            host.Add(row);
        }

        if (host.Count > 0) yield return host;
    }

    private async IAsyncEnumerable<ServerUse> WalkAsync(
        ServerUseQuery query, Presence within, HostAddress? address, Observation[] behind, EvidenceReader evidence, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ObservationQuery rows = new(new QueryAnchor.Target(query.Server, query.IncludeSubtree))
        {
            Types = TypeSelection.Of(query.Role == ServerRole.NameServer ? RecordType.NS : RecordType.MX), Time = query.Window.Filter,
        };
        ServerUse? pending = null;
        byte[] folded = new byte[DomainName.MaxWireLength];
        await foreach (Observation row in evidence.ReadAsync(rows, cancellationToken).ConfigureAwait(false))
        {
            Presence presence = Presence.Of(row.History).Intersect(within);
            if (presence.IsEmpty || !TryRead(row, folded, out DomainName server, out int? preference)) continue;
            ServerUse use = new()
            {
                Name = row.RrName,
                RegistrableDomain = _options.RegistrableDomain(row.RrName),
                Server = server,
                Role = query.Role,
                Side = query.Role == ServerRole.NameServer && row.Bailiwick != row.RrName ? UseSide.Parent : UseSide.Apex,
                Presence = presence,
                Count = row.History.Count,
                Preference = preference,
                ServerAddress = address,
                Evidence = [row, .. behind],
            };
            if (pending is not null && IsSame(pending, use)) pending = Join(pending, use);
            else
            {
                if (pending is not null) yield return pending;
                pending = use;
            }
        }

        if (pending is not null) yield return pending;
    }

    private static bool TryRead(Observation row, byte[] folded, out DomainName server, out int? preference)
    {
        ReadOnlySpan<byte> canonical = row.Rdata[0].Canonical;
        preference = row.Type == RecordType.MX && canonical.Length > 2 ? BinaryPrimitives.ReadUInt16BigEndian(canonical) : null;
        server = default;
        return RecordData.TryGetTarget(row.Type, canonical, folded, out ReadOnlySpan<byte> target) && DomainName.TryFromWire(target, out server);
    }

    // Rows of one name differ in bailiwick, provenance and preference; in key order they follow each other for one server and side.
    private static bool IsSame(ServerUse one, ServerUse other) => one.Name == other.Name && one.Server == other.Server && one.Side == other.Side;

    private static ServerUse Join(ServerUse one, ServerUse other) => one with
    {
        Presence = one.Presence.Unite(other.Presence),
        Count = SightingMerge.AddCounts(one.Count, other.Count),
        Preference = one.Preference is { } a && other.Preference is { } b ? Math.Min(a, b) : one.Preference ?? other.Preference,
        Evidence = [.. one.Evidence, .. other.Evidence.Except(one.Evidence)],
    };
}
