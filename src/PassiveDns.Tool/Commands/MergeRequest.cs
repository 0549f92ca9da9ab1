using PassiveDns.Storage.Cof;

namespace PassiveDns.Tool.Commands;

/// <summary>What <c>pdns merge</c> was asked to do.</summary>
internal sealed class MergeRequest
{
    /// <summary>The files, each once; <c>-</c> is standard input. Empty if stores are merged.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>The directory of another store, or <c>null</c> if files are merged.</summary>
    public string? FromStore { get; init; }

    /// <summary>Whether the other store is damaged, and what is left of it is taken.</summary>
    public bool Salvage { get; init; }

    /// <summary>The store's directory.</summary>
    public required string Store { get; init; }

    /// <summary>Who vouches for the rows.</summary>
    public required SensorId Sensor { get; init; }

    /// <summary>How lines are read.</summary>
    public required CofReaderOptions Lines { get; init; }

    /// <summary>Whether batches of an earlier run may be in the store.</summary>
    public bool Resume { get; init; }

    /// <summary>Whether the account is written as JSON.</summary>
    public bool Json { get; init; }
}
