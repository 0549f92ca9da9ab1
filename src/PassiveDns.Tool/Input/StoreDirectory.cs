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
        return IsEmbedded(directory) ? EmbeddedObservationStore.OpenReadOnly(directory) : RocksDbObservationStore.OpenReadOnly(directory);
    }

    /// <summary>Opens a store, and makes it if there is none.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="engine">The kind of a new store; one that exists stays what it is.</param>
    /// <exception cref="ObservationStoreException">It is in use, foreign or damaged.</exception>
    public static IObservationStore OpenForWriting(string directory, StoreEngine engine = StoreEngine.RocksDb) =>
        IsEmbedded(directory) || (engine == StoreEngine.Embedded && StoreMarker.KindOf(directory) is null)
            ? EmbeddedObservationStore.Open(directory)
            : RocksDbObservationStore.Open(directory);

    private static bool IsEmbedded(string directory) => StoreMarker.KindOf(directory) == EmbeddedObservationStore.MarkerKind;
}
