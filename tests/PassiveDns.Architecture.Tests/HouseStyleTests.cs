using System.Text.RegularExpressions;

namespace PassiveDns.Architecture.Tests;

public sealed partial class HouseStyleTests
{
    public static TheoryData<string> Shipped_assemblies => Shipped.Names;

    [Fact]
    public void No_file_has_more_than_500_lines()
    {
        IEnumerable<string> files = Shipped.Files(".", ".cs", ".md", ".csproj", ".props", ".targets", ".sh", ".py", ".json", ".yml");
        Assert.Empty(files.Where(path => File.ReadLines(path).Count() > 500).Select(path => Path.GetRelativePath(Shipped.Repository, path)));
    }

    [Theory]
    [MemberData(nameof(Shipped_assemblies))]
    public void Types_are_named_after_nouns_of_the_field(string assembly)
    {
        IEnumerable<string> names = Shipped.Load(assembly).GetTypes().Where(t => !t.Name.Contains('<', StringComparison.Ordinal)).Select(t => t.Name.Split('`')[0]);
        Assert.DoesNotContain(names, name => EmptyWord().IsMatch(name));
    }

    [Theory]
    [MemberData(nameof(Shipped_assemblies))]
    public void A_file_holds_one_public_type_and_is_named_after_it(string assembly)
    {
        foreach (string path in Shipped.Files(Path.GetRelativePath(Shipped.Repository, Shipped.Folder(assembly)), ".cs"))
        {
            string[] types = [.. PublicType().Matches(File.ReadAllText(path)).Select(m => m.Groups["name"].Value).Distinct()];
            Assert.True(types.Length <= 1, $"{path} holds {string.Join(", ", types)}.");
            if (types.Length == 1) Assert.Equal(types[0], Path.GetFileName(path).Split('.')[0]);
        }
    }

    [Theory]
    [MemberData(nameof(Shipped_assemblies))]
    public void Classes_are_sealed_abstract_or_static(string assembly)
    {
        IEnumerable<Type> open = Shipped.Load(assembly).GetExportedTypes().Where(t => t.IsClass && !t.IsSealed && !t.IsAbstract);
        Assert.Empty(open);
    }

    [Theory]
    [MemberData(nameof(Shipped_assemblies))]
    public void A_package_has_a_page_with_the_usual_headings(string assembly)
    {
        string page = File.ReadAllText(Path.Combine(Shipped.Folder(assembly), "README.md"));
        string[] headings = [.. page.Split('\n').Where(line => line.StartsWith("## ", StringComparison.Ordinal)).Select(line => line[3..].Trim())];
        Assert.Equal(["About", "Key features", "How to use", "Main types"], headings.Take(4));
    }

    [GeneratedRegex("(Manager|Helper|Helpers|Util|Utils|Utility|Service|Base)$")]
    private static partial Regex EmptyWord();

    // At the start of a line: a nested type belongs to the file of the type around it.
    [GeneratedRegex(@"^public (?:(?:sealed|static|abstract|readonly|ref|partial|unsafe) )*(?:record struct|record class|record|class|struct|interface|enum) (?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex PublicType();
}
