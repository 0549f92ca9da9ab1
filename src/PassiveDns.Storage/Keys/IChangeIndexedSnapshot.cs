namespace PassiveDns.Storage.Keys;

/// <summary>A snapshot of an engine that knows, without walking over all rows, which of them changed in a window of time.</summary>
public interface IChangeIndexedSnapshot : IKeyedSnapshot
{
    /// <summary>
    /// Walks, in the order of the keys, over the entries of a range that may have an interval that begins or ends in a window: at least all that have
    /// one, each with its whole merged history. <see cref="RowWalk"/> judges them; what is handed out needlessly costs time only.
    /// </summary>
    /// <param name="range">A range of <see cref="Keyspace.Rrsets"/>.</param>
    /// <param name="window">The window.</param>
    /// <returns>A cursor before the first entry.</returns>
    IKeyedCursor OpenChanged(KeyRange range, ChangeWindow window);
}
