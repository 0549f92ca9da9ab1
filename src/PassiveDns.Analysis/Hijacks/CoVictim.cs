namespace PassiveDns.Analysis;

/// <summary>A name of another registrable domain that led to the same rogue infrastructure for a while, and elsewhere before and after.</summary>
/// <param name="Name">The name or zone.</param>
/// <param name="RegistrableDomain">Its registrable domain.</param>
/// <param name="FirstSeen">When it was first seen there, in Unix seconds.</param>
/// <param name="LastSeen">When it was last seen there, in Unix seconds.</param>
/// <param name="Evidence">The row that says so.</param>
public sealed record CoVictim(DomainName Name, DomainName RegistrableDomain, long FirstSeen, long LastSeen, Observation Evidence);
