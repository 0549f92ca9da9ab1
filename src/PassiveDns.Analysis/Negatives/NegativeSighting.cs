namespace PassiveDns.Analysis;

/// <summary>That a zone's servers said that a name, or a type at a name, is not there (RFC 2308).</summary>
/// <param name="Name">The name.</param>
/// <param name="Type">The type that is not there (NODATA), or <c>null</c> if the whole name is not, with everything under it (NXDOMAIN; RFC 8020).</param>
/// <param name="Zone">The zone whose servers said so.</param>
/// <param name="First">When they said it first, in Unix seconds.</param>
/// <param name="Last">When they said it last, in Unix seconds.</param>
public readonly record struct NegativeSighting(DomainName Name, RecordType? Type, DomainName Zone, long First, long Last);
