using System.Collections.Immutable;

namespace PassiveDns.Analysis;

/// <summary>Finds the window of about two TTLs in which the flux score is highest: a window that begins with a sighting is always among the highest.</summary>
internal sealed class FluxWindows
{
    private readonly Dictionary<HostAddress, int> _addresses = [];
    private readonly Dictionary<uint, int> _systems = [];
    private readonly Dictionary<DomainName, int> _servers = [];

    private readonly record struct Sight(TimeStretch Stretch, HostAddress? Address, uint? System, DomainName Server);

    /// <summary>The highest score, or <c>null</c> without addresses.</summary>
    /// <param name="addresses">The addresses.</param>
    /// <param name="servers">The name servers.</param>
    /// <param name="timeToLive">The TTL, or <c>null</c> if none is known: then the window is as long as it may be.</param>
    /// <param name="options">The weights, and what tells the autonomous systems.</param>
    public static FluxScore? Highest(ImmutableArray<HostedAddress> addresses, SortedDictionary<DomainName, Presence> servers, uint? timeToLive, AnalysisOptions options)
    {
        InstabilityOptions weights = options.Instability;
        long longest = (long)weights.FluxMaxTime.TotalSeconds;
        long length = timeToLive is { } ttl ? Math.Min(longest, (long)Math.Ceiling(weights.FluxTimesToLive * ttl)) : longest;
        Sight[] sightings =
        [
            .. addresses.SelectMany(address => address.Presence.Stretches.Select(stretch =>
                new Sight(stretch, address.Address, options.Enrichment?.Find(address.Address, stretch.First)?.AutonomousSystem, default)))
                .Concat(servers.SelectMany(static server => server.Value.Stretches.Select(stretch => new Sight(stretch, null, null, server.Key))))
                .OrderBy(static sighting => sighting.Stretch.First),
        ];
        bool areSystemsKnown = Array.Exists(sightings, static sighting => sighting.System is not null);
        FluxWindows window = new();
        PriorityQueue<Sight, long> inside = new();
        FluxScore? best = null;
        double highest = double.NegativeInfinity;
        int next = 0;
        foreach (Sight start in sightings)
        {
            if (start.Address is null) continue;
            long from = start.Stretch.First;
            for (; next < sightings.Length && sightings[next].Stretch.First <= from + length; next++)
            {
                window.Count(sightings[next], 1);
                inside.Enqueue(sightings[next], sightings[next].Stretch.Last);
            }

            while (inside.TryPeek(out Sight gone, out long last) && last < from)
            {
                inside.Dequeue();
                window.Count(gone, -1);
            }

            (int nA, int nAsn, int nNs) = (window._addresses.Count, window._systems.Count, window._servers.Count);
            double score = (weights.FluxAddressWeight * nA) + (weights.FluxNetworkWeight * nAsn) + (weights.FluxServerWeight * nNs);
            if (score <= highest) continue;
            highest = score;
            best = new(from, length, nA, areSystemsKnown ? nAsn : null, nNs, areSystemsKnown ? score : null, weights.FluxThreshold);
        }

        return best;
    }

    private void Count(Sight sighting, int change)
    {
        if (sighting.Address is { } address) Count(_addresses, address, change);
        else Count(_servers, sighting.Server, change);
        if (sighting.System is { } system) Count(_systems, system, change);
    }

    private static void Count<TKey>(Dictionary<TKey, int> counts, TKey key, int change)
        where TKey : notnull
    {
        int count = counts.GetValueOrDefault(key) + change;
        if (count == 0) counts.Remove(key);
        else counts[key] = count;
    }
}
