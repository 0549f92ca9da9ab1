using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace PassiveDns.Analysis;

/// <summary>Where a name was hosted, and how unstable that was.</summary>
/// <param name="reader">The store.</param>
/// <param name="options">What all analyses share.</param>
public sealed class NameHistories(IObservationReader reader, AnalysisOptions? options = null)
{
    private const long MaxAliasTimeToLive = 86_400; // what resolvers keep at most by default

    private static readonly TypeSelection s_own = TypeSelection.Of(RecordType.A, RecordType.NS, RecordType.CNAME, RecordType.MX, RecordType.AAAA);
    private static readonly TypeSelection s_behindAlias = TypeSelection.Of(RecordType.A, RecordType.CNAME, RecordType.AAAA);
    private static readonly TypeSelection s_zone = TypeSelection.Of(RecordType.NS);

    private readonly AnalysisOptions _options = options ?? new();

    /// <summary>Finds the history of a name: one, or none if the name is not known in the window.</summary>
    /// <param name="query">The question.</param>
    /// <exception cref="ArgumentException">The window is none, or an option of <see cref="AnalysisOptions.Instability"/> is out of range.</exception>
    public AnswerStream<NameHistory> Find(HistoryQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        query.Window.Validate();
        _options.Instability.Validate();
        return new(() => new(reader, _options), (evidence, cancellationToken) => WalkAsync(query, evidence, cancellationToken));
    }

    private async IAsyncEnumerable<NameHistory> WalkAsync(HistoryQuery query, EvidenceReader evidence, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        StoreStatus status = await reader.GetStatusAsync(cancellationToken).ConfigureAwait(false);
        TrackReader tracks = new(evidence, query.Window, (long)status.IntervalGap.TotalSeconds, _options.Negatives);
        ImmutableArray<RrsetTrack> own = await tracks.ReadAsync(query.Name, s_own, query.Window.Presence, cancellationToken).ConfigureAwait(false);
        if (own.IsEmpty) yield break;
        ImmutableArray<RrsetTrack> aliased = query.FollowAliases ? await FollowAsync(query.Name, own, tracks, cancellationToken).ConfigureAwait(false) : [];
        List<RrsetTrack> all = [.. own, .. aliased];
        if (query.IncludeZones)
        {
            // A zone that held the name for a time only tells of that time.
            foreach (IGrouping<DomainName, RrsetTrack> zone in own.Where(track => track.Zone != query.Name && track.Side != UseSide.Parent).GroupBy(static track => track.Zone))
            {
                Presence within = Presence.Of(zone.SelectMany(static track => track.States).Where(static state => !state.IsAbsence).SelectMany(static state => state.Presence.Stretches));
                Presence span = Presence.Of(within.First, within.Last);
                all.AddRange(await tracks.ReadAsync(zone.Key, s_zone, span.Intersect(query.Window.Presence), cancellationToken).ConfigureAwait(false));
            }
        }

        ImmutableArray<HostedAddress> addresses = Addresses(all);
        long now = Math.Min(query.Window.To, status.LastSeen ?? query.Window.To);
        yield return new()
        {
            Name = query.Name,
            Tracks = [.. all],
            Addresses = addresses,
            Instability = await new InstabilityMeasure(_options, evidence).MeasureAsync(all, addresses, now, cancellationToken).ConfigureAwait(false),
        };
    }

    private static async ValueTask<ImmutableArray<RrsetTrack>> FollowAsync(
        DomainName name, ImmutableArray<RrsetTrack> own, TrackReader reader, CancellationToken cancellationToken)
    {
        Dictionary<DomainName, Presence> known = new() { [name] = Presence.Always };
        Dictionary<DomainName, ImmutableArray<RrsetTrack>> found = [];
        List<(DomainName Target, Presence Presence)> links = Links(own);
        for (int depth = 1; depth <= AliasWalk.MaxDepth && links.Count > 0; depth++)
        {
            List<RrsetTrack> next = [];
            foreach ((DomainName target, Presence presence) in links)
            {
                Presence before = known.GetValueOrDefault(target, Presence.Never);
                if (presence.Intersect(before) == presence) continue; // a loop, or nothing new
                known[target] = before.Unite(presence);
                found[target] = await reader.ReadAsync(target, s_behindAlias, known[target], cancellationToken).ConfigureAwait(false);
                next.AddRange(found[target]);
            }

            links = Links(next);
        }

        return [.. found.OrderBy(static pair => pair.Key).SelectMany(static pair => pair.Value)];
    }

    // Resolvers look the target up while the alias is in their cache, and the alias while the target is: the two are seldom seen in the same second.
    private static List<(DomainName Target, Presence Presence)> Links(IEnumerable<RrsetTrack> tracks)
    {
        SortedDictionary<DomainName, Presence> links = [];
        foreach (RrsetState state in tracks.Where(static track => track.Type == RecordType.CNAME).SelectMany(static track => track.States))
        {
            foreach (Rdata rdata in state.Values)
            {
                if (DomainName.TryFromWire(rdata.Canonical, out DomainName target)) links[target] = links.GetValueOrDefault(target, Presence.Never).Unite(Widen(state));
            }
        }

        return [.. links.Select(static pair => (pair.Key, pair.Value))];
    }

    private static Presence Widen(RrsetState alias)
    {
        long timeToLive = Math.Min(alias.MaxTimeToLive ?? 0, MaxAliasTimeToLive);
        return Presence.Of(alias.Presence.Stretches.Select(stretch => new TimeStretch(stretch.First - timeToLive, stretch.Last + timeToLive)));
    }

    private ImmutableArray<HostedAddress> Addresses(IEnumerable<RrsetTrack> tracks)
    {
        SortedDictionary<HostAddress, List<TimeStretch>> stretches = [];
        foreach (RrsetState state in tracks.SelectMany(static track => track.States))
        {
            foreach (Rdata rdata in state.Values)
            {
                if (!RecordData.TryGetAddress(rdata.Type, rdata.Canonical, out HostAddress address)) continue;
                if (!stretches.TryGetValue(address, out List<TimeStretch>? some)) stretches.Add(address, some = []);
                some.AddRange(state.Presence.Stretches);
            }
        }

        return [.. stretches.Select(pair => Hosted(pair.Key, Presence.Of(pair.Value)))];
    }

    private HostedAddress Hosted(HostAddress address, Presence presence) => new()
    {
        Address = address,
        Prefix = AddressPrefix.Of(address, address.IsIPv4 ? _options.Instability.PrefixLength4 : _options.Instability.PrefixLength6),
        Presence = presence,
        Facts = Facts(address, presence),
    };

    private ImmutableArray<DatedAddressFacts> Facts(HostAddress address, Presence presence)
    {
        ImmutableArray<DatedAddressFacts>.Builder facts = ImmutableArray.CreateBuilder<DatedAddressFacts>();
        if (_options.Enrichment is not { } enrichment) return [];
        foreach (long time in presence.Stretches.SelectMany(static stretch => new[] { stretch.First, stretch.Last }))
        {
            if (enrichment.Find(address, time) is { } found && (facts.Count == 0 || facts[^1].Facts != found)) facts.Add(new(time, found));
        }

        return facts.ToImmutable();
    }
}
