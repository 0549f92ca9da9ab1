namespace PassiveDns.Storage;

/// <summary>Answers questions about observations. Analyses see only this; a store of your own implements it.</summary>
public interface IObservationReader
{
    /// <summary>Reads the rows that a query asks for, page by page, in canonical key order.</summary>
    /// <remarks>
    /// The rows are those of one moment: whole batches only, and later writes neither block nor change the walk. The last page states how
    /// complete the answer is; there is always at least one page, empty if nothing is known.
    /// </remarks>
    /// <param name="query">The question.</param>
    /// <param name="cancellationToken">Ends the walk.</param>
    /// <exception cref="ArgumentException">The query's continuation belongs to another query or store, or is damaged.</exception>
    /// <exception cref="ObservationStoreException">The store failed.</exception>
    IAsyncEnumerable<RecordPage> ReadAsync(ObservationQuery query, CancellationToken cancellationToken = default);

    /// <summary>Tells what the store holds.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ObservationStoreException">The store failed.</exception>
    ValueTask<StoreStatus> GetStatusAsync(CancellationToken cancellationToken = default);
}
