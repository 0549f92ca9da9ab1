using System.Collections.Immutable;

namespace PassiveDns.Analysis;

/// <summary>
/// Which share of the time each network had, in days (UTC): by autonomous system where all are known, else by prefix. In seconds a single sighting would weigh nothing beside a stretch of two, and how
/// much was sampled would decide.
/// </summary>
/// <param name="Longest">The greatest share, 0 to 1.</param>
/// <param name="Entropy">The entropy of the shares in bits.</param>
/// <param name="NormalisedEntropy">The entropy divided by its maximum, 0 to 1.</param>
internal readonly record struct NetworkShares(double Longest, double Entropy, double NormalisedEntropy)
{
    public static NetworkShares Of(ImmutableArray<HostedAddress> addresses, IAddressEnrichment? enrichment)
    {
        Dictionary<uint, List<TimeStretch>> systems = [];
        Dictionary<AddressPrefix, List<TimeStretch>> prefixes = [];
        bool areKnown = enrichment is not null;
        foreach (HostedAddress address in addresses)
        {
            foreach (TimeStretch stretch in address.Presence.Stretches)
            {
                Add(prefixes, address.Prefix, stretch);
                if (areKnown && enrichment!.Find(address.Address, stretch.First)?.AutonomousSystem is { } asn) Add(systems, asn, stretch);
                else areKnown = false;
            }
        }

        return areKnown ? Of([.. systems.OrderBy(static pair => pair.Key).Select(static pair => pair.Value)]) : Of([.. prefixes.OrderBy(static pair => pair.Key.First).Select(static pair => pair.Value)]);
    }

    private static NetworkShares Of(List<TimeStretch>[] networks)
    {
        double[] days = [.. networks.Select(static stretches => (double)WholeDays.Count(WholeDays.Of(Presence.Of(stretches))))];
        double all = days.Sum(), entropy = 0;
        if (all == 0) return default;
        foreach (double one in days) entropy -= one / all * Math.Log2(one / all);
        return new(days.Max() / all, entropy, days.Length > 1 ? entropy / Math.Log2(days.Length) : 0);
    }

    private static void Add<TKey>(Dictionary<TKey, List<TimeStretch>> networks, TKey key, TimeStretch stretch)
        where TKey : notnull
    {
        if (!networks.TryGetValue(key, out List<TimeStretch>? stretches)) networks.Add(key, stretches = []);
        stretches.Add(stretch);
    }
}
