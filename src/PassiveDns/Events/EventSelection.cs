using System.Net;

namespace PassiveDns.Events;

/// <summary>
/// Which events a subscriber wants to hear of. Without names, subtrees, networks and patterns: those of every row. With any of them it is a watch list,
/// and one match is enough; names are looked for in the owner name and in the name that a record points to.
/// </summary>
public sealed record EventSelection
{
    /// <summary>The kinds wanted; one of them is enough. Default <see cref="ObservationEventKinds.AllNews"/>.</summary>
    public ObservationEventKinds Kinds { get; init; } = ObservationEventKinds.AllNews;

    /// <summary>Exact names.</summary>
    public IReadOnlyCollection<DomainName> Names { get; init; } = [];

    /// <summary>Names with everything under them.</summary>
    public IReadOnlyCollection<DomainName> Subtrees { get; init; } = [];

    /// <summary>Networks in which an address of the data lies.</summary>
    public IReadOnlyCollection<IPNetwork> Networks { get; init; } = [];

    /// <summary>Regular expressions without back references and look-around, for names in presentation form with their final dot, in lower case.</summary>
    public IReadOnlyCollection<string> Patterns { get; init; } = [];
}
