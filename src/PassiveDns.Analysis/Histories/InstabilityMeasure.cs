using System.Collections.Immutable;

namespace PassiveDns.Analysis;

/// <summary>Measures the components of <see cref="Instability"/>.</summary>
internal sealed class InstabilityMeasure(AnalysisOptions options, EvidenceReader evidence)
{
    private const double SecondsPerDay = 86_400;

    private readonly InstabilityOptions _weights = options.Instability;

    /// <summary>Measures the hosting that tracks show.</summary>
    /// <param name="tracks">All tracks of the name.</param>
    /// <param name="addresses">Its addresses.</param>
    /// <param name="now">The moment that changes have an age at.</param>
    /// <param name="cancellationToken">Ends the look-ups of degrees.</param>
    public async ValueTask<Instability> MeasureAsync(
        IReadOnlyList<RrsetTrack> tracks, ImmutableArray<HostedAddress> addresses, long now, CancellationToken cancellationToken)
    {
        RrsetTrack[] hosting = [.. HostingTracks.Of(tracks)];
        RrsetState[] sets = [.. tracks.Where(static track => track.Type is RecordType.A or RecordType.AAAA).SelectMany(static track => track.States).Where(static state => !state.IsAbsence)];
        List<long> changes = HostingTracks.Changes(hosting), serverChanges = HostingTracks.NameServerChanges(tracks);
        Presence active = WholeDays.Of(Presence.Of(hosting.SelectMany(static track => track.States).Where(static state => !state.IsAbsence).SelectMany(static state => state.Presence.Stretches)));
        long days = WholeDays.Count(active), addressDays = addresses.Sum(static address => WholeDays.Count(WholeDays.Of(address.Presence)));
        NetworkShares shares = NetworkShares.Of(addresses, options.Enrichment);
        TimeToLiveSummary? timesToLive = TimesToLive(hosting);
        AddressFacts[] facts = [.. addresses.SelectMany(static address => address.Facts).Select(static dated => dated.Facts)];
        int autonomousSystems = facts.Select(static f => f.AutonomousSystem).Where(static asn => asn is not null).Distinct().Count();
        int countries = facts.Select(static f => f.Country).Where(static country => country is not null).Distinct().Count();
        int prefixes = addresses.Select(static address => address.Prefix).Distinct().Count();
        double changesPerDay = days == 0 ? 0 : changes.Count / (double)days;
        double answered = Median([.. sets.Select(static set => (double)set.Values.Length)]);
        return new()
        {
            Addresses = addresses.Length,
            Prefixes = prefixes,
            AutonomousSystems = autonomousSystems == 0 ? null : autonomousSystems,
            Countries = countries == 0 ? null : countries,
            NameServers = HostingTracks.NameServers(tracks).Count,
            AddressSets = sets.Length,
            ActiveDays = days,
            AddressesPerDay = days == 0 ? 0 : addressDays / (double)days,
            Growth = Growth(addresses),
            Changes = changes.Count,
            NameServerChanges = serverChanges.Count,
            Churn = changesPerDay,
            MedianDwellDays = Median([.. hosting.SelectMany(static track => track.Runs).Where(static run => !run.IsBeside && !run.State.IsAbsence).Select(static run => (run.Last - run.First) / SecondsPerDay)]),
            LongestShare = shares.Longest,
            Entropy = shares.Entropy,
            NormalisedEntropy = shares.NormalisedEntropy,
            RecentChanges = Recency(changes, now, _weights.AddressHalfLife),
            RecentNameServerChanges = Recency(serverChanges, now, _weights.NameServerHalfLife),
            Fluxiness = answered > 0 ? addresses.Length / answered : 0,
            Flux = FluxWindows.Highest(addresses, HostingTracks.NameServers(tracks), timesToLive?.Median, options),
            TimesToLive = timesToLive,
            Guards =
            [
                await SharedNetworkAsync(addresses, cancellationToken).ConfigureAwait(false),
                SameOperator(addresses),
                RecurringPool(addresses, sets),
                DynamicAddress(addresses, prefixes, answered, changes.Count, timesToLive),
            ],
        };
    }

    private static double Recency(List<long> changes, long now, TimeSpan halfLife)
    {
        double sum = 0;
        foreach (long time in changes) sum += Math.Pow(2, -Math.Max(0, now - time) / halfLife.TotalSeconds);
        return sum;
    }

    private static double Growth(ImmutableArray<HostedAddress> addresses)
    {
        double[] days = [.. addresses.Select(static address => Math.Floor(address.Presence.First / SecondsPerDay)).Order()];
        if (days.Length < 2) return 0;
        double meanDay = days.Average(), meanReached = (days.Length + 1) / 2.0, above = 0, below = 0;
        for (int i = 0; i < days.Length; i++)
        {
            above += (days[i] - meanDay) * (i + 1 - meanReached);
            below += (days[i] - meanDay) * (days[i] - meanDay);
        }

        return below > 0 ? above / below : 0;
    }

    private static TimeToLiveSummary? TimesToLive(RrsetTrack[] hosting)
    {
        (uint Ttl, double Weight)[] known =
        [
            .. hosting.SelectMany(static track => track.States).Where(static state => state.MaxTimeToLive is not null)
                .Select(static state => (state.MaxTimeToLive!.Value, (double)Math.Max(1, state.Count))).OrderBy(static pair => pair.Value),
        ];
        if (known.Length == 0) return null;
        double all = known.Sum(static pair => pair.Weight), mean = known.Sum(static pair => pair.Ttl * pair.Weight) / all, reached = 0;
        uint median = known.First(pair => (reached += pair.Weight) >= all / 2).Ttl;
        double variance = known.Sum(pair => (pair.Ttl - mean) * (pair.Ttl - mean) * pair.Weight) / all;
        uint lowest = hosting.SelectMany(static track => track.States).Min(static state => state.MinTimeToLive ?? uint.MaxValue);
        return new(Math.Min(lowest, known[0].Ttl), median, known[^1].Ttl, Math.Sqrt(variance));
    }

    private static double Median(double[] values)
    {
        if (values.Length == 0) return 0;
        Array.Sort(values);
        int middle = values.Length / 2;
        return values.Length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }

    private async ValueTask<InstabilityGuard> SharedNetworkAsync(ImmutableArray<HostedAddress> addresses, CancellationToken cancellationToken)
    {
        int most = 0;
        foreach (HostedAddress address in addresses.OrderByDescending(static address => address.Presence.Last).ThenBy(static address => address.Address).Take(_weights.DegreeSamples))
        {
            HashSet<DomainName> domains = [];
            await foreach (Observation row in evidence.SampleAsync(new(QueryAnchor.Address(address.Address)), _weights.DegreeMaxRows, cancellationToken).ConfigureAwait(false))
            {
                domains.Add(options.RegistrableDomain(row.RrName));
                if (domains.Count > options.Degree.SharedMax) break;
            }

            most = Math.Max(most, domains.Count);
        }

        return new(InstabilityGuardKind.SharedNetwork, most, options.Degree.SharedMax, most > options.Degree.SharedMax);
    }

    // Where the autonomous system of each address of a family is known it tells the operator; else only addresses of one prefix surely have one.
    private static InstabilityGuard SameOperator(ImmutableArray<HostedAddress> addresses)
    {
        int operators = addresses.GroupBy(static address => address.Address.IsIPv4).Select(static family => Operators([.. family])).DefaultIfEmpty().Max();
        return new(InstabilityGuardKind.SameOperator, operators, 1, addresses.Length > 1 && operators == 1);
    }

    private static int Operators(HostedAddress[] family)
    {
        bool areKnown = family.All(static address => !address.Facts.IsEmpty && address.Facts.All(static dated => dated.Facts.AutonomousSystem is not null));
        return areKnown
            ? family.SelectMany(static address => address.Facts).Select(static dated => dated.Facts.AutonomousSystem).Distinct().Count()
            : family.Select(static address => address.Prefix).Distinct().Count();
    }

    private InstabilityGuard RecurringPool(ImmutableArray<HostedAddress> addresses, RrsetState[] sets)
    {
        double reuse = addresses.Length == 0 ? 0 : sets.Sum(static set => set.Values.Length) / (double)addresses.Length;
        return new(InstabilityGuardKind.RecurringPool, reuse, _weights.PoolMinReuse, reuse >= _weights.PoolMinReuse);
    }

    private InstabilityGuard DynamicAddress(ImmutableArray<HostedAddress> addresses, int prefixes, double answered, int changes, TimeToLiveSummary? timesToLive)
    {
        double perPrefix = prefixes == 0 ? 0 : addresses.Length / (double)prefixes;
        bool holds = answered == 1 && changes >= _weights.DynamicMinChanges && timesToLive?.Median <= _weights.DynamicMaxTimeToLive && perPrefix >= 2;
        return new(InstabilityGuardKind.DynamicAddress, perPrefix, 2, holds);
    }
}
