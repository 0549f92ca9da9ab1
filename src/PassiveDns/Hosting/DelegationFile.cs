using PassiveDns.Aggregation;

namespace PassiveDns;

/// <summary>What a run has learnt of zones and servers, as a file for the next run.</summary>
internal static class DelegationFile
{
    /// <summary>Whether there is something to start from. Only a file that is kept may be missing.</summary>
    public static bool IsThere(PassiveDnsOptions options) => options.DelegationsFile is { } path && (!options.KeepDelegations || File.Exists(path));

    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="FormatException">It is no such file, or damaged.</exception>
    public static DelegationSnapshot Load(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return DelegationSnapshot.Load(stream);
    }

    /// <summary>Writes beside the file and moves into its place, so that it is never half of one.</summary>
    public static async ValueTask SaveAsync(DelegationSnapshot learnt, string path)
    {
        string part = path + ".part";
        using (MemoryStream octets = new())
        {
            learnt.Save(octets);
            await File.WriteAllBytesAsync(part, octets.ToArray()).ConfigureAwait(false);
        }

        File.Move(part, path, overwrite: true);
    }
}
