namespace PassiveDns.Storage;

/// <summary>
/// What a deletion covers: sightings that meet all conditions which are set. A scope needs a name, a sensor or a time; nothing set would be everything.
/// </summary>
/// <remarks>
/// A sighting history keeps intervals, not single sightings, so what lies inside the times of the scope goes exactly, and an interval that reaches
/// over one of them is cut there: it keeps the share of its count that its length gives, and the row is marked as coarsened, so that answers
/// with it say <see cref="Completeness.Estimated"/>. A window within one interval that is not longer than the store's interval gap lowers the count only.
/// </remarks>
public sealed record DeletionScope
{
    /// <summary>Only rows whose owner name is this name or lies under it, or <c>null</c> for all names.</summary>
    public DomainName? Subtree { get; init; }

    /// <summary>
    /// With <see cref="Subtree"/>: also rows of other names that point into the subtree by NS, CNAME, MX and the like. The whole RRset goes then,
    /// because a set with a hole is not the set.
    /// </summary>
    public bool IncludeTargets { get; init; }

    /// <summary>
    /// Only what this sensor alone has seen, or <c>null</c> for all sensors. Rows are merged over sensors: of one that others saw too nothing can
    /// be told apart any more, so it stays, but the sensor is no witness of it any longer if the whole of the row lies within the times.
    /// </summary>
    public SensorId? Sensor { get; init; }

    /// <summary>Only sightings at this time (Unix seconds) or later, or <c>null</c> for no bound.</summary>
    public long? From { get; init; }

    /// <summary>
    /// Only sightings at this time or before. <c>null</c> stands for the time at which the deletion is made, so that what is seen later counts again;
    /// <see cref="long.MaxValue"/> keeps it out for ever.
    /// </summary>
    public long? To { get; init; }

    /// <summary>Why nothing can be deleted by this scope, or <c>null</c> if it is well-formed.</summary>
    public string? FindProblem() => this switch
    {
        { Subtree: null, Sensor: null, From: null, To: null } => "the scope is empty: give a name, a sensor or a time",
        { Subtree: null, IncludeTargets: true } => "targets are those of a name: give a name, too",
        { From: { } from, To: { } to } when from > to => "the scope ends before it begins",
        { From: < 0 } or { To: < 0 } => "times are Unix seconds, 0 or later",
        _ => null,
    };
}
