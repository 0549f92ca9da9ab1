namespace PassiveDns.Storage.Privacy;

/// <summary>How much of a store is published.</summary>
public sealed record PublicationReport
{
    /// <summary>Owner names in the store.</summary>
    public long Names { get; init; }

    /// <summary>Those that are held back: under their registrable domain, and below the thresholds.</summary>
    public long NamesHeldBack { get; init; }

    /// <summary>Rows in the store.</summary>
    public long Rows { get; init; }

    /// <summary>Rows that are held back: of such names, or with such a name in their data.</summary>
    public long RowsHeldBack { get; init; }
}
