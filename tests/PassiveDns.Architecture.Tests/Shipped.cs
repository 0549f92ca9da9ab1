using System.Reflection;

namespace PassiveDns.Architecture.Tests;

/// <summary>The packages of this repository: their assemblies, which others of them each may know, and their folders.</summary>
internal static class Shipped
{
    private static readonly string[] s_all =
        ["PassiveDns.Core", "PassiveDns.Capture", "PassiveDns.Aggregation", "PassiveDns.Storage", "PassiveDns.Storage.Embedded", "PassiveDns", "PassiveDns.Capture.Live", "PassiveDns.Storage.RocksDb", "PassiveDns.Storage.Parquet", "PassiveDns.Analysis"];

    /// <summary>Who may know whom. Each row may be shortened without asking; a new entry is a decision about the architecture.</summary>
    public static IReadOnlyDictionary<string, string[]> Arrows { get; } = new Dictionary<string, string[]>
    {
        ["PassiveDns.Core"] = [],
        ["PassiveDns.Capture"] = ["PassiveDns.Core"],
        ["PassiveDns.Aggregation"] = ["PassiveDns.Core"],
        ["PassiveDns.Storage"] = ["PassiveDns.Core"],
        ["PassiveDns.Storage.Embedded"] = ["PassiveDns.Core", "PassiveDns.Storage"],
        ["PassiveDns.Analysis"] = ["PassiveDns.Core", "PassiveDns.Storage"],
        ["PassiveDns"] = ["PassiveDns.Core", "PassiveDns.Capture", "PassiveDns.Aggregation", "PassiveDns.Storage", "PassiveDns.Storage.Embedded"],
        ["PassiveDns.Storage.Parquet"] = ["PassiveDns.Core", "PassiveDns.Storage"],
        ["PassiveDns.Storage.RocksDb"] = ["PassiveDns.Core", "PassiveDns.Storage", "PassiveDns.Storage.Embedded", "PassiveDns"],
        ["PassiveDns.Capture.Live"] = ["PassiveDns.Core", "PassiveDns.Capture", "PassiveDns"],
        ["PassiveDns.Storage.Conformance"] = ["PassiveDns.Core", "PassiveDns.Storage"],
        ["pdns"] = s_all,
    };

    public static string Repository => Checkout.Folder;

    public static TheoryData<string> Names => [.. Arrows.Keys];

    public static Assembly Load(string name) => Assembly.LoadFrom(Path.Combine(AppContext.BaseDirectory, name + ".dll"));

    public static string Folder(string assembly) => Path.Combine(Repository, "src", assembly == "pdns" ? "PassiveDns.Tool" : assembly);

    /// <summary>Files that people wrote: none of a build's, none of the corpora that tests read.</summary>
    public static IEnumerable<string> Files(string folder, params string[] extensions) =>
        Directory.EnumerateFiles(Path.Combine(Repository, folder), "*", SearchOption.AllDirectories).Where(path =>
            extensions.Contains(Path.GetExtension(path))
            && !Path.GetRelativePath(Repository, path).Split(Path.DirectorySeparatorChar).Any(part => part is "artifacts" or "bin" or "obj" or ".git" or "Corpus"));
}
