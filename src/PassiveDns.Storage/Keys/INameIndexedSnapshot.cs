namespace PassiveDns.Storage.Keys;

/// <summary>A snapshot of an engine that knows, without walking over all rows, which owner names begin with some labels.</summary>
public interface INameIndexedSnapshot : IKeyedSnapshot
{
    /// <summary>
    /// Walks, in the order of the keys, over the entries of a range whose owner name may begin with some labels (see <see cref="QueryAnchor.NamePrefix"/>): at
    /// least all that do, each with its whole merged history. <see cref="RowWalk"/> judges them; what is handed out needlessly costs time only.
    /// </summary>
    /// <param name="range">A range of <see cref="Keyspace.Rrsets"/> or <see cref="Keyspace.Dnssec"/>.</param>
    /// <param name="labels">The labels, as a name.</param>
    /// <returns>A cursor before the first entry, or <c>null</c> where a walk over the whole range costs no more.</returns>
    IKeyedCursor? OpenNames(KeyRange range, DomainName labels);
}
