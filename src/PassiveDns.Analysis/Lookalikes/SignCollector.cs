using System.Collections.Immutable;

namespace PassiveDns.Analysis;

/// <summary>Gathers signs for one name; allocates nothing until there is one.</summary>
internal struct SignCollector
{
    private SortedDictionary<(int Brand, LookalikeClass Class), (double Strength, string Detail)>? _signs;

    /// <summary>Whether there is none.</summary>
    public readonly bool IsEmpty => _signs is null;

    /// <summary>Adds a sign; of each class and brand the strongest stays.</summary>
    public void Add(int brand, LookalikeClass kind, double strength, string detail)
    {
        if (strength <= 0) return;
        _signs ??= [];
        if (!_signs.TryGetValue((brand, kind), out (double Strength, string) known) || known.Strength < strength) _signs[(brand, kind)] = (strength, detail);
    }

    /// <summary>Makes one match for each brand.</summary>
    public readonly int WriteTo(ICollection<LookalikeMatch> matches, DomainName name, DomainName domain, IReadOnlyList<Brand> brands, LookalikeWeights weights)
    {
        if (_signs is null) return 0;
        int count = 0;
        foreach (IGrouping<int, KeyValuePair<(int Brand, LookalikeClass Class), (double Strength, string Detail)>> brand in _signs.GroupBy(static sign => sign.Key.Brand))
        {
            ImmutableArray<LookalikeSign> signs = [.. brand.Select(sign => new LookalikeSign(sign.Key.Class, sign.Value.Strength, weights.Of(sign.Key.Class), sign.Value.Detail))];
            matches.Add(new() { Name = name, RegistrableDomain = domain, Brand = brands[brand.Key].Domain, Signs = signs });
            count++;
        }

        return count;
    }
}
