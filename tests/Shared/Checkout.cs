namespace PassiveDns;

/// <summary>The checkout that the tests run in, and the larger data set that may lie beside it.</summary>
internal static class Checkout
{
    /// <summary>The root of the repository.</summary>
    public static string Folder { get; } = Above().FirstOrDefault(folder => File.Exists(Path.Combine(folder, "PassiveDns.sln")))
        ?? throw new InvalidOperationException("The tests must run inside a checkout of the repository.");

    /// <summary>Something in the <c>shared</c> folder beside the checkout, or <c>null</c>: the repository alone does not have it.</summary>
    /// <param name="path">Its path below that folder.</param>
    public static string? FindShared(string path) =>
        Above().Select(folder => Path.Combine(folder, "shared", path)).FirstOrDefault(found => File.Exists(found) || Directory.Exists(found));

    private static IEnumerable<string> Above()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent) yield return at.FullName;
    }
}
