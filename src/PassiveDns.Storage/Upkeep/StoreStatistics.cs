namespace PassiveDns.Storage;

/// <summary>How a store is laid out, for those who run it.</summary>
public sealed record StoreStatistics
{
    /// <summary>The keyspaces, in their order.</summary>
    public required IReadOnlyList<KeyspaceStatistics> Keyspaces { get; init; }

    /// <summary>The tiers of files, lowest first: how often what is in them was merged. Empty for a store that has none or does not tell.</summary>
    public IReadOnlyList<TierStatistics> Tiers { get; init; } = [];

    /// <summary>Octets of memory that rows take which are in no sorted file yet.</summary>
    public long MemoryBytes { get; init; }

    /// <summary>Octets of logs.</summary>
    public long LogBytes { get; init; }

    /// <summary>Deletions that are in force (see <see cref="IStoreDeletion"/>).</summary>
    public int Deletions { get; init; }

    /// <summary>Files that still hold what a deletion hides; <see cref="IStoreMaintenance.CompactAsync"/> makes it none.</summary>
    public int FilesWithDeletedRows { get; init; }
}
