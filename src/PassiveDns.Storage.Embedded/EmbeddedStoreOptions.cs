namespace PassiveDns.Storage.Embedded;

/// <summary>How an <see cref="EmbeddedObservationStore"/> works.</summary>
public sealed class EmbeddedStoreOptions
{
    /// <summary>The least of <see cref="MemoryBytes"/>.</summary>
    public const long MinMemoryBytes = 16L << 20;

    /// <summary>
    /// The silence that separates two intervals of a row, in whole seconds: 24 hours or more, fixed when the store is made. <c>null</c> takes what
    /// an existing store has, and 48 hours for a new one.
    /// </summary>
    /// <value>Default <c>null</c>.</value>
    public TimeSpan? IntervalGap { get; set; }

    /// <summary>
    /// About how much memory the store may take, in octets, 16 MiB or more: nearly half of it for batches that are not written out in order yet,
    /// a quarter for unpacked blocks and pages of indexes and filters, the rest for what each table keeps, for merging, and for sorting and logging batches. Where those need more than that,
    /// in a large store, the first part gets less, down to an eighth. However long a batch is, the store holds no more of it at a time than that part has room for: what would
    /// take more than half of it goes into files of its own before it is acknowledged. The batch itself, which the caller has, and the system's page cache come on top.
    /// </summary>
    /// <value>Default 256 MiB.</value>
    public long MemoryBytes { get; set; } = 256L << 20;

    /// <summary>
    /// Whether reading goes on behind damage, to save what is left: <see cref="EmbeddedObservationStore.OpenReadOnly"/> then opens tables whose index is
    /// damaged by walking over their blocks, passes over what cannot be read, and lists it in <see cref="EmbeddedObservationStore.Damages"/>. Answers lack
    /// what was passed over without saying so: copy them into a new store, such as with <see cref="Merging.StoreMerge"/>, and give the damaged one up.
    /// The manifest and the ledger of deletions must be whole.
    /// </summary>
    /// <value>Default <c>false</c>: a question that meets damage fails.</value>
    public bool Salvage { get; set; }

    /// <summary>
    /// Is told, once for each, in one line of damage behind which the store goes on: a table that cannot be merged in the background, and what
    /// <see cref="Salvage"/> passes over. It is called from the thread that meets the damage, and must not throw.
    /// </summary>
    /// <value>Default <c>null</c>.</value>
    public Action<string>? DamageFound { get; set; }

    /// <summary>Octets of batches in memory before they are written out; tests make it small, so that much is written out and merged.</summary>
    internal long WriteBufferBytes
    {
        get => field > 0 ? field : MemoryBytes * 7 / 32;
        init;
    }

    internal long BlockCacheBytes => MemoryBytes / 4;
}
