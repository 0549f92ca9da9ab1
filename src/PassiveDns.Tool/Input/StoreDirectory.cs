using PassiveDns.Storage;

namespace PassiveDns.Tool.Input;

/// <summary>Opens the store in a directory.</summary>
internal static class StoreDirectory
{
    /// <summary>Opens a store that exists; never makes one.</summary>
    /// <param name="directory">The directory.</param>
    public static IObservationStore OpenForReading(string directory) => throw new NotSupportedException(directory);
}
