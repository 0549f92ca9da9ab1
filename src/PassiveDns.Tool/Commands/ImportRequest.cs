using PassiveDns.Aggregation;
using PassiveDns.Capture;
using PassiveDns.Tool.Input;

namespace PassiveDns.Tool.Commands;

/// <summary>What <c>pdns import</c> was asked to do.</summary>
internal sealed class ImportRequest
{
    /// <summary>The capture files, each once, in ordinal order; <c>-</c> is standard input.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>The store's directory.</summary>
    public required string Store { get; init; }

    /// <summary>The directory of a store for what is rejected, or <c>null</c>: it is dropped, or kept beside the rest as unverified.</summary>
    public string? Chaff { get; init; }

    /// <summary>The kind of store to make if there is none.</summary>
    public required StoreEngine Engine { get; init; }

    /// <summary>The sensor.</summary>
    public required SensorId Sensor { get; init; }

    /// <summary>Whether batches of an earlier run may be in the store.</summary>
    public bool Resume { get; init; }

    /// <summary>Whether the account is written as JSON.</summary>
    public bool Json { get; init; }

    /// <summary>Whether names that carry secrets are cut.</summary>
    public bool Redact { get; init; }

    /// <summary>Where batches go whose times cannot be right, or <c>null</c> to believe all times.</summary>
    public string? Quarantine { get; init; }

    /// <summary>A file of root hints, or <c>null</c> for the real root.</summary>
    public string? RootHints { get; init; }

    /// <summary>A file with what another run has learnt of zones and servers, or <c>null</c>.</summary>
    public string? Delegations { get; init; }

    /// <summary>Where to write what this run has learnt, or <c>null</c>.</summary>
    public string? SaveDelegations { get; init; }

    /// <summary>Where to write negative evidence, or <c>null</c> to keep none.</summary>
    public string? Negatives { get; init; }

    /// <summary>When names that are made up are folded, or <c>null</c> for never.</summary>
    public required FloodGuardOptions? FloodGuard { get; init; }

    /// <summary>Sets of one owner and day that are kept; 0 for all.</summary>
    public required int MaxSetsPerDay { get; init; }

    /// <summary>Whether RRsets with names compressed where RFC 3597 does not allow it are dropped.</summary>
    public required bool StrictCompression { get; init; }

    /// <summary>Whose traffic may be observed.</summary>
    public VantageOptions Vantage { get; } = new();
}
