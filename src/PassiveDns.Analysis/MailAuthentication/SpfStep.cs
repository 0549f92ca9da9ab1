namespace PassiveDns.Analysis;

/// <summary>One step on the way from a domain to the mechanism that decides.</summary>
/// <param name="Domain">Whose record.</param>
/// <param name="Term">The term of it, as it is written.</param>
public sealed record SpfStep(DomainName Domain, string Term);
