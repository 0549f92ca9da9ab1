namespace PassiveDns.Capture.Tests;

/// <summary>Where the captures lie: a small part is committed; the whole collection is read where it is present beside the repository.</summary>
internal static class Corpus
{
    public static string Repository => Checkout.Folder;

    public static string Committed { get; } = Path.Combine(Repository, "tests", "Corpus", "pcap");

    /// <summary>The larger collection, or <c>null</c>.</summary>
    public static string? Shared { get; } = Checkout.FindShared("data");

    /// <summary>All captures as kind/file, committed ones first, each once.</summary>
    public static IEnumerable<string> Captures() =>
        new[] { Committed, Shared is null ? null : Path.Combine(Shared, "pcap") }
            .Where(root => root is not null)
            .SelectMany(root => Directory.EnumerateFiles(root!, "*", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(root!, file).Replace('\\', '/'))
                .Where(file => file.Contains('/', StringComparison.Ordinal) && !file.StartsWith("oracle/", StringComparison.Ordinal)
                    && !file.StartsWith("frames/", StringComparison.Ordinal)))
            .Distinct()
            .Order(StringComparer.Ordinal);

    public static string CapturePath(string name) => First(Path.Combine(Committed, name), Shared is null ? "" : Path.Combine(Shared, "pcap", name));

    public static string? OraclePath(string name) => Existing(
        Path.Combine(Committed, "oracle", name + ".json.gz"),
        Shared is null ? "" : Path.Combine(Shared, "oracle", "pcap", name + ".json.gz"),
        Shared is null ? "" : Path.Combine(Shared, "oracle", "pcap", name + ".json"));

    public static string? FramesPath(string name) => Existing(
        Path.Combine(Committed, "frames", Path.GetFileName(name) + ".tsv"),
        Shared is null ? "" : Path.Combine(Shared, "oracle", "frames", Path.GetFileName(name) + ".tsv"));

    /// <summary>A file of the larger collection; the test is skipped where it is absent.</summary>
    public static string RequireShared(string path)
    {
        if (Shared is null || !File.Exists(Path.Combine(Shared, path))) Assert.Skip($"{path} of the larger collection is not beside the repository.");
        return Path.Combine(Shared, path);
    }

    private static string First(params string[] paths) => Existing(paths) ?? throw new FileNotFoundException(paths[0]);

    private static string? Existing(params string[] paths) => paths.FirstOrDefault(File.Exists);
}
