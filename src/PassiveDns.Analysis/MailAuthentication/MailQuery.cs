namespace PassiveDns.Analysis;

/// <summary>A question for what domains publish to authenticate mail.</summary>
/// <param name="Name">The domain.</param>
public sealed record MailQuery(DomainName Name)
{
    /// <summary>Whether all domains at and under the name are meant that publish anything.</summary>
    public bool IncludeSubtree { get; init; }

    /// <summary>
    /// The time that is meant: the answer is as of its end, by what was observed last up to then; what was not observed since its beginning does not count. Default: as of the latest
    /// sighting of the store.
    /// </summary>
    public TimeWindow Window { get; init; } = TimeWindow.Always;
}
