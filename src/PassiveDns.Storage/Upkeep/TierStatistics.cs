namespace PassiveDns.Storage;

/// <summary>What one tier of a store's files holds.</summary>
/// <param name="Tier">The tier; 0 is what came from memory.</param>
/// <param name="Files">How many files there are.</param>
/// <param name="Entries">Entries in them.</param>
/// <param name="Bytes">Octets of them.</param>
public sealed record TierStatistics(int Tier, int Files, long Entries, long Bytes);
