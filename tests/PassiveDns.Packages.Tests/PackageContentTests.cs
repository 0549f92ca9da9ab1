using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;
using System.Xml.Linq;

namespace PassiveDns.Packages.Tests;

/// <summary>What is in the packages.</summary>
public sealed class PackageContentTests(PackedFeed feed)
{
    // The kind of the debug information in which a compiler leaves the SourceLink map (Portable PDB v1.0, CustomDebugInformation).
    private static readonly Guid s_sourceLink = new("CC110556-A091-4D38-9FEC-25AB9A351A6A");

    public static TheoryData<string> Packages => PackedFeed.Packages;

    public static TheoryData<string> Libraries => [.. PackedFeed.Ids.Where(id => id != "PassiveDns.Tool")];

    [Theory]
    [MemberData(nameof(Packages))]
    public void A_package_says_what_it_is(string id)
    {
        using ZipArchive package = feed.Open(id);
        XElement metadata = Metadata(package);
        Assert.Equal(id, Value(metadata, "id"));
        Assert.Equal(feed.Version, Value(metadata, "version"));
        Assert.Equal("MIT", Value(metadata, "license"));
        Assert.False(string.IsNullOrWhiteSpace(Value(metadata, "description")));
        Assert.DoesNotContain("Package Description", Value(metadata, "description"), StringComparison.Ordinal);
        Assert.Contains("passive-dns", Value(metadata, "tags"), StringComparison.Ordinal);
        XElement repository = Child(metadata, "repository");
        Assert.Equal(("git", PackedFeed.Remote), (repository.Attribute("type")!.Value, TrimGit(repository.Attribute("url")!.Value)));
        Assert.Matches("^[0-9a-f]{40}$", repository.Attribute("commit")!.Value);

        ZipArchiveEntry readme = package.GetEntry(Value(metadata, "readme"))!;
        using StreamReader page = new(readme.Open());
        Assert.StartsWith($"# {id}", page.ReadToEnd(), StringComparison.Ordinal);
        using Stream icon = package.GetEntry(Value(metadata, "icon"))!.Open();
        byte[] signature = new byte[8];
        icon.ReadExactly(signature);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10], signature);
    }

    [Theory]
    [MemberData(nameof(Libraries))]
    public void A_library_brings_its_documentation_its_symbols_and_the_way_to_its_sources(string id)
    {
        using ZipArchive package = feed.Open(id), symbols = feed.Open(id, "snupkg");
        Assert.NotNull(package.GetEntry($"lib/net10.0/{id}.xml"));
        using PEReader assembly = new(Copy(package.GetEntry($"lib/net10.0/{id}.dll")!));
        Assert.Contains(assembly.ReadDebugDirectory(), entry => entry.Type == DebugDirectoryEntryType.Reproducible);
        using MetadataReaderProvider provider = MetadataReaderProvider.FromPortablePdbStream(Copy(symbols.GetEntry($"lib/net10.0/{id}.pdb")!));
        MetadataReader pdb = provider.GetMetadataReader();
        string map = Encoding.UTF8.GetString(pdb.GetBlobBytes(pdb.CustomDebugInformation.Select(pdb.GetCustomDebugInformation).Single(i => pdb.GetGuid(i.Kind) == s_sourceLink).Value));
        Assert.Contains("raw.githubusercontent.com/passivedns/passivedns/", map, StringComparison.Ordinal);

        // No path of the machine that built it: the same commit gives the same octets anywhere.
        Assert.All(pdb.Documents.Select(d => pdb.GetString(pdb.GetDocument(d).Name)), path => Assert.StartsWith("/_", path, StringComparison.Ordinal));
    }

    /// <summary>What a package depends on stands in the table of docs/packages.md, and nothing else does.</summary>
    [Fact]
    public void The_dependencies_are_those_of_the_documented_table()
    {
        Dictionary<string, string[]> documented = File.ReadLines(Path.Combine(PackedFeed.Repository, "docs", "packages.md"))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Where(cells => cells.Length == 5 && cells[1].StartsWith("`PassiveDns", StringComparison.Ordinal))
            .ToDictionary(cells => cells[1].Trim('`'), cells => cells[2] == "none" ? [] : cells[2].Split(", ").Select(d => d.Trim('`')).Order(StringComparer.Ordinal).ToArray(), StringComparer.Ordinal);
        Assert.Equal(PackedFeed.Ids, documented.Keys.Order(StringComparer.Ordinal));
        foreach (string id in PackedFeed.Ids)
        {
            using ZipArchive package = feed.Open(id);
            IEnumerable<string> dependencies = Metadata(package).Descendants().Where(e => e.Name.LocalName == "dependency").Select(e => e.Attribute("id")!.Value);
            Assert.Equal((id, string.Join(", ", documented[id])), (id, string.Join(", ", dependencies.Order(StringComparer.Ordinal))));
        }
    }

    [Fact]
    public void All_projects_of_the_source_folder_are_packed()
    {
        string filter = File.ReadAllText(Path.Combine(PackedFeed.Repository, "src", "Packages.slnf"));
        Assert.All(PackedFeed.Ids, id => Assert.Contains($"\\\\{id}.csproj\"", filter, StringComparison.Ordinal));
        Assert.Equal(PackedFeed.Ids.Count, Directory.GetFiles(Path.Combine(feed.Folder, "packages"), "*.nupkg").Length);
    }

    private static MemoryStream Copy(ZipArchiveEntry entry)
    {
        using Stream packed = entry.Open();
        MemoryStream copy = new();
        packed.CopyTo(copy);
        copy.Position = 0;
        return copy;
    }

    private static XElement Metadata(ZipArchive package)
    {
        using Stream nuspec = package.Entries.Single(e => e.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        return Child(XDocument.Load(nuspec).Root!, "metadata");
    }

    private static XElement Child(XElement parent, string name) => parent.Elements().Single(e => e.Name.LocalName == name);

    private static string Value(XElement metadata, string name) => Child(metadata, name).Value;

    private static string TrimGit(string url) => url.EndsWith(".git", StringComparison.Ordinal) ? url[..^4] : url;
}
