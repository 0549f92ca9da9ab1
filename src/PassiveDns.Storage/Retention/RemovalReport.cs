namespace PassiveDns.Storage;

/// <summary>What a deletion or a retention took away, or would take away. All numbers are of RRset rows.</summary>
/// <param name="Rows">Rows looked at: all, or those among which everything lies that can go.</param>
/// <param name="Removed">Rows of them that are gone.</param>
/// <param name="Changed">Rows of them that stay but lost sightings or a witness; always 0 for a retention.</param>
public sealed record RemovalReport(long Rows, long Removed, long Changed)
{
    /// <summary>The entry of the ledger; <c>null</c> for a dry run and for a retention.</summary>
    public Deletion? Deletion { get; init; }
}
