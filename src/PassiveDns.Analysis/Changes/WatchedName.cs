namespace PassiveDns.Analysis;

/// <summary>A name of a watch list.</summary>
/// <param name="Name">The name.</param>
/// <param name="IncludeSubtree">Whether everything under it is watched too.</param>
public readonly record struct WatchedName(DomainName Name, bool IncludeSubtree);
