namespace PassiveDns.Analysis;

/// <summary>Deviations in one registrable domain that belong together, before anything is known of where they led.</summary>
internal sealed class Incident(DomainName domain, Deviation first)
{
    private const long ShortLife = 7 * 86_400;

    /// <summary>More of them tell no more; the time is that of all.</summary>
    private const int MaxDeviations = 64;

    public DomainName Domain { get; } = domain;

    /// <summary>The deviations; the first one gave rise to it.</summary>
    public List<Deviation> Deviations { get; } = [first];

    /// <summary>When, over all of them.</summary>
    public TimeStretch Time { get; private set; } = first.Stretch;

    /// <summary>Its bounds. Where one part was seen for longer than any baseline took to come back, nothing bounds the end.</summary>
    public HijackInterval Interval
    {
        get
        {
            long? ended = Deviations.Max(static deviation => deviation.Interval.EndedBefore);
            return new(Deviations.Min(static deviation => deviation.Interval.StartedAfter), Time.First, Time.Last, ended > Time.Last ? ended : null);
        }
    }

    /// <summary>The latest sighting in the store.</summary>
    public required long AsOf { get; init; }

    /// <summary>Whether nothing was seen after it.</summary>
    public bool IsOpen => Deviations.TrueForAll(static deviation => deviation.IsOpen);

    /// <summary>SOA contacts of the domain: who shares one belongs to it.</summary>
    public required IReadOnlySet<DomainName> Contacts { get; init; }

    public bool IsDelegation => Deviations[0].Role is DeviationRole.Delegation or DeviationRole.Glue;

    public HijackKind Kind => IsDelegation ? HijackKind.DelegationHijack : HijackKind.RecordHijack;

    /// <summary>The deviation that says most.</summary>
    public Deviation Clearest => IsDelegation ? Deviations[0] : Deviations.MaxBy(static deviation => deviation.Value)!;

    /// <summary>The deviations whose infrastructure decides: of a delegation its servers, not what they answered.</summary>
    public IEnumerable<Deviation> Deciding => IsDelegation ? Deviations.Where(static deviation => deviation.Role is DeviationRole.Delegation or DeviationRole.Glue) : Deviations;

    public void Add(Deviation deviation)
    {
        if (Deviations.Count < MaxDeviations) Deviations.Add(deviation);
        Time = new(Math.Min(Time.First, deviation.Interval.FirstSeen), Math.Max(Time.Last, deviation.Interval.LastSeen));
    }

    /// <summary>Whether a deviation was there at the same time, give or take a gap.</summary>
    public bool IsAt(TimeStretch time, long gap) => time.First <= Time.Last + gap && time.Last >= Time.First - gap;

    /// <summary>The indicators that need no look-up.</summary>
    public IEnumerable<HijackIndicator> Indicators(HijackOptions options)
    {
        HijackWeights weights = options.Weights;
        yield return Of(HijackIndicatorKind.Deviation, Deviations.Max(static deviation => deviation.Value));
        yield return Of(HijackIndicatorKind.ShortLife, Math.Exp(-(double)((IsOpen ? AsOf : Time.Last) - Time.First) / ShortLife));
        yield return Of(HijackIndicatorKind.Reversion, Deviations.Exists(static deviation => deviation.HasReverted) ? 1 : 0);
        if (IsDelegation)
        {
            yield return Of(HijackIndicatorKind.NameServerChange, MostDistant(DeviationRole.Delegation));
            yield return Of(HijackIndicatorKind.GlueChange, Deviations.Exists(static deviation => deviation.Role == DeviationRole.Delegation) ? 0 : MostDistant(DeviationRole.Glue));
            yield return Of(HijackIndicatorKind.ParentApexDisagreement, Deviations.Exists(static deviation => deviation.IsOneSided) ? 1 : 0);
            yield return Of(HijackIndicatorKind.HostsChange, Deviations.Exists(static deviation => deviation.Role is DeviationRole.Hosting or DeviationRole.Mail) ? 1 : 0);
            yield return Of(HijackIndicatorKind.DsChange, Deviations.Exists(static deviation => deviation.HasDsChange) ? 1 : 0);
        }

        yield return Of(HijackIndicatorKind.SensitiveLabel, Deviations.Exists(deviation => IsSensitive(deviation.Owner, options)) ? 1 : 0);
        yield return Of(HijackIndicatorKind.TtlCollapse, Deviations.Max(static deviation => deviation.TtlCollapse));
        yield return Of(HijackIndicatorKind.Unsteady, Math.Log(1 + Clearest.Others));

        HijackIndicator Of(HijackIndicatorKind kind, double value) => new(kind, value, weights.Of(kind));
    }

    /// <summary>Whether logins or mail go to a name, by its first label.</summary>
    public static bool IsSensitive(DomainName name, HijackOptions options)
    {
        ReadOnlySpan<byte> wire = name.Wire;
        if (wire[0] == 0) return false;
        Span<char> label = stackalloc char[DomainName.MaxLabelLength];
        for (int i = 0; i < wire[0]; i++) label[i] = (char)wire[i + 1];
        return options.SensitiveLabels.Contains(new string(label[..wire[0]]));
    }

    private double MostDistant(DeviationRole role)
    {
        double most = 0;
        foreach (Deviation deviation in Deviations)
        {
            if (deviation.Role == role) most = Math.Max(most, deviation.Distance);
        }

        return most;
    }
}
