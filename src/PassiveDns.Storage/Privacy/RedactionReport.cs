namespace PassiveDns.Storage.Privacy;

/// <summary>The account of a <see cref="NameRedaction"/>: of the rows that came in, each went out or joined another one.</summary>
public sealed record RedactionReport
{
    /// <summary>Rows that came in.</summary>
    public long RowsIn { get; init; }

    /// <summary>Rows that were merged into another row of their batch, because they differed in nothing but what was cut away.</summary>
    public long RowsMerged { get; init; }

    /// <summary>What became of the names: stage <c>owner-names</c>, one for each row, and stage <c>data-names</c>, those in data that were cut.</summary>
    public IReadOnlyList<StageCount> Account { get; init; } = [];
}
