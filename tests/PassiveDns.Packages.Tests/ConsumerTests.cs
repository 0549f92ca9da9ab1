namespace PassiveDns.Packages.Tests;

/// <summary>What people do with the packages, with the packages as they would come from a feed.</summary>
public sealed class ConsumerTests(PackedFeed feed) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pdns-consumer-");

    private static string Sample => Path.Combine(PackedFeed.Repository, "samples", "capture");

    [Fact]
    public async Task A_new_project_outside_the_repository_embeds_the_packages_with_a_store_of_its_own()
    {
        string project = Path.Combine(_folder.FullName, "Consumer");
        Dictionary<string, string> environment = UseFeed();
        await Command.RunAsync(_folder.FullName, environment, "dotnet", "new", "console", "-o", project, "--no-restore");
        string file = Path.Combine(project, "Consumer.csproj");
        string[] references = [$"<PackageReference Include=\"PassiveDns\" Version=\"{feed.Version}\" />", $"<PackageReference Include=\"Microsoft.Extensions.Hosting\" Version=\"{HostingVersion()}\" />"];
        string text = await File.ReadAllTextAsync(file);
        await File.WriteAllTextAsync(file, text.Replace(
            "</Project>",
            $"<PropertyGroup><TreatWarningsAsErrors>true</TreatWarningsAsErrors><AnalysisLevel>latest-recommended</AnalysisLevel></PropertyGroup><ItemGroup>{string.Concat(references)}</ItemGroup></Project>",
            StringComparison.Ordinal));
        foreach (string source in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Consumer"))) File.Copy(source, Path.Combine(project, Path.GetFileName(source)), overwrite: true);

        await Command.RunAsync(project, environment, "dotnet", "build", "-nodeReuse:false");
        string output = await Command.RunAsync(project, environment, "dotnet", "run", "--no-build", "--", Sample);
        Assert.Contains("462 responses, ", output, StringComparison.Ordinal);
        Assert.Contains(" rows, 0 imbalances", output, StringComparison.Ordinal);
        Assert.Contains("www.example.com. A 192.0.2.80", output, StringComparison.Ordinal);
        Assert.Contains("www.example.com. A 198.51.100.80", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_tool_is_installed_from_a_feed_and_imports_and_answers()
    {
        Dictionary<string, string> environment = UseFeed();
        string tools = Path.Combine(_folder.FullName, "tools"), store = Path.Combine(_folder.FullName, "store");
        await Command.RunAsync(_folder.FullName, environment, "dotnet", "tool", "install", "PassiveDns.Tool", "--tool-path", tools, "--version", feed.Version);
        string pdns = Path.Combine(tools, OperatingSystem.IsWindows() ? "pdns.exe" : "pdns");
        Assert.StartsWith($"pdns {feed.Version}", await Command.RunAsync(_folder.FullName, environment, pdns, "--version"), StringComparison.Ordinal);
        await Command.RunAsync(Sample, environment, pdns, "import", "sample.pcapng", "--store", store, "--resolvers", "resolvers", "--root-hints", "root.hints");
        string answer = await Command.RunAsync(_folder.FullName, environment, pdns, "lookup", "www.example.com", "--store", store, "--json");
        Assert.Contains("198.51.100.80", answer, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>
    /// The feed beside the sources that this machine has anyway. Packages are unpacked into a folder of the test's, so that an earlier build of the same version
    /// is never taken for this one; those of others come from where this build has them already.
    /// </summary>
    private Dictionary<string, string> UseFeed()
    {
        string global = Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } chosen
            ? chosen
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        File.WriteAllText(Path.Combine(_folder.FullName, "nuget.config"), $"""
            <configuration>
              <packageSources><add key="packed" value="{Path.Combine(feed.Folder, "packages")}" /></packageSources>
              <fallbackPackageFolders><add key="global" value="{global}" /></fallbackPackageFolders>
            </configuration>
            """);
        return new() { ["NUGET_PACKAGES"] = Path.Combine(_folder.FullName, "unpacked") };
    }

    // The version with which this repository is tested stands in one place.
    private static string HostingVersion() => System.Xml.Linq.XDocument.Load(Path.Combine(PackedFeed.Repository, "Directory.Packages.props"))
        .Descendants("PackageVersion").Single(e => e.Attribute("Include")!.Value == "Microsoft.Extensions.Hosting").Attribute("Version")!.Value;
}
