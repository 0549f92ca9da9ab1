using System.Reflection;
using System.Runtime.CompilerServices;
using System.Xml.Linq;

namespace PassiveDns.Architecture.Tests;

public sealed class ArrowTests
{
    public static TheoryData<string> Shipped_assemblies => Shipped.Names;

    [Theory]
    [MemberData(nameof(Shipped_assemblies))]
    public void An_assembly_knows_only_whom_it_may_know(string assembly)
    {
        IEnumerable<string> known = Shipped.Load(assembly).GetReferencedAssemblies().Select(a => a.Name!).Where(Shipped.Arrows.ContainsKey);
        Assert.Empty(known.Except(Shipped.Arrows[assembly]));
    }

    [Theory]
    [MemberData(nameof(Shipped_assemblies))]
    public void A_project_refers_only_to_whom_it_may_know(string assembly)
    {
        string project = Assert.Single(Directory.GetFiles(Shipped.Folder(assembly), "*.csproj"));
        IEnumerable<string> references = XDocument.Load(project).Descendants("ProjectReference").Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value.Replace('\\', '/')));
        Assert.Empty(references.Except(Shipped.Arrows[assembly]));
    }

    [Fact]
    public void The_arrows_have_no_cycle()
    {
        foreach ((string from, string[] all) in Shipped.Arrows)
        {
            foreach (string to in all) Assert.DoesNotContain(from, Shipped.Arrows[to]);
        }
    }

    [Fact]
    public void Every_package_of_the_source_folder_is_in_these_tests()
    {
        IEnumerable<string> projects = Directory.GetFiles(Path.Combine(Shipped.Repository, "src"), "*.csproj", SearchOption.AllDirectories).Select(p => Path.GetDirectoryName(p)!);
        Assert.Equal(Shipped.Arrows.Keys.Select(Shipped.Folder).Order(), projects.Order());
    }

    [Theory]
    [InlineData("PassiveDns.Core")]
    [InlineData("PassiveDns.Capture", "ZstdSharp")] // captures are often packed with Zstandard, which the framework cannot read
    [InlineData("PassiveDns.Aggregation")]
    [InlineData("PassiveDns.Storage")]
    public void The_rooms_need_nothing_but_the_framework(string assembly, params string[] allowed)
    {
        IEnumerable<string> foreign = Shipped.Load(assembly).GetReferencedAssemblies().Select(a => a.Name!)
            .Where(name => !Shipped.Arrows.ContainsKey(name) && !name.StartsWith("System.", StringComparison.Ordinal) && name is not ("System" or "Microsoft.Win32.Primitives"));
        Assert.Empty(foreign.Except(allowed));
    }

    [Theory]
    [MemberData(nameof(Shipped_assemblies))]
    public void No_assembly_opens_its_internals_to_a_shipped_one(string assembly)
    {
        IEnumerable<string> friends = Shipped.Load(assembly).GetCustomAttributes<InternalsVisibleToAttribute>().Select(f => f.AssemblyName.Split(',')[0]);
        Assert.Empty(friends.Intersect(Shipped.Arrows.Keys));
    }
}
