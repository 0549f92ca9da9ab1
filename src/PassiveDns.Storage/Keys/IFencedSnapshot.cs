namespace PassiveDns.Storage.Keys;

/// <summary>A snapshot of an engine that knows of stretches of its rows when they were seen, and can pass over those that no fence lets through.</summary>
public interface IFencedSnapshot : IKeyedSnapshot
{
    /// <summary>
    /// Walks, in the order of the keys, over the entries of a range that may pass a fence: at least all that do, each with its whole merged history.
    /// <see cref="RowWalk"/> judges them; what is handed out needlessly costs time only.
    /// </summary>
    /// <param name="range">A range of any keyspace but <see cref="Keyspace.Sets"/>.</param>
    /// <param name="fence">The fence.</param>
    /// <returns>A cursor before the first entry.</returns>
    IKeyedCursor OpenFenced(KeyRange range, TimeFence fence);
}
