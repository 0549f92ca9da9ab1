namespace PassiveDns.Analysis;

/// <summary>A selector that was observed: somebody received signed mail and asked for its key. Active scanners have to guess them.</summary>
/// <param name="Selector">The selector: what stands before <c>_domainkey</c>.</param>
/// <param name="Key">The key record, in the domain's own zone or where an alias leads.</param>
public sealed record DkimSelector(string Selector, Publication<DkimKey> Key);
