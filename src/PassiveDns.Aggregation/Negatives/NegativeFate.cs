namespace PassiveDns.Aggregation;

/// <summary>What became of a negative response as evidence. The names are the words of the account.</summary>
internal enum NegativeFate : byte
{
    /// <summary>Counted as evidence.</summary>
    Observed,

    /// <summary>Counted as evidence, in the wildcard of a flood of names.</summary>
    ObservedFolded,

    /// <summary>No SOA record of a zone that the name lies in (RFC 2308 section 2.1.1 lets servers leave it out): nobody answers for it.</summary>
    DroppedNoSoa,

    /// <summary>The server is not known to speak for the zone of the SOA record.</summary>
    DroppedUnverified,

    /// <summary>The answer to a question of our own.</summary>
    DroppedProbe,
}
