namespace PassiveDns.Aggregation;

/// <summary>How often what a server said was rejected.</summary>
/// <param name="Server">The address that answered: an authoritative server's, or what pretends to be one.</param>
/// <param name="Rrsets">RRsets that scrubbing took out or that nothing supports.</param>
/// <param name="Excess">By how much <paramref name="Rrsets"/> may be too high, because more servers were rejected than are remembered.</param>
public readonly record struct ServerRejections(HostAddress Server, long Rrsets, long Excess);
