using System.Runtime.CompilerServices;

namespace PassiveDns.Analysis;

/// <summary>Which zones are served like a zone: by the same set of name servers, or by some of them.</summary>
/// <param name="reader">The store.</param>
/// <param name="options">What all analyses share. A server weighs its idf where <see cref="DegreeOptions.Population"/> is known, else 1 / ln(2 + df).</param>
public sealed class SimilarZones(IObservationReader reader, AnalysisOptions? options = null)
{
    private readonly AnalysisOptions _options = options ?? new();

    /// <summary>Finds the zones, the most similar first.</summary>
    /// <param name="zone">The zone to begin with.</param>
    /// <param name="window">The time that is meant.</param>
    /// <param name="most">The most zones to give, 1 or more.</param>
    /// <exception cref="ArgumentException">The window is none, or <paramref name="most"/> under 1.</exception>
    public AnswerStream<SimilarZone> Find(DomainName zone, TimeWindow? window = null, int most = 100)
    {
        TimeWindow asked = window ?? TimeWindow.Always;
        asked.Validate();
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        return new(() => new(reader, _options), (evidence, cancellationToken) => WalkAsync(zone, asked, most, evidence, cancellationToken));
    }

    private async IAsyncEnumerable<SimilarZone> WalkAsync(
        DomainName zone, TimeWindow window, int most, EvidenceReader evidence, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        List<ServedRow> own = await SetsAsync(zone, window, evidence, cancellationToken).ConfigureAwait(false);
        Dictionary<DomainName, HashSet<DomainName>> users = []; // server > zones
        Dictionary<DomainName, int> candidates = []; // zone > how many servers are shared
        foreach (DomainName server in own.SelectMany(static row => row.Set.Servers).Distinct().Order())
        {
            HashSet<DomainName> zones = users[server] = [];
            ObservationQuery rows = new(new QueryAnchor.Target(server)) { Types = TypeSelection.Of(RecordType.NS), Time = window.Filter };
            await foreach (Observation row in evidence.ReadAsync(rows, cancellationToken).ConfigureAwait(false))
            {
                if (zones.Add(row.RrName) && row.RrName != zone) candidates[row.RrName] = candidates.GetValueOrDefault(row.RrName) + 1;
            }
        }

        Dictionary<DomainName, Degree> known = users.ToDictionary(static pair => pair.Key, pair => DegreeOf(pair.Value));
        List<SimilarZone> similar = [];

        // Candidates that share most are looked at first, and no more than could come into the answer after their own servers are known.
        foreach (DomainName candidate in candidates.OrderByDescending(static c => c.Value).ThenBy(static c => c.Key).Select(static c => c.Key).Take(10 * most))
        {
            List<ServedRow> theirs = await SetsAsync(candidate, window, evidence, cancellationToken).ConfigureAwait(false);
            if (Compare(candidate, own, theirs, known) is { } one) similar.Add(one);
        }

        foreach (SimilarZone one in similar.OrderByDescending(static s => s.HasSameSet).ThenByDescending(static s => s.Similarity).ThenBy(static s => s.Name).Take(most)) yield return one;
    }

    private SimilarZone? Compare(DomainName candidate, List<ServedRow> own, List<ServedRow> theirs, Dictionary<DomainName, Degree> known)
    {
        HashSet<DomainName> mine = [.. own.SelectMany(static row => row.Set.Servers)];
        HashSet<DomainName> other = [.. theirs.SelectMany(static row => row.Set.Servers)];
        DomainName[] shared = [.. mine.Intersect(other).Order()];
        if (shared.Length == 0) return null;
        double both = shared.Sum(Weight), either = mine.Union(other).Sum(Weight);
        return new()
        {
            Name = candidate,
            Similarity = either > 0 ? both / either : (double)shared.Length / mine.Union(other).Count(),
            HasSameSet = theirs.Exists(row => own.Exists(mine => mine.Set.Equals(row.Set) && !mine.Presence.Intersect(row.Presence).IsEmpty)),
            Shared = [.. shared.Select(server => (server, known[server]))],
            Evidence = [.. theirs.Where(row => row.Set.Servers.Any(mine.Contains)).Select(static row => row.Row)],
        };

        // A server that only the candidate uses is as rare as anything here can be.
        double Weight(DomainName server)
        {
            Degree degree = known.TryGetValue(server, out Degree found) ? found : Degree.Of(1, 1, _options.Degree);
            return degree.InverseFrequency ?? 1 / Math.Log(2 + degree.RegistrableDomains);
        }
    }

    private static async ValueTask<List<ServedRow>> SetsAsync(DomainName zone, TimeWindow window, EvidenceReader evidence, CancellationToken cancellationToken)
    {
        List<ServedRow> sets = [];
        ObservationQuery rows = new(new QueryAnchor.OwnerName(zone)) { Types = TypeSelection.Of(RecordType.NS), Time = window.Filter };
        await foreach (Observation row in evidence.ReadAsync(rows, cancellationToken).ConfigureAwait(false))
        {
            sets.Add(new(row, NameServerSet.Of(row), Presence.Of(row.History).Intersect(window.Presence)));
        }

        return sets;
    }

    private Degree DegreeOf(HashSet<DomainName> zones) => Degree.Of(zones.Count, zones.Select(_options.RegistrableDomain).Distinct().Count(), _options.Degree);

    private readonly record struct ServedRow(Observation Row, NameServerSet Set, Presence Presence);
}
