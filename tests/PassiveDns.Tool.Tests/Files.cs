using System.Diagnostics.CodeAnalysis;

namespace PassiveDns.Tool.Tests;

/// <summary>Where the repository's sample and the shared data are, and directories that vanish after a test.</summary>
internal static class Files
{
    public static string Repository => Checkout.Folder;

    public static string Sample(string name) => Path.Combine(Repository, "samples", "capture", name);

    /// <summary>A file of the data that is not part of the repository.</summary>
    public static bool TryFindShared(string path, [NotNullWhen(true)] out string? found)
    {
        found = Checkout.FindShared(path);
        return found is not null;
    }
}
