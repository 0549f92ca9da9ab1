namespace PassiveDns.Aggregation;

/// <summary>
/// When the names below a parent are folded into one wildcard row, because somebody makes them up faster than anybody can use them: random-subdomain floods,
/// tunnels, names that machines generate.
/// </summary>
/// <remarks>
/// Names are counted below each ancestor inside the bailiwick that has two labels or more, for each type, by window, and for answers alone: referrals name
/// what is registered. The deepest ancestor that reaches a threshold is the parent. What came before stays as it is, and so do names with other data, where
/// data decides. Under memory pressure the thresholds sink: each time that rows leave early within a window halves them, down to 64.
/// </remarks>
public sealed record FloodGuardOptions
{
    private const int Least = 16;

    /// <summary>
    /// How many names below one parent with the same data, or denied with NXDOMAIN, make a flood within a window. 16 or more; default 10,000. The names then
    /// share one row with their data.
    /// </summary>
    public int NamesWithSameData { get; init; } = 10_000;

    /// <summary>
    /// How many names below one parent and of one type make a flood, whatever their data. Not below <see cref="NamesWithSameData"/>; default 100,000. The names
    /// then share one row with the data of the first (<see cref="SightingFolding.SampleData"/>); addresses and names that the data points to are still kept one by one.
    /// </summary>
    public int Names { get; init; } = 100_000;

    /// <summary>
    /// Subtrees where names are never folded, such as those of content networks whose machine-made names matter to you. Default: <c>in-addr.arpa</c> and
    /// <c>ip6.arpa</c>, where a name is an address.
    /// </summary>
    public IReadOnlyList<DomainName> Exempt { get; init; } = [DomainName.Parse("in-addr.arpa"), DomainName.Parse("ip6.arpa")];

    /// <summary>Checks the options.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A threshold is out of its range; the message names it.</exception>
    public void Validate()
    {
        ArgumentNullException.ThrowIfNull(Exempt);
        ArgumentOutOfRangeException.ThrowIfLessThan(NamesWithSameData, Least);
        ArgumentOutOfRangeException.ThrowIfLessThan(Names, NamesWithSameData);
    }
}
