namespace PassiveDns.Storage;

/// <summary>What one ordered map of a store holds.</summary>
/// <param name="Name">Its name, such as <c>rrsets</c>.</param>
/// <param name="Entries">Its entries. In a store that merges later, a row counts once for each file that has a part of it.</param>
/// <param name="Bytes">About how many octets it takes on the disk or in memory, or <c>null</c> if the store does not know.</param>
/// <param name="EntriesAreEstimated">Whether the number is the engine's estimate.</param>
public sealed record KeyspaceStatistics(string Name, long Entries, long? Bytes = null, bool EntriesAreEstimated = false);
