namespace PassiveDns.Analysis;

/// <summary>A name that had addresses, then none for long, then others: what an alias to it led to may belong to somebody else now.</summary>
internal sealed class ReleasedTarget
{
    private const double Week = 7 * 86_400;
    private const int MaxEvidence = 4;

    public required DomainName Owner { get; init; }

    /// <summary>Its last sighting before and the first one behind the silence.</summary>
    public required TimeStretch Silence { get; init; }

    /// <summary>Its last sighting of all.</summary>
    public required long LastSeen { get; init; }

    /// <summary>The indicator of that name.</summary>
    public required double Dangling { get; init; }

    public required Observation[] Before { get; init; }

    public required Observation[] After { get; init; }

    public required InfrastructureUnit[] Units { get; init; }

    /// <summary>Looks for the longest silence with other addresses behind it than before.</summary>
    /// <returns><c>null</c> if there is none.</returns>
    public static ReleasedTarget? Find(DomainName owner, IReadOnlyList<Observation> observations, HijackOptions options)
    {
        if (observations.Count < 2) return null;
        Presence[] presences = [.. observations.Select(static row => Presence.Of(row.History))];
        Presence all = Presence.Of(presences.SelectMany(static presence => presence.Stretches));
        int longest = 0;
        for (int i = 1; i < all.Stretches.Length; i++)
        {
            if (longest == 0 || GapBefore(all, i) > GapBefore(all, longest)) longest = i;
        }

        if (longest == 0 || GapBefore(all, longest) < options.MinDangling.TotalSeconds) return null;
        TimeStretch silence = new(all.Stretches[longest - 1].Last, all.Stretches[longest].First);
        HashSet<InfrastructureUnit> before = [], after = [];
        for (int i = 0; i < observations.Count; i++)
        {
            if (observations[i].Type == RecordType.CNAME) return null;
            if (presences[i].First <= silence.First) AddTo(before, observations[i]);
            if (presences[i].Last >= silence.Last) AddTo(after, observations[i]);
        }

        if (before.Count == 0 || after.Count == 0 || before.Overlaps(after)) return null;
        long gap = GapBefore(all, longest), other = 0;
        for (int i = 1; i < all.Stretches.Length; i++)
        {
            if (i != longest) other = Math.Max(other, GapBefore(all, i));
        }

        return new()
        {
            Owner = owner,
            Silence = silence,
            LastSeen = all.Last,
            Dangling = (1 - Math.Exp(-gap / Week)) * gap / (gap + other),
            Before = [.. observations.Where((_, i) => presences[i].First <= silence.First).Take(MaxEvidence)],
            After = [.. observations.Where((_, i) => presences[i].Last >= silence.Last).Take(MaxEvidence)],
            Units = [.. after.OrderBy(static unit => unit.Address)],
        };
    }

    private static long GapBefore(Presence all, int index) => all.Stretches[index].First - all.Stretches[index - 1].Last;

    private static void AddTo(HashSet<InfrastructureUnit> units, Observation row)
    {
        Span<byte> folded = stackalloc byte[DomainName.MaxWireLength];
        foreach (Rdata rdata in row.Rdata)
        {
            if (InfrastructureUnit.TryRead(rdata, folded, out InfrastructureUnit unit)) units.Add(unit);
        }
    }
}
