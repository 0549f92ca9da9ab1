using PassiveDns.Storage;

namespace PassiveDns.Benchmarks.Stores;

/// <summary>Look-ups drawn from what the batches hold, of the kinds that people ask: the same for every store.</summary>
internal sealed class StoreQuestions
{
    private const int Each = 2000;

    private StoreQuestions(IReadOnlyDictionary<string, QueryAnchor[]> kinds) => Kinds = kinds;

    /// <summary>The anchors by kind: name, miss, ip, cidr24, subtree, right (<c>a.b.*</c>).</summary>
    public IReadOnlyDictionary<string, QueryAnchor[]> Kinds { get; }

    public static StoreQuestions From(List<ObservationBatch> batches)
    {
        HashSet<DomainName> names = [];
        HashSet<HostAddress> addresses = [];
        foreach (ObservationBatch batch in batches)
        {
            foreach (ObservationRow row in batch.Rows)
            {
                if (DomainName.TryFromWire(row.RrName, out DomainName name)) names.Add(name);
                if (row.Type != RecordType.A) continue;
                foreach (ReadOnlySpan<byte> rdata in row.Rdata) addresses.Add(HostAddress.FromBytes(rdata));
            }
        }

        DomainName[] someNames = Sample(names);
        HostAddress[] someAddresses = Sample(addresses);
        return new(new Dictionary<string, QueryAnchor[]>
        {
            ["name"] = [.. someNames.Select(name => new QueryAnchor.OwnerName(name))],
            ["miss"] = [.. someNames.Select((name, i) => new QueryAnchor.OwnerName(DomainName.Parse($"nobody{i}.{name}")))],
            ["ip"] = [.. someAddresses.Select(address => new QueryAnchor.AddressRange(address, address))],
            ["cidr24"] = [.. someAddresses.Select(Network)],
            ["subtree"] = [.. someNames.Select(name => new QueryAnchor.Subtree(name.LabelCount > 2 ? name.Ancestor(2) : name))],
            ["right"] = [.. someNames.Where(name => name.LabelCount > 2).Select(name => new QueryAnchor.NamePrefix(FirstTwo(name)))],
        });
    }

    /// <summary>Writes them as lines "kind, tab, argument in DNSDB's notation", so that another store can be asked the same.</summary>
    public void Save(string path) =>
        File.WriteAllLines(path, Kinds.SelectMany(static kind => kind.Value.Select(anchor => $"{kind.Key}\t{Written(anchor)}")));

    private static string Written(QueryAnchor anchor) => anchor switch
    {
        QueryAnchor.OwnerName name => $"{name.Name}",
        QueryAnchor.Subtree tree => $"*.{tree.Apex}",
        QueryAnchor.NamePrefix prefix => $"{prefix.Labels.ToString().TrimEnd('.')}.*",
        QueryAnchor.AddressRange range => range.First == range.Last ? $"{range.First}" : $"{range.First}-{range.Last}",
        _ => throw new NotSupportedException($"a question of the kind {anchor.GetType().Name} has no notation yet"),
    };

    private static QueryAnchor Network(HostAddress address)
    {
        Span<byte> octets = stackalloc byte[16];
        address.CopyTo(octets);
        return new QueryAnchor.AddressRange(HostAddress.FromBytes([octets[0], octets[1], octets[2], 0]), HostAddress.FromBytes([octets[0], octets[1], octets[2], 255]));
    }

    private static DomainName FirstTwo(DomainName name)
    {
        ReadOnlySpan<byte> wire = name.Wire;
        int first = wire[0] + 1;
        return DomainName.TryFromWire([.. wire[..(first + wire[first] + 1)], 0], out DomainName labels) ? labels : name;
    }

    private static T[] Sample<T>(HashSet<T> all)
    {
        T[] shuffled = [.. all];
        new Random(1).Shuffle(shuffled);
        return shuffled.Length > Each ? shuffled[..Each] : shuffled;
    }
}
