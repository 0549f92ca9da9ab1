using System.Runtime.CompilerServices;

namespace PassiveDns.Analysis;

/// <summary>
/// Which names have to do with a name, because they shared its addresses while it had them: its own, and those that its aliases led to. The others are names with address records
/// of their own; which names lead to an address by aliases tells <see cref="SharedAddresses"/>.
/// </summary>
/// <param name="reader">The store.</param>
/// <param name="options">What all analyses share.</param>
public sealed class RelatedNames(IObservationReader reader, AnalysisOptions? options = null)
{
    private readonly AnalysisOptions _options = options ?? new();

    /// <summary>Finds the names, the most related first.</summary>
    /// <param name="name">The name to begin with.</param>
    /// <param name="window">The time that is meant.</param>
    /// <param name="most">The most names to give, 1 or more.</param>
    /// <exception cref="ArgumentException">The window is none, or <paramref name="most"/> under 1.</exception>
    public AnswerStream<Relatedness> Find(DomainName name, TimeWindow? window = null, int most = 100)
    {
        TimeWindow asked = window ?? TimeWindow.Always;
        asked.Validate();
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        return new(() => new(reader, _options), (evidence, cancellationToken) => WalkAsync(name, asked, most, evidence, cancellationToken));
    }

    private async IAsyncEnumerable<Relatedness> WalkAsync(
        DomainName name, TimeWindow window, int most, EvidenceReader evidence, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Hosting own = await FollowAsync(name, window, evidence, cancellationToken).ConfigureAwait(false);
        Dictionary<DomainName, List<SharedAddress>> others = [];
        foreach ((HostAddress address, Presence presence) in own.Addresses.OrderBy(static pair => pair.Key))
        {
            AddressHolders holders = new(address, SharedAddressQuery.Of(address) with { Window = window }, _options);
            ObservationQuery rows = new(QueryAnchor.Address(address)) { Time = window.Filter };
            await foreach (Observation row in evidence.ReadAsync(rows, cancellationToken).ConfigureAwait(false)) holders.Add(row);
            IReadOnlyList<AddressName> names = holders.Names();
            Degree degree = holders.Degree();
            if (holders.IsCut) evidence.Note(Completeness.Truncated);
            if (degree.Class == DegreeClass.Mass) continue; // it links nobody, and would make everybody a candidate
            foreach (AddressName other in names)
            {
                long together = own.Names.Contains(other.Name) ? 0 : WholeDays.Count(WholeDays.Of(other.Presence).Intersect(WholeDays.Of(presence)));
                if (together == 0) continue;
                if (!others.TryGetValue(other.Name, out List<SharedAddress>? shared)) others.Add(other.Name, shared = []);
                shared.Add(new(address, together, degree));
            }
        }

        List<Relatedness> related = [];
        foreach ((DomainName other, List<SharedAddress> shared) in others)
        {
            double sum = shared.Sum(static s => s.Days / Math.Log(1 + Math.Max(2, s.Degree.RegistrableDomains)));
            related.Add(new() { Name = other, AdamicAdar = sum, Jaccard = 0, Shared = shared });
        }

        foreach (Relatedness one in related.OrderByDescending(static r => r.AdamicAdar).ThenBy(static r => r.Name).Take(most))
        {
            // Only those that are given are asked for all of their addresses.
            Hosting theirs = await FollowAsync(one.Name, window, evidence, cancellationToken).ConfigureAwait(false);
            HashSet<HostAddress> shared = [.. one.Shared.Select(static s => s.Address)];
            yield return one with
            {
                Jaccard = (double)shared.Count / theirs.Addresses.Keys.Union(own.Addresses.Keys).Count(),
                Evidence = [.. own.Rows.Where(row => row.Type == RecordType.CNAME || Holds(row, shared)), .. theirs.Rows.Where(row => Holds(row, shared))],
            };
        }
    }

    private static bool Holds(Observation row, HashSet<HostAddress> addresses) =>
        row.Rdata.Any(rdata => RecordData.TryGetAddress(row.Type, rdata.Canonical, out HostAddress address) && addresses.Contains(address));

    /// <summary>The addresses of a name and of what its aliases led to while they did, link by link.</summary>
    private static async ValueTask<Hosting> FollowAsync(DomainName name, TimeWindow window, EvidenceReader evidence, CancellationToken cancellationToken)
    {
        Hosting found = new([], [], [name]);
        Dictionary<DomainName, Presence> owners = new() { [name] = window.Presence };
        for (int links = 0; owners.Count > 0 && links <= AliasWalk.MaxDepth; links++)
        {
            Dictionary<DomainName, Presence> targets = [];
            foreach ((DomainName owner, Presence led) in owners)
            {
                ObservationQuery rows = new(new QueryAnchor.OwnerName(owner)) { Types = TypeSelection.Of(RecordType.A, RecordType.AAAA, RecordType.CNAME), Time = window.Filter };
                await foreach (Observation row in evidence.ReadAsync(rows, cancellationToken).ConfigureAwait(false))
                {
                    Presence presence = Presence.Of(row.History).Intersect(led);
                    if (presence.IsEmpty) continue;
                    found.Rows.Add(row);
                    foreach (Rdata rdata in row.Rdata)
                    {
                        if (RecordData.TryGetAddress(row.Type, rdata.Canonical, out HostAddress address)) found.Addresses[address] = found.Addresses.GetValueOrDefault(address, Presence.Never).Unite(presence);
                        else if (row.Type == RecordType.CNAME && DomainName.TryFromWire(rdata.Canonical, out DomainName target)) targets[target] = targets.GetValueOrDefault(target, Presence.Never).Unite(presence);
                    }
                }
            }

            owners = targets.Where(target => found.Names.Add(target.Key)).ToDictionary(); // what was met before is a loop
        }

        return found;
    }

    private sealed record Hosting(Dictionary<HostAddress, Presence> Addresses, List<Observation> Rows, HashSet<DomainName> Names);
}
