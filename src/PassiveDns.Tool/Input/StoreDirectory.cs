using PassiveDns.Storage;
using PassiveDns.Storage.Memory;

namespace PassiveDns.Tool.Input;

/// <summary>Opens the store in a directory.</summary>
internal static class StoreDirectory
{
    private static readonly Dictionary<string, MemoryObservationStore> Tmp = [];

    /// <summary>Opens a store that exists; never makes one.</summary>
    /// <param name="directory">The directory.</param>
    public static IObservationStore OpenForReading(string directory) => new FirstImportStore(Tmp[directory], "");

    /// <summary>Opens a store, and makes it if there is none.</summary>
    /// <param name="directory">The directory.</param>
    public static IObservationStore OpenForWriting(string directory) { if (!Tmp.ContainsKey(directory)) Tmp[directory] = new(); return new FirstImportStore(Tmp[directory], ""); }
}
