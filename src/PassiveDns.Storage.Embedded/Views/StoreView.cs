using PassiveDns.Storage.Embedded.Tables;

namespace PassiveDns.Storage.Embedded.Views;

/// <summary>
/// All tables of the store at one moment. A view never changes; each commit, flush and compaction publishes the next one. It holds its tables
/// as long as anybody holds it, so a walk goes on undisturbed while they are replaced.
/// </summary>
internal sealed class StoreView
{
    private int _holders = 1;

    /// <param name="tables">The tables; the view takes a hold of each.</param>
    /// <param name="firstSeen">The earliest sighting.</param>
    /// <param name="lastSeen">The latest sighting.</param>
    public StoreView(Table[] tables, long? firstSeen, long? lastSeen)
    {
        Tables = tables;
        FirstSeen = firstSeen;
        LastSeen = lastSeen;
        foreach (Table table in tables) table.Hold();
    }

    public Table[] Tables { get; }

    public long? FirstSeen { get; }

    public long? LastSeen { get; }

    /// <returns><c>false</c> if the last holder has let go already.</returns>
    public bool TryHold()
    {
        int holders = Volatile.Read(ref _holders);
        while (holders > 0)
        {
            int before = Interlocked.CompareExchange(ref _holders, holders + 1, holders);
            if (before == holders) return true;
            holders = before;
        }

        return false;
    }

    /// <summary>The same view, held once more.</summary>
    public StoreView Again() => TryHold() ? this : throw new ObjectDisposedException(nameof(EmbeddedObservationStore));

    public void Release()
    {
        if (Interlocked.Decrement(ref _holders) > 0) return;
        foreach (Table table in Tables) table.Release();
    }
}
