namespace PassiveDns;

/// <summary>What one sensor saw of one RRset during one window.</summary>
/// <param name="FirstSeen">When it was first seen, in Unix seconds.</param>
/// <param name="LastSeen">When it was last seen, in Unix seconds; never before <paramref name="FirstSeen"/>.</param>
/// <param name="Count">How many responses held exactly this RRset; 0 for a first notice whose sum follows.</param>
/// <param name="MinTimeToLive">The lowest TTL, in seconds.</param>
/// <param name="MaxTimeToLive">The highest TTL, in seconds.</param>
public readonly record struct Sighting(long FirstSeen, long LastSeen, long Count, uint MinTimeToLive, uint MaxTimeToLive);
