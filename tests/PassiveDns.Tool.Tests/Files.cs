using System.Diagnostics.CodeAnalysis;

namespace PassiveDns.Tool.Tests;

/// <summary>Where the repository's sample and the shared data are, and directories that vanish after a test.</summary>
internal static class Files
{
    public static string Repository { get; } = FindRepository();

    public static string Sample(string name) => Path.Combine(Repository, "samples", "capture", name);

    /// <summary>A file of the data that is not part of the repository.</summary>
    public static bool TryFindShared(string path, [NotNullWhen(true)] out string? found)
    {
        found = new[] { Path.Combine(Repository, "..", "shared", path), Path.Combine(Repository, "..", "..", "shared", path) }
            .FirstOrDefault(candidate => File.Exists(candidate) || Directory.Exists(candidate));
        return found is not null;
    }

    private static string FindRepository()
    {
        DirectoryInfo? directory = new(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "PassiveDns.sln"))) directory = directory.Parent;
        return directory?.FullName ?? throw new InvalidOperationException("The tests must run inside the repository.");
    }
}
