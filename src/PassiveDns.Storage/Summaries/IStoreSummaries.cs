namespace PassiveDns.Storage;

/// <summary>What some stores offer: numbers and names of an answer without fetching its rows.</summary>
public interface IStoreSummaries
{
    /// <summary>Counts the rows of an answer and tells their times. All filters and budgets of the query hold; its limit does, too.</summary>
    /// <param name="query">The question.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentException">The query is malformed, or its continuation does not fit.</exception>
    /// <exception cref="ObservationStoreException">The store failed.</exception>
    ValueTask<AnswerSummary> SummarizeAsync(ObservationQuery query, CancellationToken cancellationToken = default);

    /// <summary>Lists the owner names that have rows in an answer. The query's limit counts names; its continuation goes on behind the last one.</summary>
    /// <param name="query">The question; its anchor is one of owner names (name, subtree, prefix, everything), since only there names stand in order.</param>
    /// <param name="cancellationToken">Ends the walk.</param>
    /// <exception cref="ArgumentException">The query is malformed, its anchor is another one, or its continuation does not fit.</exception>
    /// <exception cref="ObservationStoreException">The store failed.</exception>
    IAsyncEnumerable<NamePage> ReadNamesAsync(ObservationQuery query, CancellationToken cancellationToken = default);
}
