using System.Collections.Immutable;

namespace PassiveDns.Analysis;

/// <summary>What held before a deviation.</summary>
/// <param name="Data">The records: servers, addresses, targets.</param>
/// <param name="Share">The share of active time that its network or operator held in the 90 days before, 0 to 1.</param>
/// <param name="FirstSeen">Since when it was seen, in Unix seconds.</param>
/// <param name="Count">How many responses held it.</param>
public sealed record HijackBaseline(ImmutableArray<Rdata> Data, double Share, long FirstSeen, long Count);
