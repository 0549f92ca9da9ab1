using System.Globalization;
using System.Text.RegularExpressions;

namespace PassiveDns.Tests;

public sealed partial class PublicSuffixListTests
{
    /// <summary>The test file that comes with the list: <c>checkPublicSuffix('www.example.com', 'example.com')</c>.</summary>
    [Fact]
    public void The_list_passes_its_own_tests()
    {
        string? folder = Checkout.FindShared("data/names");
        Assert.SkipWhen(folder is null, "the public suffix list is not beside this checkout");
        PublicSuffixList list = PublicSuffixList.Load(Path.Combine(folder, "psl__public_suffix_list.dat"));
        Assert.True(list.Count > 9000);
        IdnMapping idn = new();
        int checks = 0;
        foreach (Match match in Check().Matches(File.ReadAllText(Path.Combine(folder, "psl__test_psl.txt"))))
        {
            string text = match.Groups[1].Value;
            if (text.StartsWith('.')) continue; // no name
            DomainName name = DomainName.Parse(idn.GetAscii(text));
            int labels = list.RegistrableLabels(name, includePrivate: true);
            string? expected = match.Groups[2].Success ? DomainName.Parse(idn.GetAscii(match.Groups[2].Value)).ToString() : null;
            Assert.True(expected == (labels == 0 ? null : name.Ancestor(labels).ToString()), text);
            checks++;
        }

        Assert.True(checks > 60);
    }

    [Fact]
    public void Rules_of_all_kinds_are_read()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "// ===BEGIN ICANN DOMAINS===\ncom\nuk\nco.uk\n*.ck\n!www.ck\n\n// ===BEGIN PRIVATE DOMAINS===\ngithub.io // a remark\n");
            PublicSuffixList list = PublicSuffixList.Load(path);
            Assert.Equal(2, list.RegistrableLabels(DomainName.Parse("a.b.example.com"), false));
            Assert.Equal(3, list.RegistrableLabels(DomainName.Parse("a.example.co.uk"), false));
            Assert.Equal(0, list.RegistrableLabels(DomainName.Parse("co.uk"), false));
            Assert.Equal(3, list.RegistrableLabels(DomainName.Parse("a.b.c.ck"), false));
            Assert.Equal(2, list.RegistrableLabels(DomainName.Parse("a.www.ck"), false));
            Assert.Equal(2, list.RegistrableLabels(DomainName.Parse("me.github.io"), false));
            Assert.Equal(3, list.RegistrableLabels(DomainName.Parse("a.me.github.io"), true));
            Assert.Equal(2, list.RegistrableLabels(DomainName.Parse("a.example.unknown"), false));
            Assert.Equal((0, 0), (list.RegistrableLabels(DomainName.Root, false), list.RegistrableLabels(DomainName.Parse("com"), false)));
            File.WriteAllText(path, "com\nexample..com\n");
            Assert.Contains("line 2", Assert.Throws<FormatException>(() => PublicSuffixList.Load(path)).Message);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Without_a_list_the_last_label_is_the_public_suffix()
    {
        Assert.Equal(2, PublicSuffixList.Empty.RegistrableLabels(DomainName.Parse("www.example.co.uk"), true));
        Assert.Equal(0, PublicSuffixList.Empty.RegistrableLabels(DomainName.Parse("uk"), true));
    }

    [GeneratedRegex(@"^checkPublicSuffix\('([^']+)', (?:null|'([^']+)')\);", RegexOptions.Multiline)]
    private static partial Regex Check();
}
