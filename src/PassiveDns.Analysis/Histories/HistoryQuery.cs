namespace PassiveDns.Analysis;

/// <summary>A question for where a name was hosted.</summary>
/// <param name="Name">The name.</param>
public sealed record HistoryQuery(DomainName Name)
{
    /// <summary>The time that is meant. Default: always.</summary>
    public TimeWindow Window { get; init; } = TimeWindow.Always;

    /// <summary>Whether to follow the aliases (CNAME) that the name had, while it had them, to the addresses behind them. Default: yes.</summary>
    public bool FollowAliases { get; init; } = true;

    /// <summary>Whether to add the name servers of the zones that the name lay in. Default: yes.</summary>
    public bool IncludeZones { get; init; } = true;
}
