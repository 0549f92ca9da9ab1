using RocksDbSharp;

namespace PassiveDns.Storage.RocksDb;

/// <summary>Turns what RocksDB reports into one line that names the directory and the mend.</summary>
internal static class StoreFailure
{
    public static ObservationStoreException From(string path, RocksDbSharpException failure)
    {
        string text = failure.Message.ReplaceLineEndings(" ").Trim();
        if (Has("While lock file") || Has("lock hold by")) // not just "lock": a damaged block has it, too
        {
            return new(
                $"{path} is in use by another process (or opened twice in this one): wait until that ends, or open the store for reading only.", true, failure);
        }

        if (Has("No space left")) return new($"{path}: the disk is full ({text}): make room and try again.", true, failure);
        if (Has("Permission denied")) return new($"{path}: access was denied ({text}): give this user the right to read and write it.", false, failure);
        if (Has("Corruption") || Has("No such file") || Has("checksum") || Has("Invalid argument"))
        {
            return new($"{path} is damaged ({text}): restore it from a backup or build it anew from the captures.", false, failure);
        }

        return new($"{path}: RocksDB reports {text}: check the disk, then open the store again.", Has("Busy") || Has("TimedOut") || Has("TryAgain"), failure);

        bool Has(string part) => text.Contains(part, StringComparison.OrdinalIgnoreCase);
    }
}
