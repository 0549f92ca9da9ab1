using PassiveDns.Storage.Embedded.Tables;

namespace PassiveDns.Storage.Embedded.Views;

/// <summary>Batches in memory that are on their way into a file, and what the manifest will say when they are there.</summary>
/// <param name="Tables">Their tables.</param>
/// <param name="NextLog">The first log with batches that are not among them.</param>
/// <param name="Ledger">All batches applied up to then.</param>
/// <param name="FirstSeen">The earliest sighting up to then.</param>
/// <param name="LastSeen">The latest sighting up to then.</param>
internal sealed record SealedMemory(
    MemoryTable[] Tables, long NextLog, IReadOnlyList<(byte[] Key, byte[] Ranges)> Ledger, long? FirstSeen, long? LastSeen);
