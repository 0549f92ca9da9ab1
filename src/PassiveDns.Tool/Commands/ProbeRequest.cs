using PassiveDns.Capture;

namespace PassiveDns.Tool.Commands;

/// <summary>What <c>pdns probe</c> was asked to do.</summary>
internal sealed class ProbeRequest
{
    /// <summary>The store's directory.</summary>
    public required string Store { get; init; }

    /// <summary>The sensor.</summary>
    public required SensorId Sensor { get; init; }

    /// <summary>Whether the account is written as JSON.</summary>
    public bool Json { get; init; }

    /// <summary>A file of root hints, or <c>null</c> for the real root.</summary>
    public string? RootHints { get; init; }

    /// <summary>What to ask.</summary>
    public ProbeOptions Probes { get; } = new();
}
