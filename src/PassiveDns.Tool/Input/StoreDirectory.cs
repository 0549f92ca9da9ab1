using PassiveDns.Storage;
using PassiveDns.Storage.Embedded;
using PassiveDns.Storage.RocksDb;

namespace PassiveDns.Tool.Input;

/// <summary>Opens the store in a directory, whichever of the two kinds it is; its marker tells.</summary>
internal static class StoreDirectory
{
    /// <summary>Opens a store that exists, as it is now; never makes one, and works while an import writes into it.</summary>
    /// <param name="directory">The directory.</param>
    /// <exception cref="ObservationStoreException">There is none, or it is foreign or damaged.</exception>
    public static IObservationStore OpenForReading(string directory)
    {
        if (!Path.Exists(directory))
            throw ToolException.Failed($"{directory}: there is no such directory; import a capture first: pdns import FILE --store {directory}");
        return IsRocksDb(directory) ? RocksDbObservationStore.OpenReadOnly(directory) : EmbeddedObservationStore.OpenReadOnly(directory);
    }

    /// <summary>Opens what is left of a damaged store.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="damageFound">Is told what is passed over.</param>
    /// <exception cref="ObservationStoreException">There is none, or what holds it together is lost.</exception>
    public static IObservationStore OpenForSalvage(string directory, Action<string> damageFound) =>
        IsRocksDb(directory)
            ? throw ToolException.Failed($"{directory}: nothing is passed over in a RocksDB store: repair it with the tools of RocksDB")
            : EmbeddedObservationStore.OpenReadOnly(directory, new() { Salvage = true, DamageFound = damageFound });

    /// <summary>Opens a store, and makes it if there is none.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="engine">The kind of a new store; one that exists stays what it is.</param>
    /// <exception cref="ObservationStoreException">It is in use, foreign or damaged.</exception>
    public static IObservationStore OpenForWriting(string directory, StoreEngine engine = StoreEngine.Embedded) =>
        IsRocksDb(directory) || (engine == StoreEngine.RocksDb && StoreMarker.KindOf(directory) is null)
            ? RocksDbObservationStore.Open(directory)
            : EmbeddedObservationStore.Open(directory);

    /// <summary>Opens a store that exists, for work on it; never makes one.</summary>
    /// <param name="directory">The directory.</param>
    /// <exception cref="ObservationStoreException">It is in use, foreign or damaged.</exception>
    public static IObservationStore OpenExistingForWriting(string directory)
    {
        if (StoreMarker.KindOf(directory) is null) OpenForReading(directory).DisposeAsync().AsTask().GetAwaiter().GetResult(); // says what is wrong
        return OpenForWriting(directory);
    }

    /// <summary>Opens a store in the way in which it can be backed up: the managed one beside a writer, too, RocksDB only as its writer.</summary>
    /// <param name="directory">The directory.</param>
    public static IObservationStore OpenForBackup(string directory) =>
        IsEmbedded(directory) || StoreMarker.KindOf(directory) is null ? OpenForReading(directory) : OpenForWriting(directory);

    /// <summary>What a store offers beside reading and writing.</summary>
    /// <param name="store">The store.</param>
    /// <param name="directory">Its directory, for the message.</param>
    /// <exception cref="ToolException">It does not offer it.</exception>
    public static T Offered<T>(IObservationStore store, string directory)
        where T : class => store as T ?? throw ToolException.Failed($"{directory}: this kind of store cannot do that");

    /// <summary>Checks every file of a store. Of RocksDB, which checks its checksums as it reads, all rows are read.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="progress">Is told how far it has come.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async ValueTask<VerificationReport> VerifyAsync(string directory, IProgress<StoreProgress> progress, CancellationToken cancellationToken)
    {
        if (!Path.Exists(directory)) throw ToolException.Failed($"{directory}: there is no such directory");
        string? kind = StoreMarker.KindOf(directory);
        bool isEmbedded = kind == EmbeddedObservationStore.MarkerKind || (kind is null && File.Exists(Path.Combine(directory, "MANIFEST")));
        if (isEmbedded) return await EmbeddedObservationStore.VerifyAsync(directory, progress, cancellationToken);
        long bytes = 0, rows = 0;
        List<string> damages = [];
        try
        {
            await using RocksDbObservationStore store = RocksDbObservationStore.OpenReadOnly(directory);
            bytes = (await store.GetStatusAsync(cancellationToken)).Bytes;
            ObservationQuery[] all = [.. s_everyKeyspace.Select(anchor => new ObservationQuery(anchor) { Types = TypeSelection.All, Provenance = ProvenanceSelection.All })];
            foreach (ObservationQuery query in all)
            {
                await foreach (RecordPage page in store.ReadAsync(query, cancellationToken)) rows += page.Rows.Count;
            }
        }
        catch (ObservationStoreException damage) when (kind is not null && !damage.IsTransient)
        {
            damages.Add(damage.Message);
        }

        return new([new VerifiedFile("all rows of RocksDB", bytes, rows, damages)]);
    }

    private static readonly QueryAnchor[] s_everyKeyspace =
    [
        new QueryAnchor.Everything(), new QueryAnchor.Target(DomainName.Root, IncludeSubtree: true),
        QueryAnchor.Network(System.Net.IPNetwork.Parse("0.0.0.0/0")), QueryAnchor.Network(System.Net.IPNetwork.Parse("::/0")),
    ];

    /// <summary>Makes a new store of a backup.</summary>
    /// <param name="backup">The backup.</param>
    /// <param name="directory">A new or empty directory.</param>
    /// <param name="deletions">Deletions that must be in force.</param>
    /// <param name="progress">Is told how far it has come.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async ValueTask<BackupReport> RestoreAsync(
        string backup, string directory, IReadOnlyList<Deletion> deletions, IProgress<StoreProgress> progress, CancellationToken cancellationToken)
    {
        if (!Path.Exists(backup)) throw ToolException.Failed($"{backup}: there is no such directory; name a backup that pdns backup made");
        return StoreMarker.KindOf(backup) == RocksDbObservationStore.MarkerKind
            ? await RocksDbObservationStore.RestoreAsync(backup, directory, deletions, cancellationToken)
            : await EmbeddedObservationStore.RestoreAsync(backup, directory, deletions, progress, cancellationToken);
    }

    /// <summary>The deletions in force in a store. Of the managed kind only the one file that has them need be whole.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async ValueTask<IReadOnlyList<Deletion>> ReadDeletionsAsync(string directory, CancellationToken cancellationToken)
    {
        if (Path.Exists(directory) && StoreMarker.KindOf(directory) != RocksDbObservationStore.MarkerKind && Path.Exists(Path.Combine(directory, "DELETIONS")))
        {
            return EmbeddedObservationStore.ReadDeletions(directory);
        }

        await using IObservationStore store = OpenForReading(directory);
        return await Offered<IStoreDeletion>(store, directory).GetDeletionsAsync(cancellationToken);
    }

    private static bool IsEmbedded(string directory) => StoreMarker.KindOf(directory) == EmbeddedObservationStore.MarkerKind;

    private static bool IsRocksDb(string directory) => StoreMarker.KindOf(directory) == RocksDbObservationStore.MarkerKind;
}
