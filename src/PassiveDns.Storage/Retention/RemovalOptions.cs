namespace PassiveDns.Storage;

/// <summary>How rows are taken away.</summary>
public sealed record RemovalOptions
{
    /// <summary>Whether what would go is only counted.</summary>
    public bool DryRun { get; init; }

    /// <summary>What to write down with a deletion, such as the number of a case; at most <see cref="Deletion.MaxNoteLength"/> characters, kept in clear.</summary>
    public string Note { get; init; } = "";

    /// <summary>Is told how many rows were looked at, or <c>null</c>.</summary>
    public IProgress<StoreProgress>? Progress { get; init; }
}
