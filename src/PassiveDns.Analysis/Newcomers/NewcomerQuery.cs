namespace PassiveDns.Analysis;

/// <summary>A question for what was observed for the first time.</summary>
/// <param name="Window">When the first sighting was; open ends are <see cref="long.MinValue"/> and <see cref="long.MaxValue"/>.</param>
public sealed record NewcomerQuery(TimeWindow Window)
{
    /// <summary>What is asked for. Default: domains.</summary>
    public NewcomerKind Kind { get; init; }

    /// <summary>Only what is at or under this name, or <c>null</c> for everything.</summary>
    public DomainName? Under { get; init; }

    /// <summary>Which types count, as news and as what was known before. Default: all but those of DNSSEC, whose signatures are new with every signing.</summary>
    public TypeSelection Types { get; init; } = TypeSelection.Any;
}
