namespace PassiveDns.Analysis;

/// <summary>What an answer can know about: outside of it, that something was not seen means nothing.</summary>
public sealed record Coverage
{
    /// <summary>The earliest sighting in the store, in Unix seconds, or <c>null</c> if it is empty.</summary>
    public long? FirstSeen { get; init; }

    /// <summary>The latest sighting in the store, in Unix seconds, or <c>null</c> if it is empty.</summary>
    public long? LastSeen { get; init; }

    /// <summary>How many sensors delivered to the store.</summary>
    public int Sensors { get; init; }

    /// <summary>The kinds of provenance that were looked at.</summary>
    public ProvenanceSelection Provenance { get; init; }
}
