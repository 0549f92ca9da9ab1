using PassiveDns.Tool.Input;

namespace PassiveDns.Tool.Commands;

/// <summary>What <c>pdns zone</c> was asked to do.</summary>
internal sealed class ZoneRequest
{
    /// <summary>The zone file.</summary>
    public required string File { get; init; }

    /// <summary>The apex of the zone.</summary>
    public required DomainName Zone { get; init; }

    /// <summary>The store's directory.</summary>
    public required string Store { get; init; }

    /// <summary>The kind of store to make if there is none.</summary>
    public required StoreEngine Engine { get; init; }

    /// <summary>Who vouches for the file.</summary>
    public required SensorId Sensor { get; init; }

    /// <summary>The time of the snapshot in Unix seconds, or <c>null</c> for the time at which the file was written.</summary>
    public long? Time { get; init; }

    /// <summary>Whether the account is written as JSON.</summary>
    public bool Json { get; init; }
}
