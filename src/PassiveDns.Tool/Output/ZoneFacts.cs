namespace PassiveDns.Tool.Output;

/// <summary>What was imported from a zone file, for the summary.</summary>
internal sealed class ZoneFacts
{
    /// <summary>The file.</summary>
    public required string File { get; init; }

    /// <summary>The apex of the zone.</summary>
    public required DomainName Zone { get; init; }

    /// <summary>Sensor, time and epoch.</summary>
    public required ZoneSnapshotOptions Options { get; init; }

    /// <summary>How long it took.</summary>
    public TimeSpan Elapsed { get; set; }

    /// <summary>What the store said.</summary>
    public WrittenBatches Written { get; } = new();
}
