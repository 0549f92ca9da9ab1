using System.Collections.Immutable;

namespace PassiveDns.Analysis;

/// <summary>Where a name was hosted over time, and how unstable that was.</summary>
public sealed record NameHistory
{
    /// <summary>The name.</summary>
    public required DomainName Name { get; init; }

    /// <summary>
    /// The tracks of the timeline: those of the name itself (A, NS, CNAME, MX, AAAA), those of the names that its aliases led to (A, CNAME, AAAA, while the alias
    /// led there), and those of the zones that it lay in (NS).
    /// </summary>
    public required ImmutableArray<RrsetTrack> Tracks { get; init; }

    /// <summary>The addresses, by family and number.</summary>
    public required ImmutableArray<HostedAddress> Addresses { get; init; }

    /// <summary>How unstable the hosting was.</summary>
    public required Instability Instability { get; init; }

    /// <summary>The first sighting of any of it, in Unix seconds.</summary>
    public long First => Tracks.Min(static track => track.States[0].Presence.First);

    /// <summary>The last sighting of any of it, in Unix seconds.</summary>
    public long Last => Tracks.Max(static track => track.States.Max(static state => state.Presence.Last));
}
