using System.Globalization;

namespace PassiveDns.Storage.Embedded.Files;

/// <summary>The names of the files of a store.</summary>
/// <param name="directory">The directory, absolute.</param>
internal sealed class StoreFiles(string directory)
{
    public string Directory { get; } = directory;

    public string Manifest => Path.Combine(Directory, "MANIFEST");

    public string ManifestDraft => Path.Combine(Directory, "MANIFEST.new");

    public string Deletions => Path.Combine(Directory, "DELETIONS");

    public string DeletionsDraft => Path.Combine(Directory, "DELETIONS.new");

    public string Lock => Path.Combine(Directory, "LOCK");

    public string Table(long number) => Path.Combine(Directory, string.Create(CultureInfo.InvariantCulture, $"{number:d8}.table"));

    public string Log(long number) => Path.Combine(Directory, string.Create(CultureInfo.InvariantCulture, $"{number:d8}.log"));

    /// <summary>The numbers of all tables that are there, in no order.</summary>
    public IEnumerable<long> TableNumbers() => Numbers("*.table");

    /// <summary>The numbers of all logs that are there, rising.</summary>
    public long[] LogNumbers() => [.. Numbers("*.log").Order()];

    /// <summary>Octets of all files.</summary>
    public long CountOctets()
    {
        long octets = 0;
        foreach (FileInfo file in new DirectoryInfo(Directory).EnumerateFiles())
        {
            try
            {
                octets += file.Length;
            }
            catch (FileNotFoundException)
            {
                // a compaction has just cleared it away
            }
        }

        return octets;
    }

    private IEnumerable<long> Numbers(string pattern)
    {
        foreach (string file in System.IO.Directory.EnumerateFiles(Directory, pattern))
        {
            if (long.TryParse(Path.GetFileNameWithoutExtension(file), NumberStyles.None, CultureInfo.InvariantCulture, out long number)) yield return number;
        }
    }
}
