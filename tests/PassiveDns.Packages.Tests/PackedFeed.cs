using System.IO.Compression;
using PassiveDns.Packages.Tests;

[assembly: AssemblyFixture(typeof(PackedFeed))]

namespace PassiveDns.Packages.Tests;

/// <summary>A folder into which <c>dotnet pack</c> has put all packages of this repository, as for a release.</summary>
public sealed class PackedFeed : IAsyncLifetime
{
    /// <summary>Where the checkout would have been cloned from: SourceLink needs a remote, and this checkout may have none.</summary>
    public const string Remote = "https://github.com/passivedns/passivedns";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pdns-feed-");

    public static string Repository => Checkout.Folder;

    public string Folder => _folder.FullName;

    /// <summary>The version of all packages.</summary>
    public string Version { get; private set; } = "";

    /// <summary>The ids of the packages of this repository: the projects under <c>src</c>.</summary>
    public static IReadOnlyList<string> Ids { get; } = [.. Directory.EnumerateFiles(Path.Combine(Repository, "src"), "*.csproj", SearchOption.AllDirectories).Select(p => Path.GetFileNameWithoutExtension(p)!).Order(StringComparer.Ordinal)];

    public static TheoryData<string> Packages => [.. Ids];

    public async ValueTask InitializeAsync()
    {
        string config = Directory.CreateDirectory(Path.Combine(Folder, "config", "git")).FullName;
        await File.WriteAllTextAsync(Path.Combine(config, "config"), $"[remote \"packages\"]\n\turl = {Remote}.git\n");
        await Command.RunAsync(
            Repository,
            new() { ["XDG_CONFIG_HOME"] = Path.GetDirectoryName(config)! },
            "dotnet", "pack", Path.Combine(Repository, "src", "Packages.slnf"), "-c", "Release", "-o", Path.Combine(Folder, "packages"), "-nodeReuse:false",
            "-p:RunAnalyzers=false", "-p:ContinuousIntegrationBuild=true", "-p:GitRepositoryRemoteName=packages",
            "-p:GitRepositoryConfigurationScope="); // a build server reads the checkout alone; this one also what was written above
        string core = Assert.Single(Directory.GetFiles(Path.Combine(Folder, "packages"), "PassiveDns.Core.*.nupkg"));
        Version = Path.GetFileNameWithoutExtension(core)["PassiveDns.Core.".Length..];
    }

    /// <summary>Opens a package of the feed.</summary>
    public ZipArchive Open(string id, string extension = "nupkg") => ZipFile.OpenRead(Path.Combine(Folder, "packages", $"{id}.{Version}.{extension}"));

    public ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return default;
    }
}
