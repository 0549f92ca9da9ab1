using System.Collections.Immutable;

namespace PassiveDns.Analysis;

/// <summary>What one side said of one name and type over time: a line of a timeline.</summary>
public sealed record RrsetTrack
{
    /// <summary>The owner name.</summary>
    public required DomainName Owner { get; init; }

    /// <summary>The type.</summary>
    public required RecordType Type { get; init; }

    /// <summary>The zone whose servers said so. Parent and child are different tracks on purpose.</summary>
    public required DomainName Zone { get; init; }

    /// <summary>Of NS records: who says so.</summary>
    public UseSide Side => Type == RecordType.NS && Zone != Owner ? UseSide.Parent : UseSide.Apex;

    /// <summary>The values, by their first sighting.</summary>
    public required ImmutableArray<RrsetState> States { get; init; }

    /// <summary>The values in the order in which they came, each as often as it came.</summary>
    public required ImmutableArray<RrsetRun> Runs { get; init; }
}
