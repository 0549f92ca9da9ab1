namespace PassiveDns.Analysis;

/// <summary>A time in which the records of one name led elsewhere than before.</summary>
internal sealed class Deviation
{
    public required DomainName Owner { get; init; }

    public required DeviationRole Role { get; init; }

    public required HijackInterval Interval { get; init; }

    public required InfrastructureUnit[] Units { get; init; }

    /// <summary>The indicator D.</summary>
    public required double Value { get; init; }

    /// <summary>How far from the baseline, 0 to 1, without regard to the baseline's worth.</summary>
    public required double Distance { get; init; }

    /// <summary>Other deviations of the same records, and networks besides the first.</summary>
    public required int Others { get; init; }

    public required HijackBaseline Baseline { get; init; }

    public required bool HasReverted { get; init; }

    public required bool IsOpen { get; init; }

    public required bool HasSameOperator { get; init; }

    public required bool IsOneSided { get; init; }

    public required double TtlCollapse { get; init; }

    /// <summary>Whether the DS of the zone went away before, or another one was there meanwhile.</summary>
    public bool HasDsChange { get; set; }

    /// <summary>Rows of the deviation, then of the baseline; some of each.</summary>
    public required Observation[] Evidence { get; init; }

    public TimeStretch Stretch => new(Interval.FirstSeen, Interval.LastSeen);
}
